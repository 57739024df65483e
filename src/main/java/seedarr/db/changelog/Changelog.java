package seedarr.db.changelog;

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
import liquibase.configuration.LiquibaseConfiguration;
import liquibase.configuration.core.EnvironmentValueProvider;
import liquibase.database.Database;
import liquibase.database.DatabaseList;
import liquibase.database.core.PostgresDatabase;
import liquibase.database.core.SQLiteDatabase;
import liquibase.exception.DatabaseException;
import liquibase.exception.LiquibaseException;
import liquibase.parser.ChangeLogParserFactory;
import liquibase.sql.Sql;
import liquibase.sqlgenerator.SqlGeneratorFactory;
import liquibase.ui.LoggerUIService;
import seedarr.db.Refusal;
import seedarr.db.sql.ExecutedSql;

/**
 * The changelog on disk.
 *
 * @param folder what the changelog's paths are relative to; nothing outside of it is read
 * @param file the master changelog, relative to the folder
 */
public record Changelog(Path folder, String file) {

    /** Keeps Liquibase's logger from being collected, and with it the level. In a class of its own, for those that only read. */
    private static final class Log {
        static final Logger OF_LIQUIBASE = Logger.getLogger("liquibase");
    }

    /** Returns the changelog's revisions, oldest first, for a kind of database; opens none. */
    public List<Revision> revisions(String kind) {
        return RevisionIndex.read(RevisionIndex.ofProgram(), this, kind)
                .orElseGet(() -> inLiquibase(() -> parsedRevisions(kind)));
    }

    /** Returns the revisions as Liquibase finds them. To be called in {@link #inLiquibase}. */
    List<Revision> parsedRevisions(String kind) throws Exception {
        Database database = unconnected(kind);
        DatabaseChangeLog changelog = parse(database);
        // Which changes count for the checksum depends on the scope's database.
        return Scope.child(
                Map.of(Scope.Attr.database.name(), database),
                () -> changelog.getChangeSets().stream()
                        .map(changeSet -> revision(changeSet, database))
                        .toList());
    }

    private static Revision revision(ChangeSet changeSet, Database database) {
        return new Revision(
                changeSet.getId(),
                changeSet.getAuthor(),
                changeSet.getFilePath(),
                changeSet.getComments() == null ? "" : changeSet.getComments().strip(),
                changeSet.generateCheckSum(ChecksumVersion.latest()).toString(),
                changeSet.getLabels() != null
                        && changeSet.getLabels().getLabels().contains("destructive"),
                statements(changeSet.getChanges(), database),
                statements(changeSet.getRollback().getChanges(), database),
                schemaStatements(changeSet.getChanges()),
                schemaStatements(changeSet.getRollback().getChanges()));
    }

    /** Returns what SQLite runs of changes; but for rows, which leave no schema, and may take long. */
    private static List<String> schemaStatements(List<Change> changes) {
        return statements(changes, unconnected("sqlite")).stream()
                .filter(ExecutedSql::changesSchema)
                .toList();
    }

    public static ChangeSet changeSet(DatabaseChangeLog changelog, Revision revision) {
        return changelog.getChangeSets().stream()
                .filter(candidate -> candidate.getId().equals(revision.name()))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the statements of changes, without those of a tag, each with a semicolon and a line break. */
    private static List<String> statements(List<Change> changes, Database database) {
        List<String> statements = new ArrayList<>();
        for (Change change : changes) {
            boolean isOfAnotherDatabase = change instanceof DbmsTargetedChange targeted
                    && !DatabaseList.definitionMatches(targeted.getDbms(), database, true);
            if (!isOfAnotherDatabase && !(change instanceof TagDatabaseChange)) {
                for (Sql statement : SqlGeneratorFactory.getInstance().generateSql(change, database)) {
                    statements.add(statement.toSql() + ";\n");
                }
            }
        }
        return statements;
    }

    /** Parses the changelog for a database, connected or not. To be called in {@link #inLiquibase}. */
    public DatabaseChangeLog parse(Database database) throws LiquibaseException {
        DatabaseChangeLog changelog = parse(file, database);
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
            Unplannable.refuse(changeSet);
        }
        return changelog;
    }

    /** Returns the changesets of one file, whatever their form. To be called in {@link #inLiquibase}. */
    public List<ChangeSet> changeSets(String path) throws LiquibaseException {
        return parse(path, unconnected("sqlite")).getChangeSets();
    }

    private static DatabaseChangeLog parse(String path, Database database) throws LiquibaseException {
        var resources = Scope.getCurrentScope().getResourceAccessor();
        return ChangeLogParserFactory.getInstance()
                .getParser(path, resources)
                .parse(path, new ChangeLogParameters(database), resources);
    }

    /** Work that Liquibase does. */
    public interface Work<T> {
        T run() throws Exception;
    }

    /**
     * Runs work in Liquibase's scope with everything off that would reach the network, the terminal or files outside the
     * folder. Refusals come through as they are.
     */
    public <T> T inLiquibase(Work<T> work) {
        Log.OF_LIQUIBASE.setLevel(Level.OFF);
        ignoreEnvironment();
        try {
            Map<String, Object> values = Map.of(
                    Scope.Attr.serviceLocator.name(),
                    new SqlOnlyServiceLocator(),
                    Scope.Attr.resourceAccessor.name(),
                    new FolderOnly(folder),
                    Scope.Attr.ui.name(),
                    new LoggerUIService(),
                    "liquibase.analytics.enabled",
                    false);
            return Scope.child(values, work::run);
        } catch (FileNotFoundException e) {
            throw Refusal.failed(
                    "the folder of the changelog is missing: " + folder, "--defaults-file, to name another");
        } catch (Exception e) {
            throw LiquibaseFailure.translate(e, this);
        }
    }

    /** Returns Liquibase's view of an open database, all of whose work stays in the one open transaction. */
    public static Database connected(String kind, Connection connection) throws SQLException, DatabaseException {
        Database database = unconnected(kind);
        database.setConnection(new OneTransactionConnection(connection));
        return database;
    }

    /** A LIQUIBASE_… variable could rename the history table or put a script in the place of a rollback. */
    private static void ignoreEnvironment() {
        LiquibaseConfiguration configuration = Scope.getCurrentScope().getSingleton(LiquibaseConfiguration.class);
        List.copyOf(configuration.getProviders()).stream()
                .filter(EnvironmentValueProvider.class::isInstance)
                .forEach(configuration::unregisterProvider);
    }

    public static Database unconnected(String kind) {
        return switch (kind) {
            case "sqlite" -> new SQLiteDatabase();
            case "postgresql" -> new PostgresDatabase();
            default -> throw new IllegalArgumentException(kind);
        };
    }
}
