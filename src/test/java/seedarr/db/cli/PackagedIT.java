package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged command as users run it: real processes, real signals. */
class PackagedIT {

    private static final int AT_ONCE = 8;

    @TempDir
    Path temporary;

    private Path folder;
    private Sqlite database;
    private Program program;

    @BeforeEach
    void v1() throws Exception {
        folder = Files.createDirectory(temporary.resolve("data"));
        database = Sqlite.v1(folder);
        program = Program.packaged(temporary).on(database);
    }

    /** A folder without write permission could not be deleted. */
    @AfterEach
    void writable() throws Exception {
        if (Files.exists(folder)) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** The same in memory, which is faster, to prepare a database. */
    private Command command() {
        return Command.in(temporary).on(database.url());
    }

    private static Command.Result succeeded(Command.Result result) {
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        return result;
    }

    @Test
    void goes_up_says_how_it_stands_and_goes_down() throws Exception {
        assertThat(succeeded(program.run("update", "--no-backup")).out())
                .endsWith("done: the database is at 003_add_tags_table\n");
        assertThat(succeeded(program.run("status", "--check")).out()).endsWith("up to date\n");
        succeeded(program.run("rollback-count", "1"));
        Command.Result refused = program.run("update", "9");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).startsWith("error: there is no revision 9\n");
        assertThat(succeeded(program.run("--version")).out()).matches("seedarr-db [0-9.]+\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eight_updates_at_once_apply_each_revision_once_and_all_succeed(boolean isThere) throws Exception {
        if (!isThere) {
            Files.delete(database.file());
        }
        List<Program.Running> runs = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            runs.add(program.start("update", "--lock-timeout", "60"));
        }
        List<String> steps = new ArrayList<>();
        for (Program.Running run : runs) {
            succeeded(run.result())
                    .out()
                    .lines()
                    .filter(line -> line.startsWith("  up "))
                    .forEach(line -> steps.add(line.split(" +")[2]));
        }
        assertThat(steps).containsExactly("001_add_checkpoint_fields", "002_add_tmdb_cache", "003_add_tags_table");
        assertThat(database.query("SELECT ID FROM DATABASECHANGELOG ORDER BY ORDEREXECUTED"))
                .isEqualTo(steps);
        assertThat(folder.toFile().list()).hasSize(isThere ? 2 : 1);
    }

    @Test
    void an_application_that_is_writing_is_waited_for() throws Exception {
        OtherProcess application = OtherProcess.holding(database.file(), "BEGIN IMMEDIATE");
        Program.Running run = program.start("update");
        CompletableFuture.runAsync(application::close, CompletableFuture.delayedExecutor(4, TimeUnit.SECONDS));
        succeeded(run.result());
        assertThat(database.query("SELECT count(*) FROM DATABASECHANGELOG")).containsExactly("3");
    }

    @Test
    void runs_from_any_folder_through_a_link_with_spaces_and_accents_in_a_plain_locale() throws Exception {
        // In the shell, because Java itself may not be able to name such a file in the locale of the build.
        Program shell = Program.shell(temporary, """
                odd=$(printf '%s/with spaces \\303\\251 \\342\\234\\223' "$PWD")
                mkdir "$odd" "$odd/data"
                cp -a "$DISTRIBUTION" "$odd/seedarr-db"
                ln -s "$odd/seedarr-db/bin/seedarr-db" "$odd/link"
                ln -s link "$odd/link to link"
                cd /
                export DATABASE_URL
                DATABASE_URL="sqlite:///$odd/data/$(printf 'caf\\303\\251 1.db')"
                "$odd/link to link" update
                "$odd/seedarr-db/bin/seedarr-db" current
                cd "$odd"
                PATH="$odd:$PATH" link status --check
                test -s "data/$(printf 'caf\\303\\251 1.db')"
                test "$(ls data | wc -l)" = 1
                """)
                .with("DISTRIBUTION", Program.distribution().toString());
        Command.Result result = succeeded(shell.with("LC_ALL", "C").run());
        assertThat(result.out())
                .contains("/with spaces é ✓/data/café 1.db\n", "\n003_add_tags_table\n")
                .endsWith("\nup to date\n");
        // Here too, or the folder could not be deleted in some locales.
        Program.shell(temporary, "rm -r with*").run();
    }

    /** A distribution in a folder with odd characters, to be changed there. */
    private Program distribution() throws Exception {
        Path copy = temporary.resolve("a folder: with ä");
        succeeded(Program.shell(temporary, "cp -a \"$1\" \"$2\"")
                .run(Program.distribution().toString(), copy.toString()));
        return Program.packaged(temporary, copy).on(database);
    }

