package seedarr.db.changelog;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import liquibase.ChecksumVersion;
import liquibase.Scope;
import liquibase.change.AbstractSQLChange;
import liquibase.change.Change;
import liquibase.change.core.TagDatabaseChange;
import liquibase.changelog.ChangeLogParameters;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.configuration.LiquibaseConfiguration;
import liquibase.configuration.core.EnvironmentValueProvider;
import liquibase.database.AbstractJdbcDatabase;
import liquibase.database.Database;
import liquibase.database.core.PostgresDatabase;
import liquibase.database.core.SQLiteDatabase;
import liquibase.exception.DatabaseException;
import liquibase.exception.LiquibaseException;
import liquibase.exception.PreconditionFailedException;
import liquibase.parser.ChangeLogParserFactory;
import liquibase.sqlgenerator.SqlGeneratorFactory;
import liquibase.ui.LoggerUIService;
import seedarr.db.Refusal;
import seedarr.db.sql.ExecutedSql;
import seedarr.db.sql.OwnedNames;

/**
 * The changelog on disk.
 *
 * @param folder what the changelog's paths are relative to; nothing outside of it is read
 * @param file the master changelog, relative to the folder
 */
public record Changelog(Path folder, String file) {

    /** Returns the changelog's revisions, oldest first, for a kind of database; opens none. */
    public List<Revision> revisions(String kind) {
        return RevisionIndex.read(this, kind).orElseGet(() -> inLiquibase(() -> parsedRevisions(kind)));
    }

    /** Returns the revisions as Liquibase finds them. To be called in {@link #inLiquibase}. */
    List<Revision> parsedRevisions(String kind) throws Exception {
        Database database = unconnected(kind);
        DatabaseChangeLog changelog = parse(kind);
        // Which changes count for the checksum depends on the scope's database.
        return Scope.child(
                Map.of(Scope.Attr.database.name(), database),
                () -> changelog.getChangeSets().stream()
                        .map(changeSet -> revision(changeSet, kind))
                        .toList());
    }

    private static Revision revision(ChangeSet changeSet, String kind) {
        List<Change> changes = changeSet.getChanges();
        List<Change> rollback = changeSet.getRollback().getChanges();
        String id = changeSet.getId();
        return new Revision(
                id,
                changeSet.getAuthor(),
                changeSet.getFilePath(),
                changeSet.getComments() == null ? "" : changeSet.getComments().strip(),
                changeSet.generateCheckSum(ChecksumVersion.latest()).toString(),
                changeSet.getLabels() != null
                        && changeSet.getLabels().getLabels().contains("destructive"),
                statements(changes, kind),
                statements(rollback, kind),
                schemaStatements(Gaps.ofSchema(changeSet, changes, kind)),
                schemaStatements(Gaps.ofSchema(changeSet, rollback, kind)),
                Gaps.of(changeSet, true, kind, id).stream().findFirst().orElse(""),
                // Without any, nothing runs: that it has none is said when it is undone.
                rollback.stream()
                                .allMatch(change ->
                                        !(change instanceof AbstractSQLChange sql) || "empty".equals(sql.getSql()))
                        ? ""
                        : Gaps.of(changeSet, false, kind, id).stream()
                                .findFirst()
                                .orElse(""));
    }

    /** Returns what SQLite runs of changes; but for rows, which leave no schema, and may take long. */
    private static List<String> schemaStatements(List<Change> changes) {
        return statements(changes, "sqlite").stream()
                .filter(sql -> ExecutedSql.words(sql).stream().limit(1).anyMatch(OwnedNames.STATEMENTS::contains))
                .toList();
    }

    /** Returns the statements of changes, without those of a tag, each with a semicolon and a line break. */
    static List<String> statements(List<Change> changes, String kind) {
        Database database = unconnected(kind);
        return changes.stream()
                .filter(change -> !(change instanceof TagDatabaseChange) && Gaps.isFor(change, kind))
                .flatMap(change -> Stream.of(SqlGeneratorFactory.getInstance().generateSql(change, database)))
                .map(statement -> statement.toSql() + ";\n")
                .toList();
    }

