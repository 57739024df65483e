package seedarr.db.migrate;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import seedarr.db.Refusal;
import seedarr.db.schema.ModelDifference;

/** Writes a new revision: its file, and its include in the master. */
final class RevisionFile {

    private static final Pattern NUMBER = Pattern.compile("(\\d+)_.*");

    private static final Pattern INCLUDE = Pattern.compile("(?m)^( *)- +include:.*$");

    /** Types that PostgreSQL knows by the same name. */
    private static final String PORTABLE_TYPE =
            "(?i)(SMALLINT|INTEGER|INT|BIGINT|VARCHAR|CHAR|TEXT|JSON|BOOLEAN|DATE|TIME|"
                    + "TIMESTAMP|FLOAT|REAL|NUMERIC|DECIMAL|\\$\\{[^}]*})";

    private final Changelog changelog;
    private final Path master;

    RevisionFile(Changelog changelog) {
        this.changelog = changelog;
        this.master = changelog.folder().resolve(changelog.file());
    }

    /** Writes a revision whose SQL is still to be filled in, and returns its file. */
    Path write(String message) {
        String todo = "-- the SQL ";
        return write(
                message,
                new ModelDifference(
                        List.of(todo + "of this revision"), List.of(todo + "that undoes it"), List.of(), false));
    }

    /** Writes a revision that makes a difference, and returns its file; an existing file is never written over. */
    Path write(String message, ModelDifference difference) {
        String name = String.format(Locale.ROOT, "%03d_%s", nextNumber(), slug(message));
        Path file = master.resolveSibling(name + ".yaml");
        String before = read(master);
        Matcher include = INCLUDE.matcher(before);
        int end = -1;
        String indent = "  ";
        while (include.find()) {
            end = include.end();
            indent = include.group(1);
        }
        if (end < 0 || !before.substring(end).isBlank()) {
            throw Refusal.failed(
                    master + " does not end with its includes", "the includes at the end of it, one a line");
        }
        String after = before.stripTrailing() + "\n" + indent + "- include: { file: " + name
                + ".yaml, relativeToChangelogFile: true }\n";
        try {
            Files.writeString(file, text(name, message, difference), StandardOpenOption.CREATE_NEW);
            try {
                Path next = Files.writeString(master.resolveSibling(master.getFileName() + ".new"), after);
                Files.move(next, master, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                Files.delete(file);
                throw e;
            }
        } catch (FileAlreadyExistsException e) {
            throw Refusal.failed(file + " is there already", "another message").because(e);
        } catch (IOException e) {
            throw Refusal.failed(
                            "the revision cannot be written: " + e.getMessage(), "a changelog that this user can write")
                    .because(e);
        }
        return file;
    }

    private int nextNumber() {
        int last = 0;
        try (var files = Files.list(master.getParent())) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Matcher number = NUMBER.matcher(file.getFileName().toString());
                last = number.matches() ? Math.max(last, Integer.parseInt(number.group(1))) : last;
            }
            return last + 1;
        } catch (IOException | NumberFormatException e) {
            throw Refusal.failed("the changelog's folder cannot be read: " + e.getMessage(), "a look at " + master)
                    .because(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw Refusal.failed(file + " cannot be read", "--defaults-file, to name another changelog")
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
            throw Refusal.usage("the message has no letter or digit to name a file by", "-m \"Add categories table\"");
        }
        return slug.length() > 60 ? slug.substring(0, 60).replaceAll("_[^_]*$", "") : slug;
    }

    private String text(String name, String message, ModelDifference difference) {
        StringBuilder text = new StringBuilder("databaseChangeLog:\n");
        if (difference.isDestructive()) {
            text.append(
                    "# A rename cannot be told from a drop and an add: where this drops what was only renamed, write the\n"
                            + "# rename instead (ALTER TABLE … RENAME COLUMN … TO …), and take the label away.\n");
        }
        difference
                .notDone()
                .forEach(each -> text.append("# Not done: ").append(each).append('\n'));
        text.append("  - changeSet:\n      id: ").append(name);
        text.append("\n      author: seedarr\n      logicalFilePath: ")
                .append(changelog.folder().relativize(master.resolveSibling(name + ".yaml")));
        text.append("\n      comment: >-\n        ").append(message.strip().replaceAll("\\s+", " "));
        text.append(difference.isDestructive() ? "\n      labels: destructive" : "");
        text.append("\n      changes:\n");
        Map<String, Type> types = types();
        append(text, difference.up(), types);
        text.append("        - tagDatabase: { tag: ").append(name).append(" }\n      rollback:\n");
        append(text, difference.down(), types);
        return text.toString();
    }

    private record Type(String onSqlite, String onPostgres) {}

