package seedarr.db.changelog;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import liquibase.exception.ServiceNotFoundException;
import liquibase.servicelocator.StandardServiceLocator;

/**
 * Offers Liquibase what a changelog of SQL needs, and its history table, and nothing else. So a changelog cannot run a
 * program, a class or a shell, for there is no such change; no host name is looked up, for Liquibase's lock service does
 * that; and the introspection of all that is not there costs no time.
 */
final class SqlOnlyServiceLocator extends StandardServiceLocator {

    /** Also that of Liquibase's YAML parser. Kept, for with a logger that is collected goes its level. */
    private static final Logger LOGGER = Logger.getLogger("liquibase");

    SqlOnlyServiceLocator() {
        LOGGER.setLevel(Level.OFF);
    }

    @Override
    public <T> List<T> findInstances(Class<T> type) throws ServiceNotFoundException {
        // The package, then the classes, all that there are of a kind; empty where all of Liquibase's own are.
        String offered = switch (type.getName()) {
            case "liquibase.change.Change" ->
                "liquibase.change.core RawSQLChange SQLFileChange TagDatabaseChange EmptyChange";
            case "liquibase.precondition.Precondition" ->
                "liquibase.precondition.core SqlPrecondition AndPrecondition NotPrecondition OrPrecondition";
            case "liquibase.database.Database" -> "liquibase.database.core SQLiteDatabase PostgresDatabase";
            case "liquibase.parser.ChangeLogParser" -> "seedarr.db.changelog RevisionParser";
            case "liquibase.changelog.ChangeLogHistoryService" -> "liquibase.changelog StandardChangeLogHistoryService";
            // Without AddColumnGeneratorSQLite: for what an old history table lacks, it makes that table anew.
            case "liquibase.sqlgenerator.SqlGenerator" ->
                "liquibase.sqlgenerator.core RawSqlGenerator RawParameterizedSqlGenerator TagDatabaseGenerator"
                        + " CreateDatabaseChangeLogTableGenerator CreateDatabaseChangeLogLockTableGenerator"
                        + " InitializeDatabaseChangeLogLockTableGenerator CreateTableGenerator AddColumnGenerator"
                        + " ModifyDataTypeGenerator SetNullableGenerator SelectFromDatabaseChangeLogGenerator"
                        + " GetNextChangeSetSequenceValueGenerator MarkChangeSetRanGenerator"
                        + " RemoveChangeSetRanStatusGenerator InsertGenerator UpdateGenerator DeleteGenerator";
            default -> "";
        };
        String[] names = offered.split(" ");
        List<T> instances = new ArrayList<>();
        try {
            for (int i = 1; i < names.length; i++) {
                Class<?> found = Class.forName(names[0] + "." + names[i]);
                instances.add(type.cast(found.getDeclaredConstructor().newInstance()));
            }
        } catch (ReflectiveOperationException e) {
            throw new ServiceNotFoundException(e);
        }
        return instances.isEmpty() ? super.findInstances(type) : instances;
    }
}
