package seedarr.db.changelog;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import liquibase.change.Change;
import liquibase.database.Database;
import liquibase.database.core.PostgresDatabase;
import liquibase.database.core.SQLiteDatabase;
import liquibase.servicelocator.StandardServiceLocator;
import liquibase.sqlgenerator.SqlGenerator;
import liquibase.statement.SqlStatement;
import org.junit.jupiter.api.Test;

class SqlOnlyServiceLocatorTest {

    private static final List<Database> DATABASES = List.of(new SQLiteDatabase(), new PostgresDatabase());

    /** A generator that is left out would make other SQL than stock Liquibase makes. But that one makes the table anew. */
    @Test
    @SuppressWarnings("rawtypes")
    void of_each_statement_that_is_offered_all_generators_are() throws Exception {
        List<SqlGenerator> own = new SqlOnlyServiceLocator().findInstances(SqlGenerator.class);
        TreeSet<String> statements = new TreeSet<>(
                own.stream().map(SqlOnlyServiceLocatorTest::statement).toList());
        List<SqlGenerator> stock = new StandardServiceLocator().findInstances(SqlGenerator.class);
        assertThat(stock).hasSizeGreaterThan(100);
        assertThat(own.stream().map(Object::getClass).map(Class::getName))
                .containsExactlyInAnyOrderElementsOf(stock.stream()
                        .filter(generator -> statements.contains(statement(generator)))
                        .filter(generator -> DATABASES.stream().anyMatch(database -> supports(generator, database)))
                        .map(generator -> generator.getClass().getName())
                        .filter(name -> !name.endsWith(".AddColumnGeneratorSQLite"))
                        .toList());
    }

    private static String statement(SqlGenerator<?> generator) {
        for (Class<?> type = generator.getClass(); type != null; type = type.getSuperclass()) {
            Optional<String> statement = Stream.of(type.getDeclaredMethods())
                    .filter(method -> method.getName().equals("generateSql") && !method.isBridge())
                    .map(Method::getParameterTypes)
                    .filter(parameters -> SqlStatement.class.isAssignableFrom(parameters[0]))
                    .map(parameters -> parameters[0].getName())
                    .findFirst();
            if (statement.isPresent()) {
                return statement.get();
            }
        }
        return "";
    }

    @SuppressWarnings({"rawtypes", "unchecked"})
    private static boolean supports(SqlGenerator generator, Database database) {
        try {
            return generator.supports(null, database);
        } catch (NullPointerException e) {
            // It looks into the statement, so it is one of several for it.
            return true;
        }
    }

    @Test
    void nothing_that_runs_a_program_or_a_class_is_offered() throws Exception {
        assertThat(new SqlOnlyServiceLocator()
                        .findInstances(Change.class).stream().map(Change::getSerializedObjectName))
                .containsExactlyInAnyOrder("sql", "sqlFile", "tagDatabase", "empty");
    }
}
