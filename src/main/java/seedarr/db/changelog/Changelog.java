package seedarr.db.changelog;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import liquibase.Scope;
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
import liquibase.ui.LoggerUIService;
import seedarr.db.Refusal;

/**
 * The changelog on disk.
 *
 * @param folder what the changelog's paths are relative to; nothing outside of it is read
 * @param file the master changelog, relative to the folder
 * @param parsed what was parsed for each kind of database, once for all of a command's changes
 */
public record Changelog(Path folder, String file, Map<String, DatabaseChangeLog> parsed) {

    /** Makes one of which nothing is read yet. */
    public Changelog(Path folder, String file) {
        this(folder, file, new HashMap<>());
    }

    /** Returns the changelog's revisions, oldest first, for a kind of database; opens none. */
    public List<Revision> revisions(String kind) {
        return RevisionIndex.read(this, kind).orElseGet(() -> inLiquibase(() -> parsedRevisions(kind)));
    }

    /** Returns the revisions as Liquibase finds them. To be called in {@link #inLiquibase}. */
    List<Revision> parsedRevisions(String kind) throws Exception {
        DatabaseChangeLog changelog = parse(kind);
        boolean isAlone =
                RevisionChangeSet.checks(changelog.getPreconditions()).findAny().isEmpty();
        // Which changes count for the checksum depends on the scope's database.
        return Scope.child(
                Map.of(Scope.Attr.database.name(), unconnected(kind)),
                () -> changelog.getChangeSets().stream()
                        .map(changeSet -> RevisionChangeSet.revision(changeSet, kind, isAlone))
                        .toList());
    }

    /**
     * Returns the changelog for Liquibase to run. It is parsed for that only where a precondition is more than a check by SQL.
     * To be called in {@link #inLiquibase}.
     */
    public DatabaseChangeLog toRun(List<Revision> revisions, String kind) throws LiquibaseException {
        if (!revisions.stream().allMatch(Revision::isComplete)) {
            return parse(kind);
        }
        DatabaseChangeLog changelog = new DatabaseChangeLog(file);
        revisions.forEach(revision -> changelog.addChangeSet(new RevisionChangeSet(revision, changelog)));
        return changelog;
    }

    /** Parses the changelog for a kind of database, once. To be called in {@link #inLiquibase}. */
    private DatabaseChangeLog parse(String kind) throws LiquibaseException {
        if (parsed.containsKey(kind)) {
            return parsed.get(kind);
        }
        DatabaseChangeLog changelog = parse(file, new ChangelogProperties(kind));
        Set<String> names = new HashSet<>();
        for (ChangeSet changeSet : changelog.getChangeSets()) {
            if (!names.add(changeSet.getId())) {
                throw Refusal.failed(
                        changeSet.getId() + " is in the changelog twice",
                        "leaving one of them in " + folder.resolve(file));
            }
        }
        parsed.put(kind, changelog);
        return changelog;
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

    /** Parses one file with what it includes, whatever its form. To be called in {@link #inLiquibase}. */
    public static DatabaseChangeLog parse(String path, ChangeLogParameters properties) throws LiquibaseException {
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
            Map<String, Object> values = Map.ofEntries(
                    Map.entry(Scope.Attr.serviceLocator.name(), new SqlOnlyServiceLocator()),
                    Map.entry(Scope.Attr.resourceAccessor.name(), new FolderOnly(folder)),
                    Map.entry(Scope.Attr.ui.name(), new LoggerUIService()),
                    Map.entry("liquibase.analytics.enabled", false),
                    Map.entry("liquibase.supportPropertyEscaping", true));
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

    static Database unconnected(String kind) {
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
