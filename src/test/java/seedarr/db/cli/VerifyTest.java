package seedarr.db.cli;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** A changelog that is broken in one way is caught, with the right sentence, and nothing else is said. */
class VerifyTest {

    private static final String R1 = "changelog/001_add_checkpoint_fields.yaml";
    private static final String R2 = "changelog/002_add_tmdb_cache.yaml";
    private static final String R3 = "changelog/003_add_tags_table.yaml";
    private static final String R4 = "changelog/004_test.yaml";
    private static final String MASTER = "changelog/master.yaml";

    @TempDir
    Path folder;

    private Folder files;

    @BeforeEach
    void a_copy_of_the_changelog() throws Exception {
        files = new Folder(folder).withChangelog();
    }

    private Command command() {
        return Command.in(folder);
    }

    private Command.Result verify(String... options) {
        List<String> args = new ArrayList<>(List.of("verify", "--defaults-file", "liquibase.properties"));
        args.addAll(List.of(options));
        return command().run(args.toArray(String[]::new));
    }

    /** Breaks a changelog. */
    interface Sabotage {
        void on(Folder folder) throws Exception;
    }

    /**
     * @param faults the lines of the faults and warnings, each up to where it is cut here
     */
    record Case(String name, Sabotage sabotage, List<String> faults) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case broken(String name, Sabotage sabotage, String... faults) {
        return new Case(name, sabotage, List.of(faults));
    }

    /** Empties the column note of a table, of which rows are lost, as many as it says. */
    private static Case emptied(String whose, String rows, String table) {
        return broken(
                "a column emptied of a table whose " + whose,
                folder -> {
                    folder.add("004_test", "CREATE TABLE a " + table, "DROP TABLE a");
                    folder.add("005_test", "UPDATE a SET note = NULL", "SELECT 1");
                },
                "fault: changelog/005_test.yaml: its rollback leaves other rows: " + rows,
                "fault: changelog/005_test.yaml: changes rows on the way up: " + rows);
    }

    private static Sabotage replace(String file, String text, String by) {
        return folder -> folder.replace(file, text, by);
    }

    /** Adds a revision 004 with its SQL both ways. */
    private static Sabotage revision(String up, String down) {
        return revision("", up, down);
    }

    private static Sabotage revision(String settings, String up, String down) {
        return folder -> folder.add("004_test", settings, up, down);
    }

    private static final String DESTRUCTIVE = "labels: destructive";

