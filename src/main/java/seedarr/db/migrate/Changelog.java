package seedarr.db.migrate;

import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import liquibase.ChecksumVersion;
import liquibase.Scope;
import liquibase.change.Change;
import liquibase.change.DbmsTargetedChange;
import liquibase.change.core.TagDatabaseChange;
import liquibase.changelog.ChangeLogParameters;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.database.Database;
import liquibase.database.DatabaseList;
import liquibase.database.core.PostgresDatabase;
import liquibase.database.core.SQLiteDatabase;
import liquibase.exception.DatabaseException;
import liquibase.exception.LiquibaseException;
import liquibase.parser.ChangeLogParserFactory;
import liquibase.resource.DirectoryResourceAccessor;
import liquibase.sql.Sql;
import liquibase.sqlgenerator.SqlGeneratorFactory;
import liquibase.ui.LoggerUIService;
import seedarr.db.Refusal;

/**
 * The changelog on disk.
 *
 * @param folder what the changelog's paths are relative to; nothing outside of it is read
 * @param file the master changelog, relative to the folder
 */
public record Changelog(Path folder, String file) {

    /** Keeps Liquibase's logger from being collected, and with it the level. */
    private static final Logger LIQUIBASE_LOG = Logger.getLogger("liquibase");

    /** Returns the changelog's revisions, oldest first, with the checksums for a kind of database; opens none. */
    public List<Revision> revisions(String kind) {
        return inLiquibase(() -> {
            Database database = unconnected(kind);
            return revisions(parse(database), database);
        });
    }

    /** Returns the revision that a name or a unique prefix means; see {@link State#find}. */
    public Revision find(String name, String kind) {
        return new State(revisions(kind), List.of()).find(name);
    }

    /** Returns the SQL of one revision for a kind of database, up or down. Statements end with a semicolon. */
    public String sql(Revision revision, Plan.Direction direction, String kind) {
        return inLiquibase(() -> {
            Database database = unconnected(kind);
            ChangeSet changeSet = parse(database).getChangeSets().stream()
                    .filter(candidate -> candidate.getId().equals(revision.name()))
                    .findFirst()
                    .orElseThrow();
            StringBuilder sql = new StringBuilder();
            List<Change> changes = direction == Plan.Direction.UP
                    ? changeSet.getChanges()
                    : changeSet.getRollback().getChanges();
            for (Change change : changes) {
                boolean isOfAnotherDatabase = change instanceof DbmsTargetedChange targeted
                        && !DatabaseList.definitionMatches(targeted.getDbms(), database, true);
                if (isOfAnotherDatabase || change instanceof TagDatabaseChange) {
                    continue;
                }
                for (Sql statement : SqlGeneratorFactory.getInstance().generateSql(change, database)) {
                    sql.append(statement.toSql()).append(";\n");
                }
            }
            return sql.toString();
        });
    }

    /** Parses the changelog for a database, connected or not. To be called in {@link #inLiquibase}. */
    DatabaseChangeLog parse(Database database) throws LiquibaseException {
        var resources = Scope.getCurrentScope().getResourceAccessor();
        DatabaseChangeLog changelog = ChangeLogParserFactory.getInstance()
                .getParser(file, resources)
                .parse(file, new ChangeLogParameters(database), resources);
        if (changelog.getChangeSets().isEmpty()) {
            throw Refusal.failed("the changelog has no revisions", "adding one to " + folder.resolve(file));
        }
        Set<String> names = new HashSet<>();
        for (ChangeSet changeSet : changelog.getChangeSets()) {
            if (!names.add(changeSet.getId())) {
                throw Refusal.failed(
                        changeSet.getId() + " is in the changelog twice",
                        "leaving one of them in " + folder.resolve(file));
            }
            if (!changeSet.isRunInTransaction()) {
                throw Refusal.failed(
                        changeSet.getId() + " has runInTransaction: false, but every command is one transaction",
                        "removing it from " + changeSet.getFilePath());
            }
        }
        return changelog;
    }

    static List<Revision> revisions(DatabaseChangeLog changelog, Database database) throws Exception {
        // Which changes count for the checksum depends on the scope's database.
        return Scope.child(Map.of(Scope.Attr.database.name(), database), () -> revisions(changelog));
    }

    private static List<Revision> revisions(DatabaseChangeLog changelog) {
        List<Revision> revisions = new ArrayList<>();
        for (ChangeSet changeSet : changelog.getChangeSets()) {
            revisions.add(new Revision(
                    changeSet.getId(),
                    changeSet.getAuthor(),
                    changeSet.getFilePath(),
                    changeSet.getComments() == null
                            ? ""
                            : changeSet.getComments().strip(),
                    changeSet.generateCheckSum(ChecksumVersion.latest()).toString()));
        }
        return revisions;
    }

    /** Work that Liquibase does. */
    interface Work<T> {
        T run() throws Exception;
    }

    /**
     * Runs work in Liquibase's scope with everything off that would reach the network, the terminal or files outside the
     * folder. Refusals come through as they are.
     */
    <T> T inLiquibase(Work<T> work) {
        if (LIQUIBASE_LOG.getLevel() == null) {
            LIQUIBASE_LOG.setLevel(Level.OFF);
        }
        try {
            Map<String, Object> values = Map.of(
                    Scope.Attr.resourceAccessor.name(),
                    new DirectoryResourceAccessor(folder),
                    Scope.Attr.ui.name(),
                    new LoggerUIService(),
                    "liquibase.analytics.enabled",
                    false,
                    // The lock was looked at before; a second look may not wait.
                    "liquibase.changelogLockWaitTimeInMinutes",
                    0);
            return Scope.child(values, work::run);
        } catch (FileNotFoundException e) {
            throw Refusal.failed(
                    "the folder of the changelog is missing: " + folder, "--defaults-file, to name another");
        } catch (Exception e) {
            throw LiquibaseFailure.translate(e, this);
        }
    }

    /** Returns Liquibase's view of an open database, all of whose work stays in the one open transaction. */
    static Database connected(String kind, Connection connection) throws SQLException, DatabaseException {
        Database database = unconnected(kind);
        database.setConnection(new OneTransactionConnection(connection));
        return database;
    }

    private static Database unconnected(String kind) {
        return switch (kind) {
            case "sqlite" -> new SQLiteDatabase();
            case "postgresql" -> new PostgresDatabase();
            default -> throw new IllegalArgumentException(kind);
        };
    }
}
