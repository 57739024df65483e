package seedarr.db.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresUrlTest {

    private static final String ME = System.getProperty("user.name");

    /** An empty column is the user's name, and no password. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            postgresql://u:p@h:5433/db                   | h         | 5433 | db    | u   | p
            postgresql+psycopg2://u:p@h:5433/db          | h         | 5433 | db    | u   | p
            postgresql+psycopg://u:p@h:5433/db           | h         | 5433 | db    | u   | p
            postgresql+asyncpg://u:p@h:5433/db           | h         | 5433 | db    | u   | p
            postgresql+pg8000://u:p@h:5433/db            | h         | 5433 | db    | u   | p
            postgres://u:p@h:5433/db                     | h         | 5433 | db    | u   | p
            postgresql://u:p%40ss%3A%2F@h/db             | h         | 5432 | db    | u   | p@ss:/
            postgresql://u:a+b@h/db                      | h         | 5432 | db    | u   | a+b
            postgresql://u:100%@h/db                     | h         | 5432 | db    | u   | 100%
            postgresql://u:%zz@h/db                      | h         | 5432 | db    | u   | %zz
            postgresql://u%40x:p@h/db                    | h         | 5432 | db    | u@x | p
            postgresql://u:p:q/r?s#t@h/db                | h         | 5432 | db    | u   | p:q/r?s#t
            postgresql://u:p q@h/db                      | h         | 5432 | db    | u   | p q
            postgresql://u:p?x=y@h/db                    | h         | 5432 | db    | u   | p?x=y
            postgresql://u:p?x=y@h/db?user=v             | h         | 5432 | db    | v   | p?x=y
            postgresql://u@x:p@h                         | h         | 5432 | u@x   | u@x | p
            postgresql://u@h/my%20db                     | h         | 5432 | my db | u   |
            postgresql://u@h/a/b                         | h         | 5432 | a/b   | u   |
            postgresql://u@h/db                          | h         | 5432 | db    | u   |
            postgresql://u:@h/db                         | h         | 5432 | db    | u   |
            postgresql:///db                             | localhost | 5432 | db    |     |
            postgresql://                                | localhost | 5432 |       |     |
            postgresql://u@h:/db                         | h         | 5432 | db    | u   |
            postgresql://u@h/                            | h         | 5432 | u     | u   |
            postgresql://u:p@[::1]:5432/db               | ::1       | 5432 | db    | u   | p
            postgresql://u:p@[fe80::1%eth0]/db           | fe80::1%eth0 | 5432 | db | u   | p
            postgresql://u:p@h:1/db?host=g&port=2&user=v&password=q&dbname=e | g | 2 | e | v | q
            postgresql://u@h/db?host=::1                 | ::1       | 5432 | db    | u   |
            postgresql://u@h/db?user=&password=p+q%2B    | h         | 5432 | db    | u   | p q+
            postgresql://h/db?password=p@ss              | h         | 5432 | db    |     | p@ss
            jdbc:postgresql://h:5433/db?user=u&password=p | h        | 5433 | db    | u   | p
            jdbc:postgresql://h/db?user=u&password=p%40+s | h        | 5432 | db    | u   | p@ s
            jdbc:postgresql://[::1]:5433/db?user=u       | ::1       | 5433 | db    | u   |
            jdbc:postgresql:db?user=u                    | localhost | 5432 | db    | u   |
            jdbc:postgresql:///db                        | localhost | 5432 | db    |     |
            jdbc:postgresql://h/a%2Fb                    | h         | 5432 | a/b   |     |
            jdbc:postgresql://h/                         | h         | 5432 |       |     |
            jdbc:postgresql:                             | localhost | 5432 |       |     |
            jdbc:postgresql://                           | localhost | 5432 |       |     |
            jdbc:postgresql:///                          | localhost | 5432 |       |     |
            jdbc:postgresql://h/db?PGHOST=g&PGPORT=2&PGDBNAME=e&user=u | g | 2 | e | u  |
            jdbc:postgresql://h/db?host=g&port=2&dbname=e&user=u&& | g | 2   | e     | u   |
            """)
    void a_postgresql_url_names_the_database_that_sqlalchemy_opens(
            String value, String host, int port, String database, String user, String password) {
        String expectedUser = user == null ? ME : user;
        assertNames(
                parse(value, Map.of()), host, port, database == null ? expectedUser : database, expectedUser, password);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keepalives=1&keepalives_idle=30&keepalives_interval=10&keepalives_count=5&tcp_user_timeout=9",
                "prepared_statement_cache_size=0&statement_cache_size=0&timeout=9&command_timeout=9",
                "client_encoding=utf8&prepare_threshold=0&tcp_keepalive=true",
                "sslsni=1&sslcompression=0&target_session_attrs=read-write",
            })
    void what_only_tunes_a_connection_is_taken_and_ignored(String query) {
        assertThat(properties("postgresql://u:p@h/db?" + query)).isEqualTo(properties("postgresql://u:p@h/db"));
    }

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "PGHOST", "eh", "PGPORT", "7777", "PGUSER", "eu", "PGDATABASE", "ed", "PGPASSWORD", "ep", "PGSSLMODE", "");

    @ParameterizedTest
    @CsvSource({
        "postgresql://, eh, 7777, ed, eu, ep",
        "postgresql:///db, eh, 7777, db, eu, ep",
        "postgresql://u@h/db, h, 7777, db, u, ep",
        "postgresql://u:@h/db, h, 7777, db, u, ep",
        "postgresql://u:p@h:1/db, h, 1, db, u, p",
        "postgresql:///?host=h&port=1&user=u&password=p&dbname=db, h, 1, db, u, p",
        "jdbc:postgresql://h/db?user=u, h, 5432, db, u,",
    })
    void the_environment_fills_in_what_the_url_leaves_out(
            String value, String host, int port, String database, String user, String password) {
        assertNames(parse(value, ENVIRONMENT), host, port, database, user, password);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PGOPTIONS            | -csearch_path=x   | options            | -csearch_path=x   | options=-csearch_path%3Dy
            PGAPPNAME            | a b               | ApplicationName    | a b               | application_name=c
            PGSSLMODE            | verify-full       | sslmode            | verify-full       | sslmode=disable
            PGSSLMODE            | verify-full       | sslmode            | verify-full       | ssl=disable
            PGSSLROOTCERT        | /r                | sslrootcert        | /r                | sslrootcert=/s
            PGSSLCERT            | /c                | sslcert            | /c                | sslcert=/d
            PGSSLKEY             | /k                | sslkey             | /k                | sslkey=/l
            PGSSLNEGOTIATION     | direct            | sslNegotiation     | direct            | sslnegotiation=postgres
            PGGSSENCMODE         | disable           | gssEncMode         | disable           | gssencmode=prefer
            PGKRBSRVNAME         | pg                | kerberosServerName | pg                | krbsrvname=qh
            PGCHANNELBINDING     | require           | channelBinding     | require           | channel_binding=disable
            PGREQUIREAUTH        | md5,scram-sha-256 | requireAuth        | md5,scram-sha-256 | require_auth=md5
            PGCONNECT_TIMEOUT    | 3                 | loginTimeout       | 3                 | connect_timeout=4
            PGCONNECT_TIMEOUT    | -1                | connectTimeout     | 0                 | connect_timeout=4
            """)
    void a_variable_of_libpq_counts_unless_the_url_has_the_parameter(
            String variable, String content, String property, String expected, String parameter) {
        Map<String, String> environment = Map.of(variable, content);
        assertThat(parse("postgresql://h/db", environment).properties).containsEntry(property, expected);
        String url = "postgresql://h/db?" + parameter;
        assertThat(parse(url, environment).properties).isEqualTo(properties(url));
        assertThat(parse("postgresql://h/db", Map.of(variable, "")).properties)
                .isEqualTo(properties("postgresql://h/db"));
        assertThat(parse("jdbc:postgresql://h/db", environment).properties)
                .isEqualTo(properties("jdbc:postgresql://h/db"));
    }

    @ParameterizedTest
    @CsvSource({
        "sslmode=require&sslrootcert=FILE, verify-ca",
        "sslmode=require&sslrootcert=FILE.none, require",
        "sslmode=verify-full&sslrootcert=FILE, verify-full",
        "sslmode=prefer&sslrootcert=FILE, prefer",
        "sslrootcert=system, verify-full",
    })
    void a_root_certificate_is_trusted_and_no_other_as_libpq_does(String query, String mode, @TempDir Path folder)
            throws Exception {
        Path file = Files.createFile(folder.resolve("root.crt"));
        assertThat(properties("postgresql://h/db?" + query.replace("FILE", file.toString())))
                .containsEntry("sslmode", mode);
    }

    @Test
    void an_empty_variable_counts_as_unset() {
        Map<String, String> empty = Map.of("PGHOST", "", "PGPORT", "", "PGUSER", "", "PGPASSWORD", "", "PGSERVICE", "");
        assertNames(parse("postgresql:///db", empty), "localhost", 5432, "db", ME, null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            postgresql://h/db?sslmode=require               | sslmode           | require
            postgresql://h/db?connect_timeout=3             | connectTimeout    | 3
            postgresql://h/db?options=-csearch_path%3Dx     | options           | -csearch_path=x
            postgresql://h/db?application_name=a+b          | ApplicationName   | a b
            postgresql://h/db?sslrootcert=/r                | sslrootcert       | /r
            postgresql://h/db?sslcert=/c                    | sslcert           | /c
            postgresql://h/db?sslkey=/k                     | sslkey            | /k
            postgresql://h/db?sslpassword=p                 | sslpassword       | p
            postgresql://h/db?gssencmode=disable            | gssEncMode        | disable
            postgresql://h/db?channel_binding=require       | channelBinding    | require
            postgresql://h/db?sslnegotiation=direct         | sslNegotiation    | direct
            postgresql://h/db?krbsrvname=pg                 | kerberosServerName | pg
            postgresql+asyncpg://h/db?ssl=require           | sslmode           | require
            jdbc:postgresql://h/db?ApplicationName=a%20b    | ApplicationName   | a b
            jdbc:postgresql://h/db?sslmode=verify-full      | sslmode           | verify-full
            jdbc:postgresql://h/db?ssl                      | ssl               | ''
            """)
    void a_parameter_reaches_the_driver_under_the_drivers_name(String value, String property, String expected) {
        Map<Object, Object> wanted = new HashMap<>(properties("postgresql://h/db"));
        wanted.put(property, expected);
        if (property.equals("connectTimeout")) {
            wanted.put("loginTimeout", expected);
        }
        assertThat(properties(value)).isEqualTo(wanted);
        assertThat(org.postgresql.PGProperty.forName(property)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "postgres://u:p@h/db, postgresql://u@h:5432/db",
        "postgresql+asyncpg://u@[::1]:5433/db?sslpassword=p, postgresql://u@[::1]:5433/db",
        "jdbc:postgresql://h/db?user=u&password=p, postgresql://u@h:5432/db",
    })
    void it_prints_user_host_port_and_database(String value, String printed) {
        assertThat(parse(value, Map.of())).hasToString(printed);
    }

    private static void assertNames(
            PostgresServer server, String host, int port, String database, String user, String password) {
        Map<Object, Object> wanted = new HashMap<>();
        wanted.put("PGHOST", host);
        wanted.put("PGPORT", String.valueOf(port));
        wanted.put("PGDBNAME", database);
        wanted.put("user", user);
        wanted.put("ApplicationName", "seedarr-db");
        wanted.putAll(Map.of("prepareThreshold", "0", "preferQueryMode", "extended"));
        wanted.putAll(Map.of("readOnlyMode", "transaction", "assumeMinServerVersion", "12"));
        if (password != null) {
            wanted.put("password", password);
        }
        assertThat(server.properties).isEqualTo(wanted);
    }

    private static Properties properties(String value) {
        return parse(value, Map.of()).properties;
    }

    private static PostgresServer parse(String value, Map<String, String> environment) {
        return (PostgresServer) DatabaseUrl.parse(value, "DATABASE_URL", Path.of("/base"), environment);
    }
}