    static Stream<Case> sabotages() {
        return Stream.of(
                // The form
                broken(
                        "no YAML",
                        replace(R2, "author: seedarr", "author: [seedarr"),
                        "fault: " + R2 + ": is no YAML: line "),
                broken(
                        "a key twice, of which Liquibase takes the last",
                        replace(
                                R3,
                                "        - sql:\n",
                                "        - sql:\n            sql: CREATE TABLE forgotten (id INTEGER)\n"),
                        "fault: " + R3 + ": is no YAML: line "),
                broken(
                        "keys that Liquibase does not know and passes over",
                        folder -> {
                            replace(R2, "      author: seedarr\n", "      author: seedarr\n      lables: destructive\n")
                                    .on(folder);
                            replace(
                                            R3,
                                            "        - sql:\n",
                                            "        - sql: { sql: SELECT 1, dmbs: sqlite }\n        - sql:\n")
                                    .on(folder);
                        },
                        "fault: " + R2 + ": has lables in changeSet, which a revision may not have",
                        "fault: " + R3 + ": has dmbs in sql, which a revision may not have"),
                broken(
                        "no author",
                        replace(R3, "      author: seedarr\n", ""),
                        "fault: " + R3 + ": has no author",
                        "fault: " + R3 + ": does not come up: "),
                broken(
                        "two changesets in a file",
                        replace(R2, "databaseChangeLog:\n", """
                                databaseChangeLog:
                                  - changeSet: { id: another, author: a, logicalFilePath: changelog/002_add_tmdb_cache.yaml, changes: [
                                      { sql: { sql: SELECT 1 } }, { tagDatabase: { tag: 002_add_tmdb_cache } }],
                                      rollback: [ { sql: { sql: SELECT 1 } }] }
                                """),
                        "fault: " + R2 + ": has 2 changesets",
                        "fault: " + R2 + ": has the id another"),
                broken(
                        "another id",
                        replace(R2, "id: 002_add_tmdb_cache", "id: 002_cache"),
                        "fault: " + R2 + ": has the id 002_cache"),
                broken(
                        "an id that YAML takes for a number",
                        replace(R2, "id: 002_add_tmdb_cache", "id: 002"),
                        "fault: " + R2 + ": has the id 2"),
                broken(
                        "a duplicate id",
                        replace(R2, "id: 002_add_tmdb_cache", "id: 001_add_checkpoint_fields"),
                        "fault: " + R2 + ": has the id 001_add_checkpoint_fields"),
                broken(
                        "another tag",
                        replace(R2, "tag: 002_add_tmdb_cache", "tag: 002"),
                        "fault: " + R2 + ": has the tag 2"),
                broken(
                        "no tag",
                        replace(R2, "        - tagDatabase: { tag: 002_add_tmdb_cache }\n", "        - empty: {}\n"),
                        "fault: " + R2 + ": does not end in a tagDatabase"),
                broken(
                        "no logicalFilePath",
                        replace(R2, "      logicalFilePath: " + R2 + "\n", ""),
                        "fault: " + R2 + ": has no logicalFilePath"),
                broken(
                        "a logicalFilePath that the changeset itself has not",
                        replace(
                                R2,
                                "  - changeSet:\n      id: 002_add_tmdb_cache\n      author: seedarr\n      logicalFilePath: "
                                        + R2,
                                "  - logicalFilePath: " + R2
                                        + "\n  - changeSet:\n      id: 002_add_tmdb_cache\n      author: seedarr"),
                        "fault: " + R2 + ": has no logicalFilePath"),
                broken(
                        "a missing include",
                        replace(
                                MASTER,
                                "  - include: { file: 003_add_tags_table.yaml, relativeToChangelogFile: true }\n",
                                ""),
                        "fault: " + R3 + ": is included nowhere"),
                broken(
                        "an include of what is not there",
                        replace(MASTER, "003_add_tags_table.yaml", "003_add_tags.yaml"),
                        "fault: " + MASTER + ": includes 003_add_tags.yaml, which is not there",
                        "fault: " + R3 + ": is included nowhere"),
                broken(
                        "an include twice",
                        replace(MASTER, "003_add_tags_table.yaml", "002_add_tmdb_cache.yaml"),
                        "fault: " + MASTER + ": includes 002_add_tmdb_cache.yaml twice",
                        "fault: " + R3 + ": is included nowhere"),
                broken(
                        "includes in another order",
                        folder -> {
                            folder.replace(MASTER, "file: 002_add_tmdb_cache", "file: x");
                            folder.replace(MASTER, "file: 003_add_tags_table", "file: 002_add_tmdb_cache");
                            folder.replace(MASTER, "file: x", "file: 003_add_tags_table");
                        },
                        "fault: " + MASTER + ": includes 002_add_tmdb_cache.yaml after 003_add_tags_table"),
                broken(
                        "two people's 003",
                        folder -> {
                            revision("CREATE TABLE a (id INTEGER)", "DROP TABLE a")
                                    .on(folder);
                            Files.move(folder.path().resolve(R4), folder.path().resolve("changelog/003_test.yaml"));
                            folder.replace(MASTER, "004_test", "003_test");
                            folder.replace("changelog/003_test.yaml", "004_test", "003_test");
                        },
                        "fault: changelog/003_test.yaml: has the number 003, which " + R3 + " has as well"),
                broken(
                        "no rollback",
                        folder -> {
                            String text = Files.readString(folder.path().resolve(R3));
                            Files.writeString(
                                    folder.path().resolve(R3), text.substring(0, text.indexOf("      rollback:")));
                        },
                        "fault: " + R3 + ": has no rollback",
                        "fault: " + R3 + ": its rollback fails: "),
                broken(
                        "a rollback of nothing but a comment",
                        folder -> {
                            String text = Files.readString(folder.path().resolve(R3));
                            Files.writeString(
                                    folder.path().resolve(R3),
                                    text.substring(0, text.indexOf("      rollback:"))
                                            + "      rollback:\n        - sql: { sql: \"-- nothing\" }\n");
                        },
                        "fault: " + R3 + ": has no rollback"),
                broken(
                        "nothing but comments",
                        revision("-- the SQL of this revision", "-- the SQL that undoes it"),
                        "fault: " + R4 + ": changes nothing",
                        "fault: " + R4 + ": has no rollback"),
                broken(
                        "no tag",
                        folder -> {
                            revision("CREATE TABLE a (id INTEGER)", "DROP TABLE a")
                                    .on(folder);
                            folder.replace(R4, "        - tagDatabase: { tag: 004_test }\n", "");
                        },
                        "fault: " + R4 + ": does not end in a tagDatabase"),
                broken(
                        "an empty sql among others",
                        replace(
                                R3,
                                "        - tagDatabase",
                                "        - sql: { sql: \"\" }\n        - sql: { dbms: sqlite }\n        - tagDatabase"),
                        "fault: " + R3 + ": has a statement with nothing in it"),
                broken(
                        "a comment after the last statement",
                        revision("CREATE TABLE a (id INTEGER);\\n-- that is it", "DROP TABLE a"),
                        "fault: " + R4 + ": has a statement with nothing in it"),
                broken(
                        "a file that is empty",
                        folder -> {
                            revision("SELECT 1", "SELECT 1").on(folder);
                            Files.writeString(folder.path().resolve(R4), "");
                        },
                        "fault: " + R4 + ": has no changeset"),
                broken(
                        "a list of no changesets",
                        folder -> {
                            revision("SELECT 1", "SELECT 1").on(folder);
                            Files.writeString(folder.path().resolve(R4), "databaseChangeLog: []\n");
                        },
                        "fault: " + R4 + ": has no changeset"),
                broken(
                        "SQL for one database only",
                        revision(
                                "CREATE TABLE a (id INTEGER)\", dbms: \"sqlite", "DROP TABLE a\", dbms: \"!postgresql"),
                        "fault: " + R4 + ": has SQL with dbms: sqlite, and none with dbms: postgresql",
                        "fault: " + R4 + ": has SQL with dbms: sqlite in its rollback, and none with dbms: postgresql"),
                broken(
                        "SQL for one database only, beside what is for both",
                        revision("SELECT 1\", dbms: \"postgresql\" }\n        - sql: { sql: \"SELECT 1", "SELECT 1"),
                        "fault: " + R4 + ": has SQL with dbms: postgresql, and none with dbms: sqlite"),
                broken(
                        "SQL for one database only, as the label says",
                        revision(
                                "labels: sqlite-only",
                                "CREATE TABLE a (id INTEGER)\", dbms: \"sqlite",
                                "DROP TABLE a\", dbms: \"sqlite")),
                broken(
                        "a label that says so, and a rollback for both",
                        revision(
                                "labels: sqlite-only", "CREATE TABLE a (id INTEGER)\", dbms: \"sqlite", "DROP TABLE a"),
                        "fault: " + R4 + ": has labels: sqlite-only, but SQL for postgresql as well"),
                broken(
                        "SELECT 1 for the other, and a rollback that undoes there what was not done",
                        revision(
                                "CREATE TABLE a (id INTEGER)\", dbms: \"sqlite\" }\n        - sql: { dbms: postgresql, sql: \"SELECT 1 AS x",
                                "DROP TABLE a"),
                        "fault: " + R4 + ": does nothing on postgresql, but its rollback does"),
                broken(
                        "SQL for one database, and SELECT 1 for the other",
                        revision(
                                "CREATE TABLE a (id INTEGER)\", dbms: \"sqlite\" }\n        - sql: { dbms: postgresql, sql: \"SELECT 1",
                                "DROP TABLE IF EXISTS a\", dbms: \"postgresql, sqlite")),
                broken(
                        "SQL for neither database",
                        revision("CREATE TABLE a (id INTEGER)\", dbms: \"mysql", "SELECT 1\", dbms: \"none"),
                        "fault: " + R4 + ": has dbms: mysql, which is neither SQLite nor PostgreSQL",
                        "fault: " + R4 + ": changes nothing",
                        "fault: " + R4 + ": has dbms: none, which is neither SQLite nor PostgreSQL",
                        "fault: " + R4 + ": has no rollback"),
                broken(
                        "a property that is not there, in two files",
                        folder -> {
                            replace(R2, "VARCHAR(50)", "${type.unknown}").on(folder);
                            replace(R3, "Creates tags", "${user.home}").on(folder);
                        },
                        "fault: " + R2 + ": has ${type.unknown}, which is no property of the changelog",
                        "fault: " + R3 + ": has ${user.home}, which is no property of the changelog"),
                broken(
                        "a property for SQLite only, in SQL for both",
                        folder -> {
                            replace(
                                            MASTER,
                                            "  - include: { file: 001",
                                            "  - property: { dbms: sqlite, name: x.y, value: TEXT }\n  - include: { file: 001")
                                    .on(folder);
                            revision("ALTER TABLE tags ADD COLUMN a ${x.y}", "ALTER TABLE tags DROP COLUMN a")
                                    .on(folder);
                        },
                        "fault: " + R4 + ": has ${x.y}, which is no property of the changelog"),
                broken("properties within properties, and an escape", folder -> {
                    replace(
                                    MASTER,
                                    "  - include: { file: 001",
                                    "  - property: { name: x.z, value: TEXT }\n"
                                            + "  - property: { name: x.y, value: \"${x.z} DEFAULT '${:x.z}'\" }\n"
                                            + "  - include: { file: 001")
                            .on(folder);
                    revision(
                                    "labels: sqlite-only",
                                    "ALTER TABLE tags ADD COLUMN a ${x.y}\", dbms: \"sqlite",
                                    "ALTER TABLE tags DROP COLUMN a\", dbms: \"sqlite")
                            .on(folder);
                }),
                broken(
                        "addColumn",
                        replace(
                                R3,
                                "        - tagDatabase",
                                "        - addColumn: { tableName: tags, columns: [ { column: { name: colour, type: text } } ] }\n        - tagDatabase"),
                        "fault: " + R3 + ": has addColumn, but a revision is SQL and nothing else"),
                broken(
                        "dropColumn",
                        replace(
                                R3,
                                "        - tagDatabase",
                                "        - dropColumn: { tableName: tags, columnName: category }\n        - tagDatabase"),
                        "fault: " + R3 + ": has dropColumn, but a revision is SQL and nothing else"),
                broken(
                        "a change of Liquibase's own in the rollback",
                        replace(R3, "      rollback:\n", "      rollback:\n        - dropTable: { tableName: tags }\n"),
                        "fault: " + R3 + ": has dropTable, but a revision is SQL and nothing else"),
                broken(
                        "SQL that is changed while it runs",
                        replace(
                                R3,
                                "      author: seedarr\n",
                                "      author: seedarr\n      modifySql: { append: { value: '; COMMIT' } }\n"),
                        "fault: " + R3 + ": has modifySql"),
                broken(
                        "faults of two files, one of which Liquibase cannot read",
                        folder -> {
                            replace(R2, "- sql:", "- squeal:").on(folder);
                            replace(R3, "tag: 003_add_tags_table", "tag: 003").on(folder);
                        },
                        "fault: " + R2 + ": has squeal, but a revision is SQL and nothing else",
                        "fault: " + R3 + ": has the tag 3"),
                broken(
                        "outside of the transaction",
                        replace(
                                R3,
                                "      author: seedarr\n",
                                "      author: seedarr\n      runInTransaction: false\n"),
                        "fault: " + R3 + ": has runInTransaction in changeSet, which a revision may not have"),
                // The rollback
                broken(
                        "a rollback that leaves an index to its table",
                        replace(R3, "              DROP INDEX idx_tags_label;\n", "")),
                broken(
                        "a rollback that forgets a table",
                        replace(R3, "DROP TABLE tags;", "SELECT 1;"),
                        "fault: " + R3 + ": its rollback leaves another schema: left over: table tags",
                        "fault: " + R3
                                + ": does not come up a second time: 003_add_tags_table failed: table tags already exists"),
                broken(
                        "a rollback that forgets a column",
                        replace(R1, "              ALTER TABLE file_entries DROP COLUMN renamed_at;\n", ""),
                        "fault: " + R1
                                + ": does not come up again after its rollback: the database has parts of these revisions already, but no record of them: file_entries.renamed_at",
                        "warning: " + R2 + ": is not proved: an earlier one does not come up",
                        "warning: " + R3 + ": is not proved: "),
                broken(
                        "a rollback that forgets a trigger and a view",
                        revision(
                                "CREATE TRIGGER t AFTER INSERT ON tags BEGIN SELECT 1; END",
                                "DROP TRIGGER IF EXISTS u"),
                        "fault: " + R4 + ": its rollback leaves another schema: left over: trigger t",
                        "fault: " + R4 + ": does not come up a second time: "),
                broken(
                        "a rollback that drops a row",
                        replace(
                                R2,
                                "DROP TABLE tmdb_cache;",
                                "DROP TABLE tmdb_cache;\n              DELETE FROM file_entries WHERE id = 1;"),
                        "fault: " + R2 + ": its rollback leaves other rows: 1 row of file_entries lost or changed"),
                broken(
                        "a rollback that changes a value",
                        replace(
                                R2,
                                "DROP TABLE tmdb_cache;",
                                "DROP TABLE tmdb_cache;\n              UPDATE file_entries SET error_message = trim(error_message, 'x 0123456789');"),
                        "fault: " + R2 + ": its rollback leaves other rows: 5 rows of file_entries lost or changed"),
                broken(
                        "a rollback that restores a column without its default",
                        folder -> {
                            folder.replace(R3, "category VARCHAR(100)", "category VARCHAR(100) DEFAULT 'x'");
                            revision(
                                            DESTRUCTIVE,
                                            "ALTER TABLE tags DROP COLUMN category",
                                            "ALTER TABLE tags ADD COLUMN category VARCHAR(100)")
                                    .on(folder);
                        },
                        "fault: " + R4
                                + ": its rollback leaves another schema: changed: column tags.category: category VARCHAR(100) DEFAULT 'x' -> category VARCHAR(100)",
                        "warning: " + R4 + ": drops, as its label destructive says: tags.category"),
                broken(
                        "a rollback that makes a table again without its UNIQUE",
                        folder -> {
                            folder.replace(R3, "label VARCHAR(200) NOT NULL", "label VARCHAR(200) NOT NULL UNIQUE");
                            revision(
                                            DESTRUCTIVE,
                                            "DROP INDEX idx_tags_tag_id; DROP INDEX idx_tags_label; DROP INDEX idx_tags_updated_at; DROP TABLE tags",
                                            "CREATE TABLE tags (id INTEGER NOT NULL, tag_id VARCHAR(50) NOT NULL, label VARCHAR(200) NOT NULL,"
                                                    + " category VARCHAR(100), description VARCHAR(500), updated_at DATETIME NOT NULL, created_at DATETIME NOT NULL,"
                                                    + " PRIMARY KEY (id)); CREATE UNIQUE INDEX idx_tags_tag_id ON tags (tag_id);"
                                                    + " CREATE INDEX idx_tags_label ON tags (label); CREATE INDEX idx_tags_updated_at ON tags (updated_at)")
                                    .on(folder);
                        },
                        "fault: " + R4
                                + ": its rollback leaves another schema: changed: column tags.label: label VARCHAR(200) NOT NULL UNIQUE -> label VARCHAR(200) NOT NULL",
                        "warning: " + R4 + ": drops, as its label destructive says: table tags"),
                broken(
                        "a rollback with a mistake",
                        replace(R3, "DROP TABLE tags;", "DROP TABLE tagz;"),
                        "fault: " + R3 + ": its rollback fails: 003_add_tags_table failed: no such table: tagz"),
                // The way up
                broken(
                        "a revision with a mistake",
                        replace(R3, "ON tags (label)", "ON tags (labels)"),
                        "fault: " + R3 + ": does not come up: 003_add_tags_table failed: no such column: labels"),
                broken(
                        "a row lost",
                        revision("DELETE FROM tags WHERE id = 2", "SELECT 1"),
                        "fault: " + R4 + ": its rollback leaves other rows: 1 row of tags lost or changed",
                        "fault: " + R4 + ": changes rows on the way up: 1 row of tags lost or changed"),
                broken(
                        "a row that the proof does not have",
                        revision("DELETE FROM tags WHERE label = 'old'", "SELECT 1"),
                        "warning: " + R4
                                + ": changes rows that the proof has not: DELETE FROM tags WHERE label = 'old';"),
                broken(
                        "a value changed and changed back",
                        revision("UPDATE tags SET label = 'x' || label", "UPDATE tags SET label = substr(label, 2)"),
                        "warning: " + R4
                                + ": changes rows, which its rollback restores: 3 rows of tags lost or changed"),
                broken(
                        "a column dropped without a word",
                        revision(
                                "ALTER TABLE tags DROP COLUMN category",
                                "ALTER TABLE tags ADD COLUMN category VARCHAR(100)"),
                        "fault: " + R4
                                + ": its rollback leaves another schema: changed: the order of the columns of tags",
                        "fault: " + R4 + ": its rollback leaves other rows: 2 rows of tags lost or changed",
                        "fault: " + R4 + ": loses on the way up: tags.category"),
                broken(
                        "a column dropped as the label says",
                        revision(
                                DESTRUCTIVE,
                                "ALTER TABLE tags DROP COLUMN category",
                                "ALTER TABLE tags ADD COLUMN category VARCHAR(100)"),
                        "warning: " + R4 + ": drops, as its label destructive says: tags.category"),
                broken(
                        "a table made anew without its CHECK and its uniqueness",
                        folder -> {
                            folder.replace(
                                    R3,
                                    "label VARCHAR(200) NOT NULL",
                                    "label VARCHAR(200) NOT NULL CHECK (label > '')");
                            revision(
                                            "CREATE TABLE n AS SELECT * FROM tags; DROP INDEX idx_tags_tag_id; DROP INDEX idx_tags_label;"
                                                    + " DROP INDEX idx_tags_updated_at; DROP TABLE tags; ALTER TABLE n RENAME TO tags",
                                            "CREATE TABLE n AS SELECT * FROM tags; DROP TABLE tags; ALTER TABLE n RENAME TO tags;")
                                    .on(folder);
                        },
                        "fault: " + R4
                                + ": its rollback leaves another schema: changed: column tags.id: id INTEGER NOT NULL -> id INT; ",
                        "fault: " + R4
                                + ": does not come up a second time: 004_test failed: no such index: idx_tags_tag_id",
                        "fault: " + R4
                                + ": loses on the way up: the uniqueness of tags (tag_id);"
                                + " of tags: id INTEGER NOT NULL; of tags: tag_id VARCHAR(50) NOT NULL;"
                                + " of tags: label VARCHAR(200) NOT NULL CHECK (label > '')"),
                broken(
                        "values of an earlier revision's column lost in a table made anew",
                        revision(
                                "CREATE TABLE n (id INTEGER NOT NULL, file_path VARCHAR(1000) NOT NULL, status VARCHAR(18) NOT NULL,"
                                        + " error_message TEXT, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL,"
                                        + " scanned_at DATETIME, analyzed_at DATETIME, renamed_at DATETIME,"
                                        + " metadata_generated_at DATETIME, uploaded_at DATETIME, PRIMARY KEY (id), UNIQUE (file_path));"
                                        + " INSERT INTO n (id, file_path, status, error_message, created_at, updated_at)"
                                        + " SELECT id, file_path, status, error_message, created_at, updated_at FROM file_entries;"
                                        + " DROP INDEX idx_file_entries_scanned_at; DROP INDEX idx_file_entries_uploaded_at;"
                                        + " DROP TABLE file_entries; ALTER TABLE n RENAME TO file_entries;"
                                        + " CREATE INDEX idx_file_entries_scanned_at ON file_entries (scanned_at);"
                                        + " CREATE INDEX idx_file_entries_uploaded_at ON file_entries (uploaded_at)",
                                "SELECT 1"),
                        "fault: " + R4 + ": its rollback leaves other rows: ",
                        "fault: " + R4 + ": changes rows on the way up: "),
                broken(
                        "a table emptied",
                        revision("DELETE FROM tags", "SELECT 1"),
                        "fault: " + R4 + ": its rollback leaves other rows: 3 rows of tags lost or changed",
                        "fault: " + R4 + ": changes rows on the way up: 3 rows of tags lost or changed"),
                broken(
                        "values of the column before lost",
                        folder -> {
                            folder.add(
                                    "004_test",
                                    "ALTER TABLE tags ADD COLUMN kind TEXT",
                                    "ALTER TABLE tags DROP COLUMN kind");
                            folder.add("005_test", "UPDATE tags SET kind = NULL", "SELECT 1");
                        },
                        "fault: changelog/005_test.yaml: its rollback leaves other rows: 2 rows of tags lost or changed",
                        "fault: changelog/005_test.yaml: changes rows on the way up: 2 rows of tags lost or changed"),
                broken(
                        "a rollback that empties a column",
                        revision(
                                "CREATE TABLE a (id INTEGER)",
                                "DROP TABLE a; UPDATE file_entries SET scanned_at = NULL"),
                        "fault: " + R4 + ": its rollback leaves other rows: "),
                broken(
                        "a rollback that loses what was written since",
                        revision(
                                "CREATE TABLE bak AS SELECT * FROM tags",
                                "DELETE FROM tags; INSERT INTO tags SELECT * FROM bak; DROP TABLE bak"),
                        "fault: " + R4 + ": its rollback leaves other rows: 1 row of tags lost or changed"),
                broken(
                        "a rollback that drops a row that the proof does not have",
                        revision("CREATE TABLE a (id INTEGER)", "DROP TABLE a; DELETE FROM tags WHERE label = 'old'"),
                        "warning: " + R4 + ": changes rows that the proof has not: DELETE FROM tags"),
                broken(
                        "a primary key lost",
                        folder -> {
                            folder.add(
                                    "004_test", "CREATE TABLE a (b TEXT, c TEXT, PRIMARY KEY (b, c))", "DROP TABLE a");
                            folder.add(
                                    "005_test",
                                    "CREATE TABLE n (b TEXT, c TEXT); INSERT INTO n SELECT * FROM a; DROP TABLE a; ALTER TABLE n RENAME TO a",
                                    "CREATE TABLE n (b TEXT, c TEXT, PRIMARY KEY (b, c)); INSERT INTO n SELECT * FROM a; DROP TABLE a; ALTER TABLE n RENAME TO a");
                        },
                        "fault: changelog/005_test.yaml: loses on the way up: of a: PRIMARY KEY (b, c)"),
                broken(
                        "two statements where SQLite runs one",
                        folder -> {
                            revision("CREATE VIEW v AS SELECT 1; CREATE INDEX i ON tags (category)", "DROP VIEW v")
                                    .on(folder);
                            folder.replace(R4, "splitStatements: true", "splitStatements: false");
                        },
                        "fault: " + R4 + ": has several statements where SQLite runs only the first: CREATE VIEW v"),
                broken(
                        "a precondition that skips",
                        revision(
                                "preConditions: [ onFail: MARK_RAN, sqlCheck: { expectedResult: 1, sql: SELECT 1 } ]",
                                "CREATE TABLE a (id INTEGER)",
                                "DROP TABLE a"),
                        "fault: " + R4 + ": has a precondition that lets it be skipped"),
                broken(
                        "an empty rollback by that name",
                        folder -> {
                            revision("CREATE INDEX i ON tags (category)", "SELECT 1")
                                    .on(folder);
                            folder.replace(
                                    R4, "rollback:\n        - sql: { sql: \"SELECT 1\" }\n", "rollback: empty\n");
                        },
                        "fault: " + R4 + ": has no rollback",
                        "fault: " + R4 + ": its rollback leaves another schema: left over: index i",
                        "fault: " + R4 + ": does not come up a second time: "),
                broken(
                        "a column renamed, and a uniqueness lost",
                        revision(
                                "ALTER TABLE tags RENAME COLUMN category TO kind; DROP INDEX idx_tags_tag_id",
                                "ALTER TABLE tags RENAME COLUMN kind TO category;"
                                        + " CREATE UNIQUE INDEX idx_tags_tag_id ON tags (tag_id)"),
                        "warning: " + R4 + ": renames, and its rollback brings back: tags.category",
                        "fault: " + R4 + ": loses on the way up: the uniqueness of tags (tag_id)"),
                broken(
                        "a column renamed",
                        revision(
                                "ALTER TABLE tags RENAME COLUMN category TO kind",
                                "ALTER TABLE tags RENAME COLUMN kind TO category"),
                        "warning: " + R4 + ": renames, and its rollback brings back: tags.category"),
                broken(
                        "a table renamed",
                        revision("ALTER TABLE tags RENAME TO labels", "ALTER TABLE labels RENAME TO tags"),
                        "warning: " + R4 + ": renames, and its rollback brings back: table tags"),
                broken(
                        "a column renamed, and not back",
                        revision("ALTER TABLE tags RENAME COLUMN category TO kind", "SELECT 1"),
                        "fault: " + R4 + ": its rollback leaves another schema: ",
                        "fault: " + R4 + ": does not come up a second time: ",
                        "fault: " + R4 + ": loses on the way up: tags.category"),
                // What is no fault
                broken(
                        "a table cleared as the label says",
                        revision(DESTRUCTIVE, "DELETE FROM tmdb_cache", "SELECT 1"),
                        "warning: " + R4 + ": drops, as its label destructive says: "),
                broken("a type widened in a table made anew", folder -> {
                    folder.add("004_test", "CREATE TABLE a (b VARCHAR(10) NOT NULL)", "DROP TABLE a");
                    folder.add(
                            "005_test",
                            "CREATE TABLE n (b VARCHAR(20) NOT NULL DEFAULT ''); INSERT INTO n SELECT * FROM a; DROP TABLE a; ALTER TABLE n RENAME TO a",
                            "CREATE TABLE n (b VARCHAR(10) NOT NULL); INSERT INTO n SELECT * FROM a; DROP TABLE a; ALTER TABLE n RENAME TO a");
                }),
                broken("a new table whose trigger writes into an old one", folder -> {
                    folder.add("004_test", "CREATE TABLE log (b TEXT)", "DROP TABLE log");
                    folder.add("005_test", "CREATE TABLE a (b TEXT)", "DROP TABLE a");
                    folder.add(
                            "006_test",
                            "labels: sqlite-only",
                            "CREATE TRIGGER t AFTER INSERT ON a BEGIN INSERT INTO log VALUES (new.b); END\", dbms: \"sqlite",
                            "DROP TRIGGER t\", dbms: \"sqlite");
                }),
                broken(
                        "a value lost in the last of many columns",
                        folder -> {
                            String columns = IntStream.range(1, 160)
                                    .mapToObj(i -> "c" + i + " TEXT")
                                    .collect(joining(", "));
                            folder.add("004_test", "CREATE TABLE a (" + columns + ")", "DROP TABLE a");
                            folder.add(
                                    "005_test",
                                    "ALTER TABLE a ADD COLUMN b TEXT; UPDATE a SET c159 = NULL",
                                    "ALTER TABLE a DROP COLUMN b");
                        },
                        "fault: changelog/005_test.yaml: its rollback leaves other rows: 2 rows of a lost or changed",
                        "fault: changelog/005_test.yaml: changes rows on the way up: 2 rows of a lost or changed"),
                broken(
                        "a new column emptied, of a table that has many rows",
                        folder -> {
                            for (int i = 4; i < 10; i++) {
                                folder.add("00" + i + "_a", "CREATE TABLE a" + i + " (b TEXT)", "DROP TABLE a" + i);
                            }
                            folder.add(
                                    "010_test",
                                    "ALTER TABLE file_entries ADD COLUMN c TEXT",
                                    "ALTER TABLE file_entries DROP COLUMN c");
                            folder.add("011_test", "UPDATE file_entries SET c = NULL", "SELECT 1");
                        },
                        "fault: changelog/011_test.yaml: its rollback leaves other rows: ",
                        "fault: changelog/011_test.yaml: changes rows on the way up: "),
                broken(
                        "an earlier trigger that loses rows of another table",
                        folder -> {
                            folder.add(
                                    "004_test",
                                    "labels: sqlite-only",
                                    "CREATE TRIGGER t AFTER UPDATE OF status ON file_entries BEGIN DELETE FROM tmdb_cache; END\", dbms: \"sqlite",
                                    "DROP TRIGGER t\", dbms: \"sqlite");
                            folder.add("005_test", "UPDATE file_entries SET status = status", "SELECT 1");
                        },
                        "fault: changelog/005_test.yaml: its rollback leaves other rows: ",
                        "fault: changelog/005_test.yaml: changes rows on the way up: "),
                broken(
                        "an earlier trigger of a view that loses rows of a table",
                        folder -> {
                            folder.add("004_test", "CREATE VIEW v AS SELECT * FROM tags", "DROP VIEW v");
                            folder.add(
                                    "005_test",
                                    "labels: sqlite-only",
                                    "CREATE TRIGGER t INSTEAD OF DELETE ON v BEGIN DELETE FROM tmdb_cache; END\", dbms: \"sqlite",
                                    "DROP TRIGGER t\", dbms: \"sqlite");
                            folder.add("006_test", "DELETE FROM v", "SELECT 1");
                        },
                        "fault: changelog/006_test.yaml: its rollback leaves other rows: ",
                        "fault: changelog/006_test.yaml: changes rows on the way up: "),
                broken(
                        "rows lost that those of a table refer to which only an earlier revision names",
                        folder -> {
                            folder.add(
                                    "004_test",
                                    "ALTER TABLE tags ADD COLUMN file_id INTEGER REFERENCES file_entries (id)",
                                    "ALTER TABLE tags DROP COLUMN file_id");
                            folder.add("005_test", "labels: destructive", "DELETE FROM file_entries", "SELECT 1");
                        },
                        "fault: changelog/005_test.yaml: does not come up: in the way: 2 rows of tags refer to file_entries rows that are not there"),
                broken(
                        "a row lost that was written before the rollback, of a table with a parent for each row",
                        folder -> {
                            folder.add(
                                    "004_test",
                                    "CREATE TABLE d (file_id INTEGER NOT NULL UNIQUE REFERENCES file_entries (id), note TEXT)",
                                    "DROP TABLE d");
                            for (int i = 10; i < 20; i++) {
                                folder.add(
                                        "0" + i + "_test",
                                        "ALTER TABLE d ADD COLUMN c" + i + " INTEGER",
                                        "ALTER TABLE d DROP COLUMN c" + i);
                            }
                            folder.add(
                                    "020_test",
                                    "ALTER TABLE d ADD COLUMN old INTEGER; UPDATE d SET old = 1",
                                    "DELETE FROM d WHERE old IS NOT 1; ALTER TABLE d DROP COLUMN old");
                        },
                        "fault: changelog/020_test.yaml: its rollback leaves other rows: 1 row of d lost or changed"),
                broken(
                        "a table whose name has an apostrophe",
                        folder -> {
                            folder.add("004_test", "CREATE TABLE [o'brien] (a TEXT)", "DROP TABLE [o'brien]");
                            folder.add("005_test", "DELETE FROM [o'brien]", "SELECT 1");
                        },
                        "fault: changelog/005_test.yaml: its rollback leaves other rows: 3 rows of o'brien",
                        "fault: changelog/005_test.yaml: changes rows on the way up: 3 rows of o'brien"),
                broken(
                        "a trigger of the history",
                        folder -> {
                            folder.add(
                                    "004_test",
                                    "labels: sqlite-only",
                                    "CREATE TRIGGER t AFTER INSERT ON DATABASECHANGELOG WHEN new.ID LIKE '005%' BEGIN DELETE FROM tmdb_cache; END\", dbms: \"sqlite",
                                    "DROP TRIGGER t\", dbms: \"sqlite");
                            folder.add("005_test", "CREATE INDEX i ON tags (label, tag_id)", "DROP INDEX i");
                        },
                        "fault: changelog/005_test.yaml: its rollback leaves other rows: ",
                        "fault: changelog/005_test.yaml: changes rows on the way up: "),
                broken(
                        "a table whose name is written as a text",
                        revision("DELETE FROM 'tmdb_cache'", "SELECT 1"),
                        "fault: " + R4 + ": its rollback leaves other rows: ",
                        "fault: " + R4 + ": changes rows on the way up: "),
                emptied(
                        "first row refers to itself",
                        "",
                        "(id INTEGER NOT NULL PRIMARY KEY, up INTEGER REFERENCES a (id), note TEXT, CHECK (up <> id))"),
                emptied(
                        "CHECK names two columns",
                        "",
                        "(id INTEGER NOT NULL PRIMARY KEY, s TEXT NOT NULL DEFAULT 'x', t TEXT NOT NULL DEFAULT 'y', note TEXT,"
                                + " CHECK (s IN ('x', 'z') AND t IN ('y', 'z')))"),
                emptied(
                        "text is unique and another has a CHECK",
                        "2 rows of a",
                        "(id INTEGER NOT NULL PRIMARY KEY, s VARCHAR(9) NOT NULL UNIQUE, t TEXT NOT NULL CHECK (t = 'x'), note TEXT)"),
                broken(
                        "a full text search",
                        revision("CREATE VIRTUAL TABLE search USING fts5(label)", "DROP TABLE search")),
                broken(
                        "odd tables",
                        revision(
                                "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, up INTEGER NOT NULL REFERENCES a (id), s TEXT"
                                        + " NOT NULL CHECK (s IN ('x', 'y')), n INTEGER NOT NULL CHECK (n > 41), g TEXT AS (s || n),"
                                        + " CHECK (length(s) = 1)) STRICT; CREATE TABLE b (k TEXT PRIMARY KEY, f INTEGER REFERENCES a)"
                                        + " WITHOUT ROWID",
                                "DROP TABLE b; DROP TABLE a")),
                broken(
                        "an end of the transaction",
                        revision("COMMIT", "SELECT 1"),
                        "fault: " + R4 + ": does not come up: 004_test has the statement COMMIT"));
    }

