package seedarr.db.migrate;

import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
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
import liquibase.precondition.CustomPreconditionWrapper;
import liquibase.precondition.Precondition;
import liquibase.precondition.PreconditionLogic;
import liquibase.sql.Sql;
import liquibase.sqlgenerator.SqlGeneratorFactory;
import liquibase.ui.LoggerUIService;
import seedarr.db.Refusal;
import seedarr.db.database.Session;
import seedarr.db.database.Target;
import seedarr.db.schema.ModelDifference;

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

    /** Changes that run a program or a class, or write into the terminal. */
    private static final Set<String> OTHER_THAN_SQL = Set.of("executeCommand", "customChange", "output");

    /** Returns the changelog's revisions, oldest first, with the checksums for a kind of database; opens none. */
    public List<Revision> revisions(String kind) {
        return RevisionIndex.read(RevisionIndex.ofProgram(), this, kind)
                .map(RevisionIndex::revisions)
                .orElseGet(() -> inLiquibase(() -> parsedRevisions(kind)));
    }

    /** Returns the revisions as Liquibase finds them. To be called in {@link #inLiquibase}. */
    List<Revision> parsedRevisions(String kind) throws Exception {
        Database database = unconnected(kind);
        return revisions(parse(database), database);
    }

    /** Returns every fault of the changelog: of its form, and of its revisions, each of which is proved. Opens no database. */
    public List<Fault> faults() {
        List<Fault> faults = new ArrayList<>(Form.faultsOf(this));
        try {
            faults.addAll(Proof.faultsOf(this));
        } catch (Refusal refusal) {
            if (Session.isStopping()) {
                throw refusal;
            }
            if (faults.isEmpty()) {
                faults.add(Fault.of(file, refusal.getMessage(), refusal.remedy()));
            }
        }
        return faults;
    }

    /** Writes a new revision with its SQL to be filled in, and includes it; returns its file. */
    public Path write(String message) {
        return new RevisionFile(this).write(message);
    }

    /**
     * Writes a new revision that makes the schema of a model, and includes it.
     *
     * @param database what to compare; without it, a scratch database at the last revision
     * @return the file and what is in it; empty where nothing differs
     */
    public Optional<Generated> generate(String message, Optional<Target> database, Target model) {
        ModelDifference difference = database.map(target -> {
                    refuseUnlessUpToDate(target);
                    return difference(target, model);
                })
                .orElseGet(() -> {
                    try (Scratch scratch = new Scratch(this)) {
                        scratch.run(state -> state.up(Revision.HEAD));
                        return difference(scratch.target(), model);
                    }
                });
        if (difference.up().isEmpty()) {
            return difference.notDone().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Generated(Optional.empty(), difference));
        }
        return Optional.of(new Generated(Optional.of(new RevisionFile(this).write(message, difference)), difference));
    }

    /**
     * What was generated.
     *
     * @param file empty where nothing could be done
     */
    public record Generated(Optional<Path> file, ModelDifference difference) {}

    private void refuseUnlessUpToDate(Target target) {
        if (!new Migrations(this, target).state().isUpToDate()) {
            throw Refusal.failed(
                    target + " is not up to date, so its differences are not those of the model",
                    "seedarr-db status, to see what is missing");
        }
    }

    private static ModelDifference difference(Target database, Target model) {
        for (Target target : List.of(database, model)) {
            if (!target.kind().equals("sqlite")) {
                throw Refusal.usage(
                        target + " cannot be compared: only SQLite databases can", "create_all on a SQLite file");
            }
        }
        try (Session before = database.read(Duration.ofSeconds(5));
                Session after = model.read(Duration.ofSeconds(5))) {
            if (!Catalogue.hasTablesOfAnApplication(after.connection())) {
                throw Refusal.failed(
                        model + (model.isThere() ? " has no tables" : " is not there"),
                        "create_all on it first, see README");
            }
            return ModelDifference.between(before.connection(), after.connection(), Catalogue.TOOLS);
        } catch (SQLException e) {
            throw model.explain(e);
        }
    }

    /** Returns the revision that a name or a unique prefix means; see {@link State#find}. */
    public Revision find(String name, String kind) {
        return State.of(revisions(kind), List.of()).find(name);
    }

    /** Returns the SQL of one revision for a kind of database, up or down: each statement with a semicolon. */
    public List<String> statements(Revision revision, Plan.Direction direction, String kind) {
        return inLiquibase(() -> {
            Database database = unconnected(kind);
            return statements(changeSet(parse(database), revision), direction, database);
        });
    }

    /** Returns the SQL of every revision, by its name. */
    Map<String, List<String>> statements(Plan.Direction direction, String kind) {
        return inLiquibase(() -> {
            Database database = unconnected(kind);
            Map<String, List<String>> statements = new LinkedHashMap<>();
            for (ChangeSet changeSet : parse(database).getChangeSets()) {
                statements.put(changeSet.getId(), statements(changeSet, direction, database));
            }
            return statements;
        });
    }

    static ChangeSet changeSet(DatabaseChangeLog changelog, Revision revision) {
        return changelog.getChangeSets().stream()
                .filter(candidate -> candidate.getId().equals(revision.name()))
                .findFirst()
                .orElseThrow();
    }

    /** Returns a changeset's own statements, without its tag, each with a semicolon and a line break. */
    static List<String> statements(ChangeSet changeSet, Plan.Direction direction, Database database) {
        List<String> statements = new ArrayList<>();
        List<Change> changes = direction == Plan.Direction.UP
                ? changeSet.getChanges()
                : changeSet.getRollback().getChanges();
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
            refuseUnplannable(changeSet);
        }
        return changelog;
    }

    /** What would make Liquibase do something else than each revision once, whole, or not at all. */
    private static void refuseUnplannable(ChangeSet changeSet) {
        Map<String, Boolean> settings = new LinkedHashMap<>();
        settings.put("runInTransaction: false", !changeSet.isRunInTransaction());
        settings.put("failOnError: false", Boolean.FALSE.equals(changeSet.getFailOnError()));
        settings.put("runAlways: true", changeSet.isAlwaysRun());
        settings.put("runOnChange: true", changeSet.isRunOnChange());
        settings.put("ignore: true", changeSet.isIgnore());
        settings.put(
                "dbms",
                changeSet.getDbmsSet() != null && !changeSet.getDbmsSet().isEmpty());
        settings.put("a context", !changeSet.getContextFilter().isEmpty());
        settings.forEach((setting, isSet) -> {
            if (isSet) {
                throw Refusal.failed(
                        changeSet.getId() + " has " + setting + ", but a revision is applied once, whole or not at all",
                        "removing it from " + changeSet.getFilePath());
            }
        });
        refuseClasses(changeSet.getPreconditions(), changeSet);
        Stream.concat(changeSet.getChanges().stream(), changeSet.getRollback().getChanges().stream())
                .map(Change::getSerializedObjectName)
                .filter(OTHER_THAN_SQL::contains)
                .forEach(change -> {
                    throw Refusal.failed(
                            changeSet.getId() + " has " + change + ", but a revision runs SQL and nothing else",
                            "removing it from " + changeSet.getFilePath());
                });
    }

    private static void refuseClasses(PreconditionLogic preconditions, ChangeSet changeSet) {
        if (preconditions == null) {
            return;
        }
        for (Precondition precondition : preconditions.getNestedPreconditions()) {
            if (precondition instanceof CustomPreconditionWrapper) {
                throw Refusal.failed(
                        changeSet.getId() + " has customPrecondition, but a revision runs SQL and nothing else",
                        "a sqlCheck in its place, in " + changeSet.getFilePath());
            }
            if (precondition instanceof PreconditionLogic more) {
                refuseClasses(more, changeSet);
            }
        }
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
                    changeSet.generateCheckSum(ChecksumVersion.latest()).toString(),
                    changeSet.getLabels() != null
                            && changeSet.getLabels().getLabels().contains("destructive")));
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
        Log.OF_LIQUIBASE.setLevel(Level.OFF);
        ignoreEnvironment();
        try {
            Map<String, Object> values = Map.of(
                    Scope.Attr.resourceAccessor.name(),
                    new FolderOnly(folder),
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

    /** A LIQUIBASE_… variable could rename the history table or put a script in the place of a rollback. */
    private static void ignoreEnvironment() {
        LiquibaseConfiguration configuration = Scope.getCurrentScope().getSingleton(LiquibaseConfiguration.class);
        List.copyOf(configuration.getProviders()).stream()
                .filter(EnvironmentValueProvider.class::isInstance)
                .forEach(configuration::unregisterProvider);
    }

    static Database unconnected(String kind) {
        return switch (kind) {
            case "sqlite" -> new SQLiteDatabase();
            case "postgresql" -> new PostgresDatabase();
            default -> throw new IllegalArgumentException(kind);
        };
    }
}
