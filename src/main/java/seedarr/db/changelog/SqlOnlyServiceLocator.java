package seedarr.db.changelog;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import liquibase.change.Change;
import liquibase.change.core.EmptyChange;
import liquibase.change.core.RawSQLChange;
import liquibase.change.core.SQLFileChange;
import liquibase.change.core.TagDatabaseChange;
import liquibase.database.Database;
import liquibase.database.core.PostgresDatabase;
import liquibase.database.core.SQLiteDatabase;
import liquibase.exception.ServiceNotFoundException;
import liquibase.parser.ChangeLogParser;
import liquibase.parser.core.yaml.YamlChangeLogParser;
import liquibase.precondition.Precondition;
import liquibase.precondition.core.AndPrecondition;
import liquibase.precondition.core.NotPrecondition;
import liquibase.precondition.core.OrPrecondition;
import liquibase.precondition.core.SqlPrecondition;
import liquibase.servicelocator.StandardServiceLocator;
import liquibase.sqlgenerator.SqlGenerator;
import liquibase.sqlgenerator.core.AddColumnGenerator;
import liquibase.sqlgenerator.core.CreateDatabaseChangeLogLockTableGenerator;
import liquibase.sqlgenerator.core.CreateDatabaseChangeLogTableGenerator;
import liquibase.sqlgenerator.core.CreateTableGenerator;
import liquibase.sqlgenerator.core.DeleteGenerator;
import liquibase.sqlgenerator.core.GetNextChangeSetSequenceValueGenerator;
import liquibase.sqlgenerator.core.InitializeDatabaseChangeLogLockTableGenerator;
import liquibase.sqlgenerator.core.InsertGenerator;
import liquibase.sqlgenerator.core.MarkChangeSetRanGenerator;
import liquibase.sqlgenerator.core.ModifyDataTypeGenerator;
import liquibase.sqlgenerator.core.RawParameterizedSqlGenerator;
import liquibase.sqlgenerator.core.RawSqlGenerator;
import liquibase.sqlgenerator.core.RemoveChangeSetRanStatusGenerator;
import liquibase.sqlgenerator.core.SelectFromDatabaseChangeLogGenerator;
import liquibase.sqlgenerator.core.SetNullableGenerator;
import liquibase.sqlgenerator.core.TagDatabaseGenerator;
import liquibase.sqlgenerator.core.UpdateGenerator;

/**
 * Offers Liquibase what a changelog of SQL needs, and its history table, and nothing else. So a changelog cannot run a
 * program, a class or a shell, for there is no such change; no host name is looked up, for Liquibase's lock service does
 * that; and the introspection of all that is not there costs no time.
 */
final class SqlOnlyServiceLocator extends StandardServiceLocator {

    /** All of each kind that there are; of a kind that is not here, Liquibase's own. */
    private static final Map<Class<?>, Supplier<List<?>>> OFFERED = Map.of(
            Change.class,
            () -> List.of(new RawSQLChange(), new SQLFileChange(), new TagDatabaseChange(), new EmptyChange()),
            Precondition.class,
            () -> List.of(new SqlPrecondition(), new AndPrecondition(), new NotPrecondition(), new OrPrecondition()),
            Database.class,
            () -> List.of(new SQLiteDatabase(), new PostgresDatabase()),
            ChangeLogParser.class,
            () -> List.of(new YamlChangeLogParser()),
            SqlGenerator.class,
            SqlOnlyServiceLocator::generators);

    @Override
    @SuppressWarnings("unchecked")
    public <T> List<T> findInstances(Class<T> type) throws ServiceNotFoundException {
        Supplier<List<?>> offered = OFFERED.get(type);
        return offered == null ? super.findInstances(type) : (List<T>) offered.get();
    }

    /** RawSqlStatement is deprecated, and still what Liquibase makes of a sql change. */
    @SuppressWarnings("deprecation")
    private static List<SqlGenerator<?>> generators() {
        return List.of(
                new RawSqlGenerator(),
                new RawParameterizedSqlGenerator(),
                new TagDatabaseGenerator(),
                // The history table and the lock table, and what an old history table lacks: by a native ALTER TABLE,
                // where
                // Liquibase's own generator for SQLite makes the table anew.
                new CreateDatabaseChangeLogTableGenerator(),
                new CreateDatabaseChangeLogLockTableGenerator(),
                new InitializeDatabaseChangeLogLockTableGenerator(),
                new CreateTableGenerator(),
                new AddColumnGenerator(),
                new ModifyDataTypeGenerator(),
                new SetNullableGenerator(),
                // Its rows.
                new SelectFromDatabaseChangeLogGenerator(),
                new GetNextChangeSetSequenceValueGenerator(),
                new MarkChangeSetRanGenerator(),
                new RemoveChangeSetRanStatusGenerator(),
                new InsertGenerator(),
                new UpdateGenerator(),
                new DeleteGenerator());
    }
}
