package seedarr.db.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The real SQL of the changelog, for SQLite, taken from its files. */
final class ChangelogSql {
    private static final List<String> FILES =
            List.of("001_add_checkpoint_fields", "002_add_tmdb_cache", "003_add_tags_table");

    private ChangelogSql() {}

    static String up(int revision) {
        return half(revision, 0);
    }

    static String down(int revision) {
        return half(revision, 1);
    }

    private static String half(int revision, int half) {
        try {
            String yaml = Files.readString(
                    Path.of("src/test/resources/installation/changelog", FILES.get(revision - 1) + ".yaml"));
            String sql = yaml.split("\n      rollback:")[half]
                    .replaceAll("(?s)dbms: postgresql.*?- sql:", "")
                    .replaceAll("(?s)\\A.*?\n( *)sql: \\|-", "$1sql: |-");
            String statements = sql.lines()
                    .filter(line -> line.startsWith("              "))
                    .collect(Collectors.joining("\n"));
            return statements.replace("${type.id}", "INTEGER NOT NULL").replace("${type.datetime}", "DATETIME");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
