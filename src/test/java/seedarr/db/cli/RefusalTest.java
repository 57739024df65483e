package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every refusal: exit code, the whole standard error, nothing on standard output, nothing changed. */
class RefusalTest {

    private static final String V1 = Sqlite.V1;

    /** As 003 makes it. */
    private static final String TAGS = "CREATE TABLE Tags (id INTEGER PRIMARY KEY, tag_id VARCHAR(50) NOT NULL UNIQUE,"
            + " label VARCHAR(200) NOT NULL, category VARCHAR(100), description VARCHAR(500), updated_at DATETIME NOT NULL,"
            + " created_at DATETIME NOT NULL)";

    @TempDir
    Path folder;

    /** Brings the folder and its database about. */
    interface Situation {
        void arrange(Path folder, Sqlite database, Command command) throws Exception;
    }

    /**
     * @param out what standard output holds; DIR stands for the folder, in err too
     */
    record Case(String name, Situation situation, List<String> args, int exitCode, String out, String err) {
        @Override
        public String toString() {
            return name + ": " + String.join(" ", args);
        }
    }

    private static final Situation NOTHING = (folder, database, command) -> {};
    private static final Situation AT_V1 = (folder, database, command) -> database.execute(V1);
    private static final Situation AT_001 = at("001");
    private static final Situation AT_HEAD = at("head");

    private static Situation at(String revision) {
        return (folder, database, command) -> {
            database.execute(V1);
            command.succeed("update", revision);
        };
    }

    private static Situation headAnd(String sql) {
        return (folder, database, command) -> {
            AT_HEAD.arrange(folder, database, command);
            database.execute(sql);
        };
    }

    private static Situation sql(String sql) {
        return (folder, database, command) -> database.execute(sql);
    }

    private static Situation file(byte... bytes) {
        return (folder, database, command) -> Files.write(database.file(), bytes);
    }

    /** A copy of the changelog in which a text is another. */
    private static Situation changelog(String file, String text, String by) {
        return (folder, database, command) -> {
            database.execute(V1);
            new Folder(folder).withChangelog().replace(file, text, by);
        };
    }

    private static Situation changelogOfHead(String file, String text, String by) {
        return (folder, database, command) -> {
            AT_HEAD.arrange(folder, database, command);
            new Folder(folder).withChangelog().replace(file, text, by);
        };
    }

    private static final Situation AHEAD = headAnd(
            "INSERT INTO DATABASECHANGELOG (ID, AUTHOR, FILENAME, DATEEXECUTED, ORDEREXECUTED, EXECTYPE, MD5SUM)"
                    + " VALUES ('004_later', 'seedarr', 'changelog/004_later.yaml', '2999-01-01 00:00:00', 4, 'EXECUTED', '9:0')");
    private static final Situation EDITED = headAnd("UPDATE DATABASECHANGELOG SET MD5SUM = '9:0' WHERE ID LIKE '002%'");
    private static final Situation EDITED_AT_002 = (folder, database, command) -> {
        EDITED.arrange(folder, database, command);
        database.execute("DELETE FROM DATABASECHANGELOG WHERE ID LIKE '003%'; DROP TABLE tags;");
    };
    private static final Situation AHEAD_AND_EDITED = (folder, database, command) -> {
        AHEAD.arrange(folder, database, command);
        database.execute("UPDATE DATABASECHANGELOG SET MD5SUM = '9:0' WHERE ID LIKE '002%'");
    };
    private static final Situation LOCK_ROW = (folder, database, command) -> {
        AT_001.arrange(folder, database, command);
        database.execute("UPDATE DATABASECHANGELOGLOCK SET LOCKED = 1, LOCKEDBY = 'nas (10.0.0.2)',"
                + " LOCKGRANTED = '2024-05-06 07:08:09'");
    };

    private static final Situation TRUNCATED = (folder, database, command) -> {
        AT_HEAD.arrange(folder, database, command);
        Files.write(database.file(), java.util.Arrays.copyOf(database.bytes(), 5000));
    };
    private static final Situation GARBLED = (folder, database, command) -> {
        AT_HEAD.arrange(folder, database, command);
        byte[] bytes = database.bytes();
        java.util.Arrays.fill(bytes, 100, bytes.length, (byte) 0x5a);
        Files.write(database.file(), bytes);
    };
    /** The schema of file_entries is not SQL. */
    private static final Situation GARBLED_SCHEMA = sql(
            V1
                    + "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE file_entries (' WHERE name = 'file_entries'");

