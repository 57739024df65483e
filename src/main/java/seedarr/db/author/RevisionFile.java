package seedarr.db.author;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import seedarr.db.Refusal;
import seedarr.db.changelog.Changelog;
import seedarr.db.sql.ExecutedSql;
import seedarr.db.sql.TableText;

/**
 * The file of a new revision.
 *
 * @param ofSqlite the first statement that PostgreSQL does not take; empty where all of it serves both
 */
public record RevisionFile(Path file, String text, Optional<String> ofSqlite) {

    /** Begins the comment for a difference that was left alone; verify points it out. */
    static final String NOT_DONE = "# Not done: ";

    private static final String TEXT = """
            databaseChangeLog:
              - changeSet:
            %1$s      id: %2$s
                  author: seedarr
                  logicalFilePath: %3$s
                  comment: >-
                    %4$s
            %5$s      changes:
            %6$s        - tagDatabase: { tag: %2$s }
                  rollback:
            %7$s""";

    private static final String DESTRUCTIVE = """
                  # A rename cannot be told from a drop and an add: where this drops what was only renamed, write
                  # the rename instead (ALTER TABLE … RENAME …), both ways, and take the label away.
            """;

    private static final String OF_SQLITE = """
                        # For SQLite only; PostgreSQL needs its own.
                        dbms: sqlite
            """;

    /** Types that PostgreSQL has as well; a dollar begins a property, which has one for each. */
    private static final Set<String> TYPES = Set.of(
            ("$ smallint integer int bigint varchar char text json boolean date time timestamp float real numeric decimal"
                            + " double")
                    .split(" "));

    private static final Set<String> WORDS_OF_SQLITE =
            Set.of("trigger virtual autoincrement collate without strict glob generated".split(" "));

    /** A column as a statement declares it, up to its type; the bracket is to be closed. */
    private static final String COLUMN = "(?is)((?:[(,]|ADD COLUMN)\\s*(\\w+|\"[^\"]+\")\\s+";

    /** Other quotes than SQL's, an expression without brackets of its own in an index, and a number for a truth. */
    private static final String FORMS_OF_SQLITE =
            "(?is).*([`\\[]|INDEX\\b[^(]*\\([^)]*\\(|\\bBOOLEAN\\b[^,]*\\bDEFAULT[\\s(]*\\d"
                    + "|(?<!\\w)(\\w+|\"[^\"]+\")\\s+BOOLEAN\\b.*\\(\\s*\\2\\s*(=|<>|!=|IN\\s*\\()\\s*\\d).*";

    /** Writes a revision that makes a difference, and its include in the master; never over an existing file. */
    public static RevisionFile write(Changelog changelog, String message, ModelDifference difference) {
        Path master = changelog.folder().resolve(changelog.file());
        String before = Form.read(master);
        List<?> entries = Form.entries(master, before);
        try (var files = Files.list(master.getParent())) {
            BigInteger last = files.map(Form::number).reduce(BigInteger.ZERO, BigInteger::max);
            String name = String.format(Locale.ROOT, "%03d_%s", last.add(BigInteger.ONE), slug(message));
            Matcher entry = Pattern.compile("(?m)^( *)- ").matcher(before);
            String after = before.stripTrailing() + "\n" + (entry.find() ? entry.group(1) : "  ")
                    + "- include: { file: " + name + ".yaml, relativeToChangelogFile: true }\n";
            if (Form.entries(master, after).size() != entries.size() + 1) {
                throw Refusal.failed(
                        master + " does not end with its list of includes", "the includes at the end of it");
            }
            RevisionFile revision = of(master.resolveSibling(name + ".yaml"), changelog, message, difference, entries);
            Files.writeString(revision.file, revision.text, StandardOpenOption.CREATE_NEW);
            try {
                Files.writeString(master, after);
            } catch (IOException e) {
                Files.delete(revision.file);
                throw e;
            }
            return revision;
        } catch (IOException e) {
            throw Refusal.failed(
                            "the revision cannot be written: " + e.getMessage(), "a changelog that this user can write")
                    .because(e);
        }
    }

    /** Plain ASCII, because it names a file and is typed. */
    private static String slug(String message) {
        String slug = Normalizer.normalize(message, Normalizer.Form.NFKD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "_")
                .replaceAll("^_|_$", "");
        if (slug.isEmpty()) {
            throw Refusal.usage(
                    "the message has no letter from a to z and no digit to name a file by",
                    "-m \"Add categories table\"");
        }
        return slug.length() > 60 ? slug.substring(0, 60).replaceAll("_[^_]*$", "") : slug;
    }