    @ParameterizedTest
    @MethodSource
    void sabotages(Case broken) throws Exception {
        broken.sabotage().on(files);
        Command.Result result = verify("--offline");
        List<String> lines = result.out()
                .lines()
                .filter(line -> line.startsWith("fault: ") || line.startsWith("warning: "))
                .toList();
        assertThat(lines).as(result.out()).hasSameSizeAs(broken.faults());
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).startsWith(broken.faults().get(i));
        }
        boolean isFault = lines.stream().anyMatch(line -> line.startsWith("fault: "));
        assertThat(result.exitCode()).isEqualTo(isFault ? 3 : 0);
        assertThat(result.out().contains("\nno faults\n")).isEqualTo(!isFault);
    }

    @Test
    void the_changelog_as_it_is_has_no_faults() {
        assertThat(command().run("verify", "--offline"))
                .isEqualTo(new Command.Result(
                        0, "changelog  proved: every revision up, down and up again\nno faults\n", ""));
        assertThat(command().succeed("verify", "--offline", "-q")).isEmpty();
    }

    @Test
    void every_fault_is_found_in_one_run_with_what_to_do() throws Exception {
        files.replace(R3, "DROP TABLE tags;", "DROP TABLE tag;");
        files.replace(R2, "      author: seedarr\n", "      author: seedarr\n      runOnChange: true\n");
        Files.writeString(folder.resolve("changelog/005_draft.yaml"), "");
        assertThat(verify("--offline").out()).isEqualTo("""
                        fault: changelog/002_add_tmdb_cache.yaml: has runOnChange in changeSet, which a revision may not have
                          try: leaving it out, or a look at its spelling: a revision is applied once, whole or not at all
                        fault: changelog/005_draft.yaml: is included nowhere
                          try: an include in changelog/master.yaml
                        2 faults
                        """);
        files.replace(R2, "      runOnChange: true\n", "");
        Object json = new Yaml().load(verify("--offline", "--json").out());
        assertThat(json).hasToString("""
                {comparedWith=null, faults=[{place=changelog/005_draft.yaml, problem=is included nowhere, remedy=an include in \
                changelog/master.yaml}, {place=changelog/003_add_tags_table.yaml, problem=its rollback fails: \
                003_add_tags_table failed: no such table: tag, remedy=a rollback block that drops by name, in the right order, \
                all that the revision made}], warnings=[], own=[]}""");
    }

    @Test
    void a_database_is_compared_with_what_its_revision_needs() throws Exception {
        Sqlite database = Sqlite.v1(folder);
        Command command = command().on(database.url());
        command.succeed("update", "002");
        assertThat(command.succeed("verify")).isEqualTo("""
                        changelog  proved: every revision up, down and up again
                        database   %s has all that 002_add_tmdb_cache needs
                        no faults
                        """.formatted(database.url()));
        command.succeed("update");
        database.execute("CREATE TABLE settings (id INTEGER); ALTER TABLE tags ADD COLUMN mine TEXT;"
                + "CREATE INDEX ix_tags_mine ON tags (mine); DROP INDEX idx_tags_label; DROP INDEX idx_tags_tag_id;"
                + "ALTER TABLE tmdb_cache DROP COLUMN plot; ALTER TABLE file_entries DROP COLUMN renamed_at;"
                + "ALTER TABLE file_entries ADD COLUMN renamed_at TEXT");
        List<String> before = database.contents();
        Command.Result result = command.run("verify");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out().replace("fault: " + database.url() + ": ", "").replaceAll("(?m)^ {2}try: .*\n", ""))
                .isEqualTo("""
                        missing: the uniqueness of tags (tag_id)
                        missing: index idx_tags_label of tags
                        missing: index idx_tags_tag_id of tags
                        missing: tmdb_cache.plot
                        file_entries.renamed_at is of type TEXT, not DATETIME
                        changelog  proved: every revision up, down and up again
                        own        settings, tags.mine, ix_tags_mine
                        5 faults
                        """);
        assertThat(database.contents()).isEqualTo(before);
    }

    @Test
    void a_database_of_another_tool_is_compared_with_what_adopt_would_find() throws Exception {
        Sqlite database = new Sqlite(folder.resolve("seedarr.db"));
        Command command = command().on(database.url());
        assertThat(command.succeed("verify")).contains("\ndatabase   " + database.url() + " is not there yet\n");
        AdoptionContract.Kind.ALEMBIC_002.make(database);
        assertThat(command.succeed("verify"))
                .startsWith("warning: " + database.url()
                        + ": not managed yet: seedarr-db adopt would find 002_add_tmdb_cache\n")
                .contains("\ndatabase   " + database.url() + " has all that 002_add_tmdb_cache needs\n");
        database.execute("ALTER TABLE tmdb_cache DROP COLUMN plot");
        assertThat(command.run("verify").out())
                .startsWith("fault: " + database.url()
                        + ": 002_add_tmdb_cache is half applied; there: tmdb_cache; missing:" + " tmdb_cache.plot\n");
        database.execute("DROP TABLE file_entries");
        assertThat(command.run("verify").out())
                .startsWith("fault: " + database.url() + ": this is not a database of Seedarr: ");
        Files.writeString(folder.resolve("seedarr.db"), "no database");
        assertThat(command.run("verify").out())
                .startsWith("fault: " + database.url() + ": " + folder + "/seedarr.db is not a SQLite database\n");
    }
}