    private static final String PLAN = """
            database  sqlite:///DIR/seedarr.db
            from      base
            to        003_add_tags_table (3 revisions)
            """;

    private static final List<Case> CASES = new ArrayList<>();

    private static void refuse(String name, Situation situation, String command, int exitCode, String err) {
        refuse(name, situation, List.of(command), exitCode, "", err);
    }

    private static void refuse(String name, Situation situation, String command, int exitCode, String out, String err) {
        refuse(name, situation, List.of(command), exitCode, out, err);
    }

    private static void refuse(String name, Situation situation, List<String> commands, int exitCode, String err) {
        refuse(name, situation, commands, exitCode, "", err);
    }

    private static void refuse(
            String name, Situation situation, List<String> commands, int exitCode, String out, String err) {
        for (String command : commands) {
            List<String> args = command.isEmpty() ? List.of() : List.of(command.split(" "));
            CASES.add(new Case(name, situation, args, exitCode, out, err));
        }
    }

    static {
        refuse("revision", AT_001, List.of("update 9", "rollback 9", "show 9", "update 9 --sql"), 2, """
                error: there is no revision 9
                try: one of 001_add_checkpoint_fields, 002_add_tmdb_cache, 003_add_tags_table
                """);
        refuse("revision", AT_001, List.of("update 00", "rollback 00", "show 00", "rollback 00 --sql"), 2, """
                error: 00 means more than one revision
                try: one of 001_add_checkpoint_fields, 002_add_tmdb_cache, 003_add_tags_table
                """);
        refuse("revision", AT_001, "update 001_ADD", 2, """
                error: there is no revision 001_ADD
                try: one of 001_add_checkpoint_fields, 002_add_tmdb_cache, 003_add_tags_table
                """);
        refuse("revision", AT_001, "update base", 2, """
                error: update does not go down to base
                try: seedarr-db rollback base
                """);
        refuse("revision", AT_001, "show base", 2, """
                error: there is no revision base
                try: one of 001_add_checkpoint_fields, 002_add_tmdb_cache, 003_add_tags_table
                """);
        refuse("not applied", AT_001, List.of("rollback 003", "rollback head"), 2, """
                error: 003_add_tags_table is not applied, so nothing can be undone down to it
                try: seedarr-db status, to see what is applied
                """);
        refuse("not applied", AT_001, "rollback 002 --sql", 2, """
                error: 002_add_tmdb_cache is not applied, so nothing can be undone down to it
                try: seedarr-db status, to see what is applied
                """);
        refuse("not applied", NOTHING, "rollback 001", 2, """
                error: 001_add_checkpoint_fields is not applied, so nothing can be undone down to it
                try: seedarr-db status, to see what is applied
                """);
        refuse("count", AT_001, "rollback-count 2", 2, """
                error: cannot undo 2 revisions: 1 is applied
                try: a number from 1 to 1
                """);
        refuse("count", AT_001, List.of("rollback-count -1", "rollback-count -1 --sql"), 2, """
                error: cannot undo -1 revisions: 1 is applied
                try: a number from 1 to 1
                """);
        refuse("count", AT_001, "rollback-count 99999999999", 2, """
                error: invalid value for N: '99999999999' cannot be read as a whole number
                try: seedarr-db rollback-count --help
                """);
        refuse("count", NOTHING, "rollback-count 1", 2, """
                error: cannot undo 1 revision: 0 are applied
                try: seedarr-db status
                """);
        refuse("count", AT_HEAD, List.of("rollback-count 4", "rollback-count 4 --sql"), 2, """
                error: cannot undo 4 revisions: 3 are applied
                try: a number from 1 to 3
                """);
        refuse("count", AT_HEAD, "rollback-count abc", 2, """
                error: invalid value for N: 'abc' cannot be read as a whole number
                try: seedarr-db rollback-count --help
                """);
        refuse("count", AT_HEAD, "rollback-count 1.5", 2, """
                error: invalid value for N: '1.5' cannot be read as a whole number
                try: seedarr-db rollback-count --help
                """);
        refuse("use", AT_V1, "", 2, """
                error: no command given
                try: seedarr-db --help
                """);
        refuse("use", AT_V1, "frob", 2, """
                error: not understood: 'frob'
                try: seedarr-db --help
                """);
        refuse("use", AT_V1, "updaet", 2, """
                error: not understood: 'updaet'
                try: seedarr-db update; or seedarr-db --help
                """);
        refuse("use", AT_V1, "--frob", 2, """
                error: unknown option: '--frob'
                try: seedarr-db --help
                """);
        refuse("use", AT_V1, "update --frob", 2, """
                error: unknown option: '--frob'
                try: seedarr-db update --help
                """);
        refuse("use", AT_V1, "update --sql --dry-run", 2, """
                error: --sql goes with neither --json nor --dry-run
                try: one of them alone
                """);
        refuse("use", AT_V1, "upgrade", 2, """
                error: not understood: 'upgrade'
                try: seedarr-db update; or seedarr-db --help
                """);
        refuse("use", AT_V1, "status --chek", 2, """
                error: unknown option: '--chek'
                try: seedarr-db status --check; or seedarr-db status --help
                """);
        refuse("use", AT_V1, "rollback base --no-bakcup", 2, """
                error: unknown option: '--no-bakcup'
                try: seedarr-db rollback --no-backup; or seedarr-db rollback --help
                """);
        refuse("use", AT_HEAD, "rollback -4", 2, """
                error: cannot undo 4 revisions: 3 are applied
                try: a number from 1 to 3
                """);
        refuse("use", AT_HEAD, "update +1", 2, """
                error: cannot apply 1 revision: 0 are pending
                try: seedarr-db status
                """);
        refuse("use", AT_V1, "update +4", 2, """
                error: cannot apply 4 revisions: 3 are pending
                try: a number from +1 to +3
                """);
        refuse("use", AT_V1, List.of("update --keep-backups 0", "backups --keep 0"), 2, """
                error: 0 backups to keep would leave none
                try: 1 or more
                """);
        refuse("use", AT_V1, "status --sql", 2, """
                error: unknown option: '--sql'
                try: seedarr-db status --help
                """);
        refuse("use", AT_V1, "rollback", 2, """
                error: missing required parameter: 'REV'
                try: seedarr-db rollback --help
                """);
        refuse("use", AT_V1, "rollback-count", 2, """
                error: missing required parameter: 'N'
                try: seedarr-db rollback-count --help
                """);
        refuse("use", AT_V1, "show", 2, """
                error: missing required parameter: 'REV'
                try: seedarr-db show --help
                """);
        refuse("use", AT_V1, "status extra", 2, """
                error: not understood: 'extra'
                try: seedarr-db status --help
                """);
        refuse("use", AT_V1, "update 001 002", 2, """
                error: not understood: '002'
                try: seedarr-db update --help
                """);
        refuse("use", AT_V1, "--url", 2, """
                error: missing required parameter for option '--url' (URL)
                try: seedarr-db --help
                """);
        refuse("use", AT_V1, "--defaults-file", 2, """
                error: missing required parameter for option '--defaults-file' (FILE)
                try: seedarr-db --help
                """);
        refuse("use", AT_V1, "update --lock-timeout", 2, """
                error: missing required parameter for option '--lock-timeout' (SECONDS)
                try: seedarr-db update --help
                """);
        refuse("use", AT_V1, "update --lock-timeout x", 2, """
                error: invalid value for option '--lock-timeout': 'x' cannot be read as a whole number
                try: seedarr-db update --help
                """);
        refuse("use", AT_V1, "-x status", 2, """
                error: unknown option: '-x'
                try: seedarr-db --help
                """);
        refuse("use", AT_V1, "status --check=maybe", 2, """
                error: invalid value for option '--check': 'maybe' is not a boolean
                try: seedarr-db status --help
                """);
        refuse(
                "ahead",
                AHEAD,
                List.of(
                        "update",
                        "rollback base",
                        "rollback 001",
                        "rollback-count 1",
                        "update --sql",
                        "rollback base --sql",
                        "rollback 001 --sql",
                        "rollback-count 1 --sql",
                        "update 001"),
                1,
                """
                error: the database is ahead of this changelog: it has 004_later
                try: the release of seedarr-db that applied it, to go up or down; or \
                seedarr-db restore DIR/seedarr.db.TIME.base.bak
                """);
        refuse(
                "edited",
                EDITED,
                List.of(
                        "update",
                        "rollback base",
                        "rollback 001",
                        "rollback-count 1",
                        "update --sql",
                        "rollback base --sql",
                        "rollback 001 --sql",
                        "rollback-count 1 --sql",
                        "update 001"),
                1,
                """
                error: 002_add_tmdb_cache was edited after it was applied (its checksum differs)
                try: the release of seedarr-db that applied it; if the edit is yours, undo it, seedarr-db rollback \
                001_add_checkpoint_fields, and edit again; or restore a backup
                """);
        refuse("edited", EDITED_AT_002, List.of("update", "update --sql"), 1, """
                error: 002_add_tmdb_cache was edited after it was applied (its checksum differs)
                try: the release of seedarr-db that applied it; if the edit is yours, undo it, seedarr-db rollback \
                001_add_checkpoint_fields, and edit again; or restore a backup
                """);
        refuse(
                "another application's",
                sql("CREATE TABLE users (id); CREATE TABLE posts (id); CREATE VIEW v AS SELECT 1"),
                "update",
                1,
                """
                error: this is not a database of Seedarr: it has no file_entries, but posts, users, v
                nothing was changed
                try: check which database the URL names
                """);
        refuse(
                "another application's, six tables",
                sql(
                        "CREATE TABLE f (x); CREATE TABLE e (x); CREATE TABLE d (x); CREATE TABLE c (x); CREATE TABLE b (x); CREATE TABLE \"a b\" (x)"),
                "update",
                1,
                """
                error: this is not a database of Seedarr: it has no file_entries, but a b, b, c, d, e
                nothing was changed
                try: check which database the URL names
                """);
        refuse(
                "half-migrated",
                sql(
                        V1
                                + "ALTER TABLE file_entries ADD COLUMN scanned_at DATETIME; ALTER TABLE file_entries ADD COLUMN Uploaded_At DATETIME"),
                "update",
                1,
                """
                error: 001_add_checkpoint_fields is half applied; there: file_entries.scanned_at, file_entries.uploaded_at; missing: file_entries.analyzed_at, file_entries.renamed_at, file_entries.metadata_generated_at
                nothing was changed
                try: seedarr-db adopt --finish
                """);
        refuse("half-migrated", sql(V1 + TAGS), "update", 1, """
                error: 001_add_checkpoint_fields is missing, but a later revision is not; there: tags; missing: file_entries.scanned_at, file_entries.analyzed_at, file_entries.renamed_at, file_entries.metadata_generated_at, file_entries.uploaded_at, tmdb_cache
                nothing was changed
                try: seedarr-db adopt --finish
                """);
        refuse("foreign file_entries", sql("CREATE TABLE file_entries (id INTEGER, path TEXT)"), "update", 1, """
                error: this file_entries is not that of Seedarr: it has only id, path
                nothing was changed
                try: check which database the URL names
                """);

        refuse(
                "another application's",
                sql("CREATE TABLE users (id); CREATE TABLE posts (id); CREATE VIEW v AS SELECT 1"),
                "update --sql",
                1,
                """
                error: this is not a database of Seedarr: it has no file_entries, but posts, users, v
                nothing was changed
                try: check which database the URL names
                """);
        refuse(
                "another application's, six tables",
                sql(
                        "CREATE TABLE f (x); CREATE TABLE e (x); CREATE TABLE d (x); CREATE TABLE c (x); CREATE TABLE b (x); CREATE TABLE \"a b\" (x)"),
                "update --sql",
                1,
                """
                error: this is not a database of Seedarr: it has no file_entries, but a b, b, c, d, e
                nothing was changed
                try: check which database the URL names
                """);
        refuse(
                "half-migrated",
                sql(
                        V1
                                + "ALTER TABLE file_entries ADD COLUMN scanned_at DATETIME; ALTER TABLE file_entries ADD COLUMN Uploaded_At DATETIME"),
                "update --sql",
                1,
                """
                error: 001_add_checkpoint_fields is half applied; there: file_entries.scanned_at, file_entries.uploaded_at; missing: file_entries.analyzed_at, file_entries.renamed_at, file_entries.metadata_generated_at
                nothing was changed
                try: seedarr-db adopt --finish
                """);
        refuse("half-migrated", sql(V1 + TAGS), "update --sql", 1, """
                error: 001_add_checkpoint_fields is missing, but a later revision is not; there: tags; missing: file_entries.scanned_at, file_entries.analyzed_at, file_entries.renamed_at, file_entries.metadata_generated_at, file_entries.uploaded_at, tmdb_cache
                nothing was changed
                try: seedarr-db adopt --finish
                """);
        refuse(
                "foreign file_entries",
                sql("CREATE TABLE file_entries (id INTEGER, path TEXT)"),
                "update --sql",
                1,
                """
                error: this file_entries is not that of Seedarr: it has only id, path
                nothing was changed
                try: check which database the URL names
                """);
        refuse(
                "folder",
                (folder, database, command) -> Files.createDirectory(database.file()),
                List.of("update", "status", "update --sql", "rollback base"),
                1,
                """
                error: DIR/seedarr.db is not a file
                try: a URL that names a database file
                """);
        refuse(
                "text file",
                (folder, database, command) -> Files.writeString(database.file(), "name: seedarr\n".repeat(1000)),
                List.of("status", "update", "update --sql", "rollback base", "current", "history"),
                1,
                """
                error: DIR/seedarr.db is not a SQLite database
                try: a URL that names Seedarr's database, or moving that file away
                """);
        refuse("one byte", file((byte) 'S'), List.of("status", "update", "update --sql", "rollback base"), 1, """
                error: DIR/seedarr.db is not a SQLite database
                try: a URL that names Seedarr's database, or moving that file away
                """);
        refuse(
                "header only",
                (folder, database, command) -> Files.writeString(database.file(), "SQLite format 3\0"),
                List.of("status", "update", "update --sql", "rollback base"),
                1,
                """
                error: DIR/seedarr.db is not a SQLite database
                try: a URL that names Seedarr's database, or moving that file away
                """);
        refuse("truncated", TRUNCATED, List.of("status", "update", "update --sql", "rollback base"), 1, """
                error: DIR/seedarr.db is damaged (database disk image is malformed)
                try: seedarr-db restore DIR/seedarr.db.TIME.base.bak
                """);
        refuse("garbled", GARBLED, List.of("status", "update", "update --sql", "rollback base"), 1, """
                error: DIR/seedarr.db is damaged (database disk image is malformed)
                try: seedarr-db restore DIR/seedarr.db.TIME.base.bak
                """);
        refuse("garbled schema", GARBLED_SCHEMA, List.of("status", "update", "update --sql", "rollback base"), 1, """
                error: DIR/seedarr.db is damaged (malformed database schema (file_entries) - incomplete input)
                try: seedarr-db restore FILE, with a backup; or what the sqlite3 shell's .recover can save
                """);
        refuse(
                "lock row",
                LOCK_ROW,
                List.of(
                        "update --lock-timeout 0",
                        "rollback base --lock-timeout 0",
                        "rollback-count 1 --lock-timeout 0"),
                1,
                """
                error: Liquibase on nas (10.0.0.2) holds the changelog lock since 2024-05-06 07:08:09
                nothing was changed; the database is still at 001_add_checkpoint_fields
                try: again when it is done; if it was killed, seedarr-db release-locks
                """);
        refuse(
                "failing third revision",
                changelog("changelog/003_add_tags_table.yaml", "ON tags (label)", "ON tags (labels)"),
                "update --defaults-file liquibase.properties",
                1,
                PLAN + """
                  up    001_add_checkpoint_fields  N ms
                  up    002_add_tmdb_cache         N ms
                """,
                """
                error: 003_add_tags_table failed: no such column: labels
                nothing was changed; the database is still at base
                try: mending what it names, then the same command again
                """);
        refuse(
                "failing third revision",
                changelog("changelog/003_add_tags_table.yaml", "ON tags (label)", "ON tags (labels)"),
                "update -q --defaults-file liquibase.properties",
                1,
                """
                error: 003_add_tags_table failed: no such column: labels
                nothing was changed; the database is still at base
                try: mending what it names, then the same command again
                """);
        refuse(
                "syntax error in SQL",
                changelog(
                        "changelog/001_add_checkpoint_fields.yaml",
                        "ALTER TABLE file_entries ADD COLUMN renamed_at",
                        "ALTER TABEL file_entries ADD COLUMN renamed_at"),
                "update --defaults-file liquibase.properties",
                1,
                PLAN,
                """
                error: 001_add_checkpoint_fields failed: near "TABEL": syntax error
                nothing was changed; the database is still at base
                try: mending what it names, then the same command again
                """);
        refuse(
                "runInTransaction",
                changelog(
                        "changelog/002_add_tmdb_cache.yaml",
                        "author: seedarr",
                        "author: seedarr\n      runInTransaction: false"),
                List.of("update --defaults-file liquibase.properties", "status --defaults-file liquibase.properties"),
                1,
                """
                error: changelog/002_add_tmdb_cache.yaml has runInTransaction in changeSet, which a revision may not have
                try: leaving it out, or a look at its spelling: a revision is applied once, whole or not at all
                """);
        refuse(
                "malformed YAML",
                changelog("changelog/002_add_tmdb_cache.yaml", "author: seedarr", "author: [seedarr"),
                List.of(
                        "update --defaults-file liquibase.properties",
                        "status --defaults-file liquibase.properties",
                        "update --sql --defaults-file liquibase.properties",
                        "show 001 --defaults-file liquibase.properties"),
                1,
                """
                error: the changelog cannot be read: Error parsing changelog/master.yaml : Syntax error in file changelog/002_add_tmdb_cache.yaml: while parsing a flow sequence
                try: mending DIR/changelog/master.yaml or what it includes
                """);
        refuse(
                "missing include",
                changelog("changelog/master.yaml", "003_add", "004_add"),
                List.of("update --defaults-file liquibase.properties", "status --defaults-file liquibase.properties"),
                1,
                """
                error: the changelog cannot be read: Error parsing changelog/master.yaml : The file changelog/004_add_tags_table.yaml was not found in the configured search path:
                try: mending DIR/changelog/master.yaml or what it includes
                """);
        refuse(
                "missing changelog",
                changelog("liquibase.properties", "changelog/master", "changelog/missing"),
                List.of("update --defaults-file liquibase.properties", "status --defaults-file liquibase.properties"),
                1,
                """
                error: the changelog cannot be read: changelog/missing.yaml does not exist
                try: mending DIR/changelog/missing.yaml or what it includes
                """);
        refuse(
                "no changelogFile",
                changelog("liquibase.properties", "changelogFile", "aFile"),
                List.of("update --defaults-file liquibase.properties", "status --defaults-file liquibase.properties"),
                2,
                """
                error: DIR/liquibase.properties names no changelogFile
                try: a line changelogFile=changelog/master.yaml in it
                """);
        refuse(
                "missing defaults file",
                AT_V1,
                List.of("update --defaults-file missing.properties", "status --defaults-file missing.properties"),
                2,
                """
                error: DIR/missing.properties cannot be read
                try: --defaults-file with a readable liquibase.properties
                """);
        refuse(
                "missing defaults folder",
                AT_V1,
                List.of("update --defaults-file no/missing.properties", "status --defaults-file no/missing.properties"),
                2,
                """
                error: DIR/no/missing.properties cannot be read
                try: --defaults-file with a readable liquibase.properties
                """);
        refuse(
                "unknown change",
                changelog("changelog/002_add_tmdb_cache.yaml", "- sql:\n            sql", "- squeal:\n            sql"),
                "update --defaults-file liquibase.properties",
                1,
                """
                error: changelog/002_add_tmdb_cache.yaml has squeal, but a revision is SQL and nothing else
                try: the statement itself in a sql change
                """);
        refuse(
                "empty changelog",
                (folder, database, command) -> {
                    database.execute(V1);
                    Files.createDirectory(folder.resolve("changelog"));
                    Files.writeString(folder.resolve("changelog/master.yaml"), "");
                    Files.copy(
                            Folder.INSTALLATION.resolve("liquibase.properties"),
                            folder.resolve("liquibase.properties"));
                },
                "update --defaults-file liquibase.properties",
                1,
                """
                error: changelog/master.yaml has no changeset
                try: a changeset in it, or no include of it
                """);
        refuse("defaults file is a folder", AT_V1, "status --defaults-file .", 2, """
                error: DIR/. cannot be read
                try: --defaults-file with a readable liquibase.properties
                """);
        refuse(
                "pipe",
                (folder, database, command) -> Files.createSymbolicLink(database.file(), Path.of("/dev/null")),
                "update",
                1,
                """
                error: /dev/null is not a file
                try: a URL that names a database file
                """);
        refuse("ahead and edited", AHEAD_AND_EDITED, "update", 1, """
                error: the database is ahead of this changelog: it has 004_later
                try: the release of seedarr-db that applied it, to go up or down; or \
                seedarr-db restore DIR/seedarr.db.TIME.base.bak
                """);
        refuse(
                "failing rollback of the first revision",
                changelogOfHead(
                        "changelog/001_add_checkpoint_fields.yaml",
                        "DROP COLUMN scanned_at",
                        "DROP COLUMN rescanned_at"),
                "rollback base --defaults-file liquibase.properties",
                1,
                """
                database  sqlite:///DIR/seedarr.db
                from      003_add_tags_table
                to        base (3 revisions)
                  down  003_add_tags_table         N ms
                  down  002_add_tmdb_cache         N ms
                """,
                """
                error: 001_add_checkpoint_fields failed: no such column: "rescanned_at"
                nothing was changed; the database is still at 003_add_tags_table
                try: mending what it names, then the same command again
                """);
    }