    @Test
    void an_archive_that_does_not_fit_costs_no_word() throws Exception {
        Program distribution = distribution();
        Path lib = temporary.resolve("a folder: with ä/lib");
        succeeded(distribution.run("update"));
        String expected = succeeded(distribution.run("status")).out();
        List<Path> archives;
        try (var files = Files.list(lib.resolve("archives"))) {
            archives = files.toList();
        }
        assertThat(archives).hasSizeGreaterThan(1);
        Files.setLastModifiedTime(lib.resolve("seedarr-db.jar"), FileTime.from(Instant.now()));
        assertThat(succeeded(distribution.run("status")).out()).isEqualTo(expected);
        for (byte[] content : List.of(new byte[0], new byte[] {1}, new byte[1_000_000])) {
            for (Path archive : archives) {
                Files.delete(archive);
                Files.write(archive, content);
            }
            assertThat(succeeded(distribution.run("status")).out()).isEqualTo(expected);
            assertThat(succeeded(distribution.run("update")).out()).startsWith("nothing to do: ");
        }
    }

    @Test
    void archives_are_recorded_again_for_the_java_at_hand() throws Exception {
        Program distribution = distribution();
        Path archives = temporary.resolve("a folder: with ä/lib/archives");
        List<String> before = new Folder(archives).contents().keySet().stream().toList();
        succeeded(Program.shell(temporary, "rm -rf \"$1\"").run(archives.toString()));
        succeeded(distribution.run("update"));
        succeeded(new Program(
                        temporary,
                        List.of(
                                "sh",
                                temporary
                                        .resolve("a folder: with ä/bin/record-archives")
                                        .toString()),
                        distribution.variables())
                .run());
        assertThat(new Folder(archives).contents().keySet()).hasSize(3).isSubsetOf(before);
        assertThat(succeeded(distribution.run("status", "--check")).out()).endsWith("up to date\n");
    }

