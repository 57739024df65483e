package seedarr.db.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import seedarr.db.ExitCode;
import seedarr.db.Refusal;

class DatabaseUrlRefusalTest {

    private static final String SCHEMES = "sqlite:///path/to/file.db or postgresql://user@host/database";

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void an_empty_value_is_not_the_default(String value) {
        assertRefused(
                value, "DATABASE_URL is empty", "sqlite:///./data/seedarr.db, or leave it out to use the default");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://u:secret@h/db",
                "SQLITE:///x.db",
                "PostgreSQL://h/db",
                "pgsql://h/db",
                "mysql+pymysql://h/db",
                "jdbc:mysql://h/db",
                "jdbc:h2:mem:x",
                "sqlite:/x.db",
                "sqlite:x.db",
                "data/seedarr.db",
                "/data/seedarr.db",
                " sqlite:///x.db",
                "my-sql://h/db",
            })
    void what_is_no_supported_url_is_refused_with_those_that_are(String value) {
        assertRefused(value, "DATABASE_URL is neither a SQLite nor a PostgreSQL URL", SCHEMES);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            'sqlite:///x.db'
            "postgresql://u:secret@h/db"
            """)
    void quotes_that_no_shell_took_away_are_refused(String value) {
        assertRefused(value, "DATABASE_URL has quotes around it", "leave them out; docker's --env-file keeps them");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sqlite:///x.db\r",
                "sqlite:///x.db%0D",
                "jdbc:sqlite:x.db\r",
                "postgresql://u:secret@h/db\r",
                "jdbc:postgresql://h/db\r"
            })
    void a_control_character_is_refused_and_named(String value) {
        assertRefused(
                value,
                "DATABASE_URL has a control character: CARRIAGE RETURN (CR)",
                "leave it out; a file with the line ends of Windows has one at the end of each line");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sqlite://",
                "sqlite:///",
                "sqlite:///:memory:",
                "sqlite:///%3Amemory:",
                "jdbc:sqlite:",
                "jdbc:sqlite::memory:",
            })
    void a_database_in_memory_is_refused(String value) {
        assertRefused(
                value,
                "DATABASE_URL names a database in memory, which would be gone when the command ends",
                "a file, such as sqlite:///./data/seedarr.db");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sqlite://host/x.db                       | has a host or a user, but SQLite has only a path | sqlite:///relative/path.db or sqlite:////absolute/path.db
            sqlite://x.db                            | has a host or a user, but SQLite has only a path | sqlite:///relative/path.db or sqlite:////absolute/path.db
            sqlite://u:secret@h/x.db                 | has a host or a user, but SQLite has only a path | sqlite:///relative/path.db or sqlite:////absolute/path.db
            sqlite:///x.db?timeout=abc               | has timeout, with a value that is not understood | a number of seconds, such as timeout=20
            sqlite:///x.db?timeout=1&timeout=2       | has timeout twice | give it once
            sqlite:///a%00b.db                       | has a control character: NULL | leave it out; a file with the line ends of Windows has one at the end of each line
            """)
    void a_sqlite_url_that_cannot_be_opened_as_meant_is_refused(String value, String problem, String remedy) {
        assertRefused(value, "DATABASE_URL " + problem, remedy);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sqlite:///x.db?uri=true",
                "sqlite:///x.db?uri=maybe",
                "sqlite:///?uri=true",
                "sqlite:///x.db?mode=ro&uri=true",
                "sqlite:///file:x.db?uri=true",
                "sqlite:///file:x.db?mode=ro&uri=1",
                "sqlite:///file:x.db?vfs=unix&uri=YES",
                "sqlite:///file::memory:?uri=true",
                "sqlite:///file:x?mode=memory&uri=true",
                "sqlite+aiosqlite:///file://localhost/abs/x.db?cache=shared&uri=on",
            })
    void the_uri_form_of_sqlite_is_refused_with_the_way_round(String value) {
        assertRefused(
                value,
                "DATABASE_URL has uri, which is not supported",
                "the path alone, without uri and file:, such as sqlite:///./data/seedarr.db");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:sqlite:file:x.db",
                "jdbc:sqlite:file:x.db?mode=ro",
                "jdbc:sqlite:file::memory:",
                "jdbc:sqlite::resource:x.db",
                "jdbc:sqlite:x.db?busy_timeout=3",
                "jdbc:sqlite:x.db?<b>=3",
            })
    void a_jdbc_url_of_sqlite_is_a_path_and_nothing_else(String value) {
        assertRefused(
                value,
                "DATABASE_URL has more than a path after jdbc:sqlite:",
                "jdbc:sqlite:path/to/file.db, without file:, :resource: and parameters");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            postgresql://h:notaport/db             | has a port that is not a number from 1 to 65535 | 5432 as the port
            postgresql://h:65536/db                | has a port that is not a number from 1 to 65535 | 5432 as the port
            postgresql://h/db?port=0               | has a port that is not a number from 1 to 65535 | 5432 as the port
            postgresql://h1:5432,h2:5433/db | has a port that is not a number from 1 to 65535 | 5432 as the port
            postgresql://h1,h2/db | has a host that is not the name or the address of one server | postgresql://user@host:5432/database; Unix sockets and several hosts are not supported
            postgresql:///db?host=h1,h2 | has a host that is not the name or the address of one server | postgresql://user@host:5432/database; Unix sockets and several hosts are not supported
            postgresql:///db?host=h1:1&host=h2:2   | has host twice | give it once
            postgresql://u@/db?host=h:77 | has a host that is not the name or the address of one server | postgresql://user@host:5432/database; Unix sockets and several hosts are not supported
            postgresql://h/db?port=1,2 | has a port that is not a number from 1 to 65535 | 5432 as the port
            jdbc:postgresql://h1:1,h2:2/db | has a host that is not the name or the address of one server | postgresql://user@host:5432/database; Unix sockets and several hosts are not supported
            postgresql://u:p@/db?host=/var/run/postgresql | has a host that is not the name or the address of one server | postgresql://user@host:5432/database; Unix sockets and several hosts are not supported
            postgresql://a b/db | has a host that is not the name or the address of one server | postgresql://user@host:5432/database; Unix sockets and several hosts are not supported
            postgresql://[::1]x/db | has a host that is not the name or the address of one server | postgresql://user@host:5432/database; Unix sockets and several hosts are not supported
            postgresql://u:p@ss@h/db               | has an @ that is not the one before the host | %40 for every other @, and %3F for a ? in a password
            postgresql://u:p@s:s@h:1/db            | has an @ that is not the one before the host | %40 for every other @, and %3F for a ? in a password
            postgresql://u:p@s/s?w:d@h:7/db        | has an @ that is not the one before the host | %40 for every other @, and %3F for a ? in a password
            postgresql://h:5/db?password=p@ss      | has an @ that is not the one before the host | %40 for every other @, and %3F for a ? in a password
            postgresql://u:p@h/db?user=me@corp     | has an @ that is not the one before the host | %40 for every other @, and %3F for a ? in a password
            postgresql://u:p@h/d@b                 | has an @ that is not the one before the host | %40 for every other @, and %3F for a ? in a password
            postgresql://u@%2Frun%2Fpostgresql/db | has a host that is not the name or the address of one server | postgresql://user@host:5432/database; Unix sockets and several hosts are not supported
            postgresql://h/db?sslcrl=x             | has sslcrl, which is not supported | leave it out
            postgresql://h/db?hostaddr=1.2.3.4     | has hostaddr, which is not supported | leave it out
            postgresql://h/db?service=x            | has service, which is not supported | leave it out
            postgresql://h/db?ssl=allow&sslmode=allow | has sslmode twice | give it once
            postgresql://h/db?user=u&user=v        | has user twice | give it once
            jdbc:postgresql://u:secret@h/db        | is not a PostgreSQL URL | jdbc:postgresql://host:5432/database?user=name, with %25 for each % and no service
            jdbc:postgresql:u:secret@h/db          | is not a PostgreSQL URL | jdbc:postgresql://host:5432/database?user=name, with %25 for each % and no service
            jdbc:postgresql://h                    | is not a PostgreSQL URL | jdbc:postgresql://host:5432/database?user=name, with %25 for each % and no service
            jdbc:postgresql://h/a/b                | is not a PostgreSQL URL | jdbc:postgresql://host:5432/database?user=name, with %25 for each % and no service
            jdbc:postgresql:/db                    | is not a PostgreSQL URL | jdbc:postgresql://host:5432/database?user=name, with %25 for each % and no service
            jdbc:postgresql://h:notaport/db        | is not a PostgreSQL URL | jdbc:postgresql://host:5432/database?user=name, with %25 for each % and no service
            jdbc:postgresql://h/db?connect_timeout=3 | has connect_timeout, which is not supported | leave it out
            jdbc:postgresql://h/db?service=x       | is not a PostgreSQL URL | jdbc:postgresql://host:5432/database?user=name, with %25 for each % and no service
            jdbc:postgresql://h/db?password=100%   | is not a PostgreSQL URL | jdbc:postgresql://host:5432/database?user=name, with %25 for each % and no service
            """)
    void a_postgresql_url_that_cannot_be_opened_as_meant_is_refused(String value, String problem, String remedy) {
        assertRefused(value, "DATABASE_URL " + problem, remedy);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PGHOST | /var/run/postgresql | the environment has a host that is not the name or the address of one server
            PGHOST | a,b                 | the environment has a host that is not the name or the address of one server
            PGPORT | x                   | the environment has a port that is not a number from 1 to 65535
            """)
    void a_variable_that_is_wrong_is_named(String variable, String content, String problem) {
        Map<String, String> environment = Map.of(variable, content);
        assertThatThrownBy(() -> DatabaseUrl.parse("postgresql:///db", "DATABASE_URL", Path.of("/work"), environment))
                .isInstanceOf(Refusal.class)
                .hasMessage(problem);
        String complete = "postgresql://h:1/db?sslmode=prefer&connect_timeout=1&require_auth=md5";
        DatabaseUrl.parse(complete, "DATABASE_URL", Path.of("/work"), environment);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PGHOSTADDR", "PGSERVICE", "PGREQUIRESSL", "PGSSLCRL", "PGSSLCERTMODE"})
    void a_variable_by_which_libpq_would_connect_otherwise_is_refused(String variable) {
        Map<String, String> environment = Map.of(variable, "x");
        assertThatThrownBy(() -> DatabaseUrl.parse("postgresql://h/db", "DATABASE_URL", Path.of("/work"), environment))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal).hasMessage("the environment has " + variable + ", which is not supported");
                    assertThat(refusal.remedy()).isEqualTo("leave it out");
                });
        DatabaseUrl.parse("sqlite:///x.db", "DATABASE_URL", Path.of("/work"), environment);
    }

    private static void assertRefused(String value, String problem, String remedy) {
        assertThatThrownBy(() -> DatabaseUrl.parse(value, "DATABASE_URL", Path.of("/work"), Map.of()))
                .hasNoCause()
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal).hasMessage(problem);
                    assertThat(refusal.remedy()).isEqualTo(remedy);
                    assertThat(refusal.exitCode()).isEqualTo(ExitCode.USAGE);
                });
    }
}