    static List<Case> cases() {
        return CASES;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void the_command_refuses_and_changes_nothing(Case refusal) throws Exception {
        Sqlite database = new Sqlite(folder.resolve("seedarr.db"));
        Command command = Command.in(folder).on(database.url());
        refusal.situation().arrange(folder, database, command);
        Map<String, String> before = new Folder(folder).contents();

        Command.Result result = command.run(refusal.args().toArray(String[]::new));

        assertThat(normalized(result)).isEqualTo(refusal.exitCode() + "\n" + refusal.out() + "\n" + refusal.err());
        assertThat(new Folder(folder).contents()).isEqualTo(before);
        // JUnit warns of a link that leads out of its folder.
        if (Files.isSymbolicLink(database.file())) {
            Files.delete(database.file());
        }
    }

    @Test
    void a_database_locked_by_another_program_is_refused_after_the_timeout() throws Exception {
        Sqlite database = Sqlite.v1(folder);
        Command command = Command.in(folder).on(database.url());
        command.succeed("update", "001");
        byte[] before = database.bytes();
        try (OtherProcess application = OtherProcess.holding(database.file(), "BEGIN IMMEDIATE")) {
            for (String args : List.of("update", "rollback base", "rollback-count 1")) {
                Command.Result result = command.run((args + " --lock-timeout 0").split(" "));
                assertThat(normalized(result)).isEqualTo("""
                        1

                        error: DIR/seedarr.db is locked by another program
                        nothing was changed; the database is still at 001_add_checkpoint_fields
                        try: stopping Seedarr, then the same command again
                        """);
            }
            assertThat(command.succeed("current")).isEqualTo("001_add_checkpoint_fields\n");
            assertThat(command.succeed("update", "001", "--lock-timeout", "0")).startsWith("nothing to do");
            assertThat(command.succeed("update", "--sql", "--lock-timeout", "0"))
                    .contains("CREATE TABLE tags");
            assertThat(application.isRunning()).isTrue();
        }
        assertThat(database.bytes()).isEqualTo(before);
    }

    @Test
    void the_lock_timeout_also_counts_while_another_program_lets_nobody_read() throws Exception {
        Sqlite database = Sqlite.v1(folder);
        OtherProcess application = OtherProcess.holding(database.file(), "BEGIN EXCLUSIVE");
        // Longer than the 5 seconds that a reader waits.
        CompletableFuture.runAsync(
                application::close, CompletableFuture.delayedExecutor(7, java.util.concurrent.TimeUnit.SECONDS));
        Command.in(folder).on(database.url()).succeed("update", "--lock-timeout", "60");
    }

    @Test
    void a_reader_that_is_locked_out_is_not_told_of_an_option_that_it_does_not_have() throws Exception {
        Sqlite database = Sqlite.v1(folder);
        try (OtherProcess application = OtherProcess.holding(database.file(), "BEGIN EXCLUSIVE")) {
            Command.Result result = Command.in(folder).on(database.url()).run("status");
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("is locked by another program").doesNotContain("--lock-timeout");
            assertThat(application.isRunning()).isTrue();
        }
    }

    @Test
    void a_negative_lock_timeout_is_wrong_use() throws Exception {
        Sqlite database = Sqlite.v1(folder);
        assertThat(Command.in(folder)
                        .on(database.url())
                        .run("update", "--lock-timeout", "-1")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void a_revision_that_is_there_twice_is_named() throws Exception {
        Sqlite database = Sqlite.v1(folder);
        new Folder(folder).withChangelog().replace("changelog/master.yaml", "003_add_tags_table", "002_add_tmdb_cache");
        Command.Result result =
                Command.in(folder).on(database.url()).run("update", "--defaults-file", "liquibase.properties");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.firstErrorLine().orElseThrow()).contains("002_add_tmdb_cache");
    }

    @Test
    void a_history_without_checksums_is_not_edited() throws Exception {
        Sqlite database = Sqlite.v1(folder);
        Command command = Command.in(folder).on(database.url());
        command.succeed("update", "002");
        database.execute("UPDATE DATABASECHANGELOG SET MD5SUM = NULL");
        command.succeed("update");
        command.succeed("rollback", "base");
    }

    @Test
    void undoing_none_and_applying_what_is_applied_do_nothing_and_say_so() throws Exception {
        Sqlite database = Sqlite.v1(folder);
        Command command = Command.in(folder).on(database.url());
        command.succeed("update");
        byte[] before = database.bytes();
        String nothing = "nothing to do: " + database.url() + " is at 003_add_tags_table\n";
        for (String args :
                List.of("update", "update 001", "update head", "rollback-count 0", "rollback 003", "rollback head")) {
            assertThat(command.succeed(args.split(" "))).as(args).isEqualTo(nothing);
            assertThat(command.succeed((args + " --quiet").split(" "))).as(args).isEmpty();
            assertThat(command.succeed((args + " --sql").split(" "))).as(args).isEmpty();
        }
        assertThat(database.bytes()).isEqualTo(before);
    }

    @Test
    void nothing_is_created_where_a_command_only_reads_or_is_refused() throws Exception {
        Command command = Command.in(folder).on("sqlite:///" + folder.resolve("no/such/folder/seedarr.db"));
        for (String args : List.of(
                "status",
                "current",
                "history",
                "show 001",
                "update --sql",
                "rollback base",
                "rollback base --sql",
                "update base",
                "rollback-count 1",
                "update 9")) {
            command.run(args.split(" "));
            assertThat(folder).as(args).isEmptyDirectory();
        }
    }

    @Test
    void a_failed_first_update_leaves_no_file_and_no_folder() throws Exception {
        new Folder(folder)
                .withChangelog()
                .replace("changelog/003_add_tags_table.yaml", "tags (label)", "tags (labels)");
        Map<String, String> before = new Folder(folder).contents();
        Command command = Command.in(folder).on("sqlite:///" + folder.resolve("no/such/folder/seedarr.db"));
        Command.Result result = command.run("update", "--defaults-file", "liquibase.properties");
        assertThat(result.err()).isEqualTo("""
                error: 003_add_tags_table failed: no such column: labels
                nothing was changed; the database is still at base
                try: mending what it names, then the same command again
                """);
        assertThat(new Folder(folder).contents()).isEqualTo(before);
    }

    @Test
    void verbose_adds_the_stack_trace_below_the_same_lines() throws Exception {
        Sqlite database = Sqlite.v1(folder);
        new Folder(folder)
                .withChangelog()
                .replace("changelog/003_add_tags_table.yaml", "tags (label)", "tags (labels)");
        Command command = Command.in(folder).on(database.url());
        String plain =
                command.run("update", "--defaults-file", "liquibase.properties").err();
        String verbose = command.run("update", "--defaults-file", "liquibase.properties", "--verbose")
                .err();
        assertThat(verbose).startsWith(plain).contains("Caused by: ", "\tat seedarr.db.");
    }

    private String normalized(Command.Result result) {
        return (result.exitCode() + "\n" + result.out() + "\n" + result.err())
                .replace(folder.toString(), "DIR")
                .replaceAll("[0-9]{8}T[0-9]{6}Z", "TIME")
                .replaceAll("[0-9]+ ms", "N ms");
    }
}