    @Test
    void the_jar_of_the_archive_runs_without_a_shell() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Program jar = new Program(
                        temporary,
                        List.of(
                                java.toString(),
                                "-jar",
                                Program.distribution()
                                        .resolve("lib/seedarr-db.jar")
                                        .toString()),
                        Map.of())
                .on(database);
        succeeded(jar.run("update"));
        assertThat(succeeded(jar.run("status", "--check")).out()).endsWith("up to date\n");
    }

    @Test
    void the_documents_list_the_libraries_of_the_archive() throws Exception {
        Path unpacked = Program.distribution();
        String document = Files.readString(Path.of("docs/reliability-and-security.md"));
        assertThat(libraries(unpacked))
                .hasSizeGreaterThan(8)
                .allSatisfy((name, version) -> assertThat(document).contains("| " + name + " | " + version + " | "));
    }

    @Test
    void the_bill_of_materials_names_the_libraries_of_the_archive() throws Exception {
        Path unpacked = Program.distribution();
        Path file = unpacked.resolve("seedarr-db-sbom.json");
        // .ci/run, which is online, asks for it.
        assumeTrue(Files.exists(file), "the plugin that makes it does nothing with mvn -o");
        String bill = Files.readString(file);
        assertThat(libraries(unpacked))
                .allSatisfy((name, version) -> assertThat(bill).contains("/" + name + "@" + version));
        assertThat(bill).doesNotContain("junit");
    }

    private static Map<String, String> libraries(Path unpacked) throws Exception {
        Map<String, String> libraries = new TreeMap<>();
        try (var folders = Files.newDirectoryStream(unpacked.resolve("licenses"))) {
            for (Path folder : folders) {
                Matcher name = Pattern.compile("(.*?)-(\\d.*)-jar")
                        .matcher(folder.getFileName().toString());
                if (name.matches()) {
                    libraries.put(name.group(1), name.group(2));
                }
            }
        }
        return libraries;
    }

    /**
     * Liquibase's lock service would look a host name up, and wait where no name server answers; SQLite's driver would read
     * its own version from its jar at each start.
     */
    @Test
    void no_command_looks_a_host_name_up_or_the_version_of_the_driver() throws Exception {
        Path loaded = temporary.resolve("classes");
        Program java = Program.jar(temporary, "-Xlog:class+load:file=" + loaded).on(database);
        for (String command : List.of(
                "update", "rollback-count 1", "update --sql", "show 001", "verify --offline", "release-locks")) {
            assertThat(java.run(command.split(" ")).exitCode()).as(command).isZero();
            assertThat(Files.readString(loaded))
                    .as(command)
                    .contains("seedarr.db.cli.SeedarrDb")
                    .doesNotContain("java.net.InetAddressImpl", "SQLiteJDBCLoader$VersionHolder");
        }
    }

    @Test
    void the_url_is_in_no_list_of_processes() throws Exception {
        Path java = Files.createDirectories(temporary.resolve("java/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\ntr '\\0' ' ' </proc/$$/cmdline\nprintf '\\n%s\\n' \"$DATABASE_URL\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Command.Result result = program.with(
                        "JAVA_HOME", temporary.resolve("java").toString())
                .with("DATABASE_URL", "postgresql://user:secret@host/db")
                .run("status");
        assertThat(result.out().lines().toList().get(0))
                .contains("seedarr.db.cli.SeedarrDb status")
                .doesNotContain("secret");
        assertThat(result.out()).endsWith("postgresql://user:secret@host/db\n");
    }

    @Test
    void a_reader_that_goes_away_gets_no_stack_trace() throws Exception {
        Program.Running run = Program.shell(
                        temporary, "sh \"$1\" generate-completion | true; sh \"$1\" history | head -c 1 >/dev/null")
                .on(database)
                .start(program.line().get(1));
        assertThat(run.result().err()).isEmpty();
    }

    @Test
    void a_java_home_without_java_is_named() throws Exception {
        Command.Result result = program.with(
                        "JAVA_HOME", temporary.resolve("no java").toString())
                .run("status");
        assertThat(result).isEqualTo(new Command.Result(1, "", """
                error: JAVA_HOME is %s/no java, and there is no bin/java in it
                try: JAVA_HOME of a Java 17 or newer
                """.formatted(temporary)));
    }

    @Test
    void a_java_that_is_too_old_is_named_and_not_started() throws Exception {
        Path java = Files.createDirectories(temporary.resolve("java11/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho started\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(temporary.resolve("java11/release"), "JAVA_VERSION=\"11.0.2\"\n");
        Command.Result result = program.with(
                        "JAVA_HOME", temporary.resolve("java11").toString())
                .run("status");
        assertThat(result).isEqualTo(new Command.Result(1, "", """
                error: %s is Java 11
                try: Java 17 or newer, on the path or as JAVA_HOME
                """.formatted(java)));
    }

    @Test
    void without_any_java_the_error_says_so() throws Exception {
        Path bin = Files.createDirectory(temporary.resolve("bin"));
        Command.Result result =
                program.with("JAVA_HOME", "").with("PATH", bin.toString()).run("status");
        assertThat(result).isEqualTo(new Command.Result(1, "", """
                error: there is no Java
                try: installing Java 17 or newer, or setting JAVA_HOME; or the bundle, which brings its own
                """));
    }

    /** A checkout that is not built yet; its Maven and its program are scripts. */
    private Program checkout() throws Exception {
        Path checkout = Files.createDirectories(temporary.resolve("checkout"));
        Files.copy(Path.of("seedarr-db"), checkout.resolve("seedarr-db"));
        Files.createFile(checkout.resolve("pom.xml"));
        Path bin = Files.createDirectories(checkout.resolve("src/main/dist/bin"));
        Files.writeString(bin.resolve("seedarr-db"), "echo \"ran $*\"\n");
        Path mvn = Files.createDirectory(temporary.resolve("maven")).resolve("mvn");
        Files.writeString(mvn, "#!/bin/sh\nmkdir -p checkout/target/lib\n: >checkout/target/lib/revisions.index\n");
        Files.setPosixFilePermissions(mvn, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Program(
                        temporary, List.of("sh", checkout.resolve("seedarr-db").toString()), program.variables())
                .with("PATH", mvn.getParent() + ":" + System.getenv("PATH"));
    }

    @Test
    void a_checkout_says_that_it_is_being_built_and_then_no_more() throws Exception {
        Program checkout = checkout();
        assertThat(checkout.run("status")).isEqualTo(new Command.Result(0, "ran status\n", """
                building seedarr-db, which takes about a minute the first time …
                """));
        assertThat(checkout.run("status")).isEqualTo(new Command.Result(0, "ran status\n", ""));
    }

    @Test
    void a_checkout_makes_its_index_again_when_only_the_changelog_is_newer() throws Exception {
        Path home = Files.createDirectories(temporary.resolve("jdk/bin"));
        for (String name : List.of("java", "javac")) {
            Path script = home.resolve(name);
            Files.writeString(
                    script, "#!/bin/sh\n: >checkout/target/lib/revisions.index\necho \"$*\" >>\"$0.called\"\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Program checkout = checkout().with("JAVA_HOME", home.getParent().toString());
        assertThat(checkout.run("status").exitCode()).isZero();
        Path changelog = Files.createDirectories(temporary.resolve("checkout/changelog"));
        for (int run = 0; run < 2; run++) {
            Files.setLastModifiedTime(
                    Files.writeString(changelog.resolve("master.yaml"), "edited"),
                    FileTime.from(Instant.now().minusSeconds(run * 1000)));
            Files.setLastModifiedTime(changelog, FileTime.from(Instant.EPOCH));
            assertThat(checkout.run("status")).isEqualTo(new Command.Result(0, "ran status\n", ""));
            assertThat(Files.readString(home.resolve("java.called")).lines())
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .endsWith("seedarr.db.cli.Packaging index");
        }
    }

    @Test
    void a_wrong_java_home_is_named_before_a_checkout_is_built() throws Exception {
        assertThat(checkout().with("JAVA_HOME", "/no/jdk").run("status")).isEqualTo(new Command.Result(1, "", """
                error: seedarr-db must be built first, and JAVA_HOME is /no/jdk, where no bin/javac is
                try: JAVA_HOME of a JDK 17 or newer
                """));
    }

    @Test
    void the_time_zone_and_the_locale_of_the_machine_change_nothing() throws Exception {
        command().succeed("update", "002");
        List<String> commands = List.of("history --json", "update --sql");
        List<String> expected = outputs(program, commands);
        assertThat(outputs(program.with("TZ", "Asia/Kathmandu").with("LC_ALL", "fr_FR.UTF-8"), commands))
                .isEqualTo(expected);
        Program arabic = Program.jar(
                        temporary, "-Duser.language=ar", "-Duser.country=EG", "-Duser.timezone=Pacific/Kiritimati")
                .on(database);
        assertThat(outputs(arabic, commands)).isEqualTo(expected);
        // What is written is the same as well.
        String before = database.query("SELECT datetime('now')").get(0);
        succeeded(arabic.run("update"));
        String after = database.query("SELECT datetime('now')").get(0);
        assertThat(database.query("SELECT DATEEXECUTED FROM DATABASECHANGELOG WHERE ID LIKE '003%'")
                        .get(0))
                .isBetween(before, after);
    }

    private static List<String> outputs(Program program, List<String> commands) throws Exception {
        List<String> outputs = new ArrayList<>();
        for (String command : commands) {
            Command.Result result = program.run(command.split(" "));
            outputs.add((result.exitCode() + "\n" + result.out() + result.err())
                    .replaceAll("'4\\.33\\.0', '[0-9]{10}'", "'4.33.0', 'DEPLOYMENT'"));
        }
        return outputs;
    }

    /** Root without the capabilities that let it pass over permissions is like any other user with its own files. */
    private Program unprivileged() throws Exception {
        if (!"root".equals(System.getProperty("user.name"))) {
            return program;
        }
        Program program = this.program.by("setpriv", "--bounding-set=-dac_override,-dac_read_search");
        Path probe = Files.writeString(temporary.resolve("probe"), "");
        Files.setPosixFilePermissions(probe, PosixFilePermissions.fromString("---------"));
        boolean denied = Program.shell(temporary, "! cat \"$1\"")
                        .by("setpriv", "--bounding-set=-dac_override,-dac_read_search")
                        .run(probe.toString())
                        .exitCode()
                == 0;
        assumeTrue(denied, "root, and setpriv cannot give up its rights: permissions cannot be tested here");
        return program;
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "update"})
    void a_file_that_may_not_be_read_is_refused(String args) throws Exception {
        Program user = unprivileged();
        Files.setPosixFilePermissions(database.file(), PosixFilePermissions.fromString("---------"));
        Command.Result result = user.run(args.split(" "));
        Files.setPosixFilePermissions(database.file(), PosixFilePermissions.fromString("rw-------"));
        assertThat(result).isEqualTo(new Command.Result(1, "", """
                error: %s (of root) cannot be read by this user
                try: the user that Seedarr runs as
                """.formatted(database.file())));
    }

    @ParameterizedTest
    @CsvSource({
        "update, 0",
        "update --adopt, 0",
        "update 001, 0",
        "rollback base, 0",
        "release-locks, 0",
        "update --sql, 1",
        "adopt --dry-run, 1",
        "status, 1",
        "status --json, 1",
        "current, 1",
        "show 001, 1",
        "verify, 1",
        "update --help, 1"
    })
    void output_that_is_lost_is_a_failure_only_where_it_was_asked_for(String args, int exitCode) throws Exception {
        Command.Result result =
                program.by("sh", "-c", "exec \"$@\" > /dev/full", "sh").run(args.split(" "));
        assertThat(result).isEqualTo(new Command.Result(exitCode, "", exitCode == 0 ? """
                note: done, but standard output could not be written
                """ : """
                error: standard output could not be written
                try: another place for it
                """));
        boolean isUp = args.matches("update|update --adopt|update 001");
        assertThat(command().run("current").out()).startsWith(isUp ? "00" : "base");
    }

    @Test
    void a_file_that_may_not_be_written_is_refused_and_can_be_read() throws Exception {
        Program user = unprivileged();
        Files.setPosixFilePermissions(database.file(), PosixFilePermissions.fromString("r--r--r--"));
        assertThat(succeeded(user.run("current")).out()).isEqualTo("base\n");
        Command.Result result = user.run("update");
        assertThat(result).isEqualTo(new Command.Result(1, "", """
                error: %s (of root) cannot be written by this user
                nothing was changed; the database is still at base
                try: the user that Seedarr runs as; chown gives that user the database, its folder and what is beside it
                """.formatted(database.file())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wal", "killed in wal", "hot journal"})
    void a_folder_that_may_not_be_written_can_be_read_and_update_is_refused(String kind) throws Exception {
        Program user = unprivileged();
        command().succeed("update", "001");
        String write = "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = 1; BEGIN;"
                + "UPDATE file_entries SET error_message = hex(randomblob(90000));";
        switch (kind) {
            case "wal" -> database.execute("PRAGMA journal_mode = WAL");
            case "killed in wal" -> {
                database.execute("PRAGMA journal_mode = WAL");
                database.dieAfter(write + "COMMIT");
            }
            case "hot journal" -> database.dieAfter(write);
            default -> throw new IllegalArgumentException(kind);
        }
        Files.setPosixFilePermissions(database.file(), PosixFilePermissions.fromString("r--r--r--"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        Map<String, String> before = new Folder(folder).contentsAndTimes();

        assertThat(succeeded(user.run("current")).out()).isEqualTo("001_add_checkpoint_fields\n");
        Command.Result result = user.run("update");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("cannot be written by this user\n");
        assertThat(new Folder(folder).contentsAndTimes()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-wal", "-shm", "-journal"})
    void what_another_user_left_beside_the_file_is_named(String suffix) throws Exception {
        Program user = unprivileged();
        database.execute("PRAGMA journal_mode = " + (suffix.equals("-journal") ? "DELETE" : "WAL"));
        database.dieAfter("PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = 1; BEGIN;"
                + "UPDATE file_entries SET error_message = hex(randomblob(90000));"
                + (suffix.equals("-journal") ? "" : "COMMIT"));
        Files.setPosixFilePermissions(Path.of(database.file() + suffix), PosixFilePermissions.fromString("r--r--r--"));
        Map<String, String> before = new Folder(folder).contents();
        before.remove("seedarr.db-shm");
        Command.Result result = user.run("update");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("error: " + database.file() + suffix + " (of root) cannot be written by this user\n");
        // The -shm is but an index of the log, in memory.
        assertThat(new Folder(folder).contents()).containsAllEntriesOf(before);
    }

    @Test
    void a_file_system_that_is_mounted_read_only_is_named_as_such() throws Exception {
        Program mounted = program.by(
                "unshare",
                "--mount",
                "sh",
                "-euc",
                "mount --bind data data; mount -o remount,bind,ro data; exec \"$@\"",
                "sh");
        assumeTrue(Program.shell(temporary, "unshare --mount true").run().exitCode() == 0);
        Command.Result result = mounted.run("update");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("""
                error: %s cannot be written: read-only file system
                nothing was changed; the database is still at base
                try: mounting it to be written; where it was, a look at the disk, which may be failing
                """.formatted(database.file()));
    }

    @Test
    void a_writable_file_in_a_folder_that_may_not_be_written_is_refused() throws Exception {
        Program user = unprivileged();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        byte[] before = database.bytes();
        Command.Result result = user.run("update");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("""
                error: %s (of root) cannot be written by this user
                nothing was changed; the database is still at base
                try: the user that Seedarr runs as; chown gives that user the database, its folder and what is beside it
                """.formatted(folder));
        assertThat(Arrays.equals(database.bytes(), before)).isTrue();
    }

    @Test
    void a_missing_file_in_a_folder_that_may_not_be_written_is_refused() throws Exception {
        Program user = unprivileged();
        Files.delete(database.file());
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        assertThat(succeeded(user.run("current")).out()).isEqualTo("base\n");
        Command.Result result = user.run("update");
        assertThat(result).isEqualTo(new Command.Result(1, "", """
                error: %s cannot be created: permission denied
                nothing was changed; the database is still at base
                try: a folder that this user can write
                """.formatted(database.file())));
    }
}