    private static RevisionFile of(
            Path file, Changelog changelog, String message, ModelDifference difference, List<?> entries) {
        // By the kind of database and the name.
        Map<String, String> properties = new TreeMap<>();
        for (Object entry : entries) {
            if (entry instanceof Map<?, ?> map && map.get("property") instanceof Map<?, ?> property) {
                properties.put(property.get("dbms") + " " + property.get("name"), property.get("value") + "");
            }
        }
        UnaryOperator<String> typed = sql -> withProperties(sql.strip().replace("${", "${:"), properties);
        List<String> up = difference.up().stream().map(typed).toList();
        List<String> down = difference.down().stream()
                .map(typed)
                // A database that was taken over may still have an index that a rollback brings back.
                .map(sql -> sql.replaceFirst("(?i)^CREATE (UNIQUE )?INDEX (?!IF )", "CREATE $1INDEX IF NOT EXISTS "))
                .toList();
        // One statement that does not serve PostgreSQL keeps all of them from it: half a revision is none.
        Optional<String> ofSqlite = Stream.concat(up.stream(), down.stream())
                .filter(sql -> !isPortable(sql))
                .findFirst();
        boolean isPortable = ofSqlite.isEmpty();
        String comments = difference.notDone().stream()
                .map(each -> "      " + NOT_DONE + each + "\n")
                .collect(joining("", difference.isDestructive() ? DESTRUCTIVE : "", ""));
        String text = TEXT.formatted(
                comments,
                Form.name(file),
                changelog.folder().relativize(file),
                message.strip().replaceAll("\\s+", " ").replace("${", "${:"),
                difference.isDestructive() ? "      labels: destructive\n" : "",
                changes(up, isPortable),
                changes(down, isPortable));
        return new RevisionFile(file, text, ofSqlite.map(Picture::oneLine));
    }

    /** Returns statements as one change, or each as its own, where semicolons do not tell one from the next. */
    private static String changes(List<String> statements, boolean isPortable) {
        boolean isSplit = statements.stream().noneMatch(sql -> sql.matches("(?s).+(;|--).*"));
        String head = "        - sql:\n" + (isPortable ? "" : OF_SQLITE)
                + (isSplit ? "" : "            splitStatements: false\n") + "            sql: |-\n";
        return statements.stream()
                .map(sql -> (sql + (isSplit && !sql.startsWith("--") ? ";" : "")).indent(14))
                .collect(joining(isSplit ? "" : head, head, ""));
    }

    /** Writes what the changelog has a property for by that: types, a number of PostgreSQL's only for keys; truths. */
    private static String withProperties(String sql, Map<String, String> properties) {
        String result = sql;
        for (String key : properties.keySet()) {
            String name = key.replaceFirst("^sqlite (?=(type|value)\\.)", "");
            String ofPostgres = properties.get("postgresql " + name);
            if (ofPostgres != null) {
                String before = COLUMN + (name.startsWith("value.") ? "BOOLEAN\\b[^,]*?\\bDEFAULT[\\s(]*)" : ")");
                String value = Pattern.quote(properties.get(key)) + "(?!\\w)";
                boolean isForKeys = ofPostgres.toUpperCase(Locale.ROOT).contains("SERIAL");
                String end = isForKeys ? "(?=.*PRIMARY\\s+KEY\\s*\\(\\s*\\2\\s*\\))" : "";
                result = result.replaceAll(before + value + end, "$1" + Matcher.quoteReplacement("${" + name + "}"));
            }
        }
        return result;
    }

    /** Returns whether PostgreSQL would make or drop the same, as far as the words of a statement tell it. */
    private static boolean isPortable(String sql) {
        String table = sql.replaceFirst("(?s)^ALTER TABLE .*? ADD COLUMN (.*)", "CREATE TABLE t ($1)");
        boolean hasItsTypes = !table.startsWith("CREATE TABLE")
                || TableText.of(table).columns().values().stream()
                        .map(ExecutedSql::words)
                        .allMatch(column -> column.size() > 1 && TYPES.contains(column.get(1)));
        return hasItsTypes
                && ExecutedSql.words(sql).stream().noneMatch(WORDS_OF_SQLITE::contains)
                && !sql.matches(FORMS_OF_SQLITE);
    }
}