    /** Parses the changelog for a kind of database. To be called in {@link #inLiquibase}. */
    public DatabaseChangeLog parse(String kind) throws LiquibaseException {
        DatabaseChangeLog changelog = parse(file, new ChangelogProperties(kind));
        Set<String> names = new HashSet<>();
        for (ChangeSet changeSet : changelog.getChangeSets()) {
            if (!names.add(changeSet.getId())) {
                throw Refusal.failed(
                        changeSet.getId() + " is in the changelog twice",
                        "leaving one of them in " + folder.resolve(file));
            }
            // Nobody could say beforehand what Liquibase will do.
            unplannable(changeSet).forEach(setting -> {
                throw Refusal.failed(
                        changeSet.getId() + " has " + setting + ", but a revision is applied once, whole or not at all",
                        "removing it from " + changeSet.getFilePath());
            });
        }
        return changelog;
    }

    /** Returns the settings, as in its file, by which a changeset is not applied once and whole, or runs other SQL. */
    public static List<String> unplannable(ChangeSet changeSet) {
        return Stream.of(
                        changeSet.isRunInTransaction() ? "" : "runInTransaction: false",
                        Boolean.FALSE.equals(changeSet.getFailOnError()) ? "failOnError: false" : "",
                        changeSet.isAlwaysRun() ? "runAlways: true" : "",
                        changeSet.isRunOnChange() ? "runOnChange: true" : "",
                        changeSet.isIgnore() || changeSet.isInheritableIgnore() ? "ignore: true" : "",
                        changeSet.getSerializableFieldValue("dbms") == null ? "" : "dbms",
                        changeSet.getContextFilter().isEmpty() ? "" : "a context",
                        changeSet.getRunWith() == null ? "" : "runWith",
                        changeSet.getSqlVisitors().isEmpty() ? "" : "modifySql")
                .filter(setting -> !setting.isEmpty())
                .toList();
    }

    /** Returns the properties of the whole changelog, as far as it can be parsed. To be called in {@link #inLiquibase}. */
    public ChangeLogParameters properties(String kind) {
        var properties = new ChangelogProperties(kind);
        try {
            parse(file, properties);
        } catch (LiquibaseException | Refusal e) {
            // Each file is parsed alone as well, and then says what is wrong with it.
        }
        return properties;
    }

    /** Returns the changesets of one file, whatever their form. To be called in {@link #inLiquibase}. */
    public List<ChangeSet> changeSets(String path, ChangeLogParameters properties) throws LiquibaseException {
        return parse(path, properties).getChangeSets();
    }

    private static DatabaseChangeLog parse(String path, ChangeLogParameters properties) throws LiquibaseException {
        var resources = Scope.getCurrentScope().getResourceAccessor();
        return ChangeLogParserFactory.getInstance().getParser(path, resources).parse(path, properties, resources);
    }

    /** Returns what the precondition of the first revision says of a database; empty where it holds. */
    public Optional<Refusal> failedPrecondition(String kind, Connection connection) {
        return inLiquibase(() -> {
            DatabaseChangeLog changelog = parse(kind);
            ChangeSet first = changelog.getChangeSets().get(0);
            try {
                if (first.getPreconditions() != null) {
                    first.getPreconditions().check(connected(kind, connection), changelog, first, null);
                }
                return Optional.empty();
            } catch (PreconditionFailedException e) {
                return Optional.of(LiquibaseFailure.translate(e, this));
            }
        });
    }

    /**
     * Runs work in Liquibase's scope with everything off that would reach the network, the terminal or files outside the
     * folder. Refusals come through as they are.
     */
    public <T> T inLiquibase(Callable<T> work) {
        try {
            Map<String, Object> values = Map.of(
                    Scope.Attr.serviceLocator.name(),
                    new SqlOnlyServiceLocator(),
                    Scope.Attr.resourceAccessor.name(),
                    new FolderOnly(folder),
                    Scope.Attr.ui.name(),
                    new LoggerUIService(),
                    "liquibase.analytics.enabled",
                    false,
                    "liquibase.supportPropertyEscaping",
                    true);
            // A LIQUIBASE_… variable could rename the history table or put a script in the place of a rollback.
            Scope.getCurrentScope()
                    .getSingleton(LiquibaseConfiguration.class)
                    .removeProvider(new EnvironmentValueProvider());
            return Scope.child(values, work::call);
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

    private static Database unconnected(String kind) {
        AbstractJdbcDatabase database = kind.equals("sqlite")
                ? new SQLiteDatabase()
                : new PostgresDatabase() {
                    @Override
                    public void rollback() throws DatabaseException {
                        // The original sets the search path for the session, which outlives the transaction.
                        getConnection().rollback();
                    }
                };
        // Or Liquibase makes its tables where they are there in small letters.
        database.setCaseSensitive(false);
        return database;
    }
}