    /** Returns the master's properties whose names begin with {@code type.}. */
    private Map<String, Type> types() {
        Map<String, Map<String, String>> values = new TreeMap<>();
        Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(read(master));
        List<?> entries = document instanceof Map<?, ?> map && map.get("databaseChangeLog") instanceof List<?> list
                ? list
                : List.of();
        for (Object entry : entries) {
            if (entry instanceof Map<?, ?> map && map.get("property") instanceof Map<?, ?> property) {
                values.computeIfAbsent(String.valueOf(property.get("name")), name -> new TreeMap<>())
                        .put(String.valueOf(property.get("dbms")), String.valueOf(property.get("value")));
            }
        }
        Map<String, Type> types = new TreeMap<>();
        values.forEach((name, value) -> {
            if (name.startsWith("type.") && value.keySet().containsAll(List.of("sqlite", "postgresql"))) {
                types.put(name, new Type(value.get("sqlite"), value.get("postgresql")));
            }
        });
        return types;
    }

    /** Puts what serves both databases and can be told apart by semicolons into one change, anything else into its own. */
    private static void append(StringBuilder text, List<String> statements, Map<String, Type> types) {
        List<String> together = new ArrayList<>();
        for (String statement : statements) {
            String sql = withProperties(statement.strip(), types);
            if (isPortable(sql) && !sql.contains(";")) {
                together.add(sql);
                continue;
            }
            flush(text, together);
            text.append("        - sql:\n");
            if (!isPortable(sql)) {
                text.append("            # For SQLite only; PostgreSQL needs its own.\n            dbms: sqlite\n");
            }
            text.append("            splitStatements: false\n");
            block(text, sql);
        }
        flush(text, together);
    }

    private static void flush(StringBuilder text, List<String> statements) {
        if (!statements.isEmpty()) {
            text.append("        - sql:\n");
            block(
                    text,
                    statements.stream()
                            .map(sql -> sql.startsWith("--") ? sql : sql + ";")
                            .collect(joining("\n")));
            statements.clear();
        }
    }

    private static void block(StringBuilder text, String sql) {
        text.append("            sql: |-\n");
        sql.lines()
                .forEach(line -> text.append(line.isBlank() ? "" : "              " + line)
                        .append('\n'));
    }

    /** Writes the types that the changelog has a property for by that property. */
    private static String withProperties(String sql, Map<String, Type> types) {
        String result = sql;
        for (Map.Entry<String, Type> type : types.entrySet()) {
            String here = type.getValue().onSqlite();
            boolean isForKeys =
                    type.getValue().onPostgres().toUpperCase(Locale.ROOT).contains("SERIAL");
            Matcher key = Pattern.compile("(?i)PRIMARY\\s+KEY\\s*\\(\\s*([^,)\\s]+)\\s*\\)")
                    .matcher(result);
            String column = isForKeys ? key.find() ? Pattern.quote(key.group(1)) : "(?!)" : "(?:\\w+|\"[^\"]+\")";
            result = result.replaceAll(
                    "(?i)((?:[(,]|ADD COLUMN)\\s*" + column + "\\s+)" + Pattern.quote(here) + "(?!\\w)",
                    "$1" + Matcher.quoteReplacement("${" + type.getKey() + "}"));
        }
        return result;
    }

    /** Whether PostgreSQL would make the same of it, as far as can be told by its words. */
    private static boolean isPortable(String sql) {
        String upper = sql.toUpperCase(Locale.ROOT).replaceAll("'(?:[^']|'')*'", "''");
        if (upper.matches(
                        "(?s)(CREATE|DROP) (TRIGGER|VIRTUAL).*|.*\\b(AUTOINCREMENT|COLLATE|WITHOUT ROWID|STRICT|GLOB)\\b.*|.*[`\\[].*")
                || upper.matches("(?s).*\\bBOOLEAN\\b[^,]*\\bDEFAULT\\s+\\(?\\d.*")) {
            return false;
        }
        if (upper.startsWith("CREATE TABLE") || upper.contains(" ADD COLUMN ")) {
            String columns = upper.replaceFirst("(?s)^(CREATE TABLE[^(]*\\(|.* ADD COLUMN )", "");
            for (String definition : columns.split(",\\s*(?![^(]*\\))")) {
                String[] words = definition.strip().split("[\\s(]+", 3);
                boolean isConstraint = words[0].matches("PRIMARY|UNIQUE|FOREIGN|CHECK|CONSTRAINT");
                if (!isConstraint
                        && words.length > 1
                        && !words[1].replaceAll("[),]+$", "").matches(PORTABLE_TYPE)) {
                    return false;
                }
            }
        }
        return !upper.matches("(?s)CREATE (UNIQUE )?INDEX [^(]*\\([^)]*\\(.*");
    }
}
