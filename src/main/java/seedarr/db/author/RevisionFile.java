package seedarr.db.author;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import seedarr.db.Refusal;
import seedarr.db.changelog.Changelog;

/** Writes a new revision: its file, and its include in the master. */
final class RevisionFile {

    /** Begins the comment for a difference that was left alone; verify points it out. */
    static final String NOT_DONE = "# Not done: ";

    /** The number that a revision's name begins with. */
    static final Pattern NUMBER = Pattern.compile("(\\d+)_.*");

    private static final Pattern ENTRY = Pattern.compile("(?m)^( *)- ");

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
        Matcher entry = ENTRY.matcher(before);
        String after = before.stripTrailing() + "\n" + (entry.find() ? entry.group(1) : "  ") + "- include: { file: "
                + name + ".yaml, relativeToChangelogFile: true }\n";
        if (entries(after).size() != entries(before).size() + 1) {
            throw Refusal.failed(master + " does not end with its list of includes", "the includes at the end of it");
        }
        try {
            Files.writeString(file, text(name, message, difference), StandardOpenOption.CREATE_NEW);
            try {
                Files.writeString(master, after);
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
            throw Refusal.usage(
                    "the message has no letter from a to z and no digit to name a file by",
                    "-m \"Add categories table\"");
        }
        return slug.length() > 60 ? slug.substring(0, 60).replaceAll("_[^_]*$", "") : slug;
    }

    private String text(String name, String message, ModelDifference difference) {
        StringBuilder text = new StringBuilder("databaseChangeLog:\n  - changeSet:\n");
        if (difference.isDestructive()) {
            text.append(
                    "      # A rename cannot be told from a drop and an add: where this drops what was only renamed, write\n"
                            + "      # the rename instead (ALTER TABLE … RENAME …), both ways, and take the label away.\n");
        }
        difference
                .notDone()
                .forEach(each -> text.append("      " + NOT_DONE).append(each).append('\n'));
        text.append("      id: ").append(name);
        text.append("\n      author: seedarr\n      logicalFilePath: ")
                .append(changelog.folder().relativize(master.resolveSibling(name + ".yaml")));
        text.append("\n      comment: >-\n        ").append(message.strip().replaceAll("\\s+", " "));
        text.append(difference.isDestructive() ? "\n      labels: destructive" : "");
        text.append("\n      changes:\n");
        Map<String, Type> types = types();
        Set<String> ofSqlite = ofSqlite(difference, types);
        append(text, difference.up(), ofSqlite, types, UnaryOperator.identity());
        text.append("        - tagDatabase: { tag: ").append(name).append(" }\n      rollback:\n");
        append(text, difference.down(), ofSqlite, types, RevisionFile::tolerant);
        return text.toString();
    }

    private record Type(String onSqlite, String onPostgres) {}

    /** Returns the master's properties whose names begin with {@code type.}. */
    private Map<String, Type> types() {
        Map<String, Map<String, String>> values = new TreeMap<>();
        for (Object entry : entries(read(master))) {
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

    private static List<?> entries(String yaml) {
        try {
            Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
            return document instanceof Map<?, ?> map && map.get("databaseChangeLog") instanceof List<?> list
                    ? list
                    : List.of();
        } catch (YAMLException e) {
            return List.of();
        }
    }

    /** Puts what serves both databases and can be told apart by semicolons into one change, anything else into its own. */
    private static void append(
            StringBuilder text,
            List<String> statements,
            Set<String> ofSqlite,
            Map<String, Type> types,
            UnaryOperator<String> form) {
        List<String> together = new ArrayList<>();
        for (String statement : statements) {
            boolean isPortable = !ofSqlite.contains(statement);
            String sql = form.apply(withProperties(statement.strip(), types));
            if (isPortable && !sql.contains(";")) {
                together.add(sql);
                continue;
            }
            flush(text, together);
            text.append("        - sql:\n");
            if (!isPortable) {
                text.append("            # For SQLite only; PostgreSQL needs its own.\n            dbms: sqlite\n");
            }
            text.append("            splitStatements: false\n");
            block(text, sql);
        }
        flush(text, together);
    }

    /** Returns the statements that do not serve PostgreSQL, and those that need the tables which only they make. */
    private static Set<String> ofSqlite(ModelDifference difference, Map<String, Type> types) {
        Set<String> known = types.values().stream()
                .map(type -> type.onSqlite().toLowerCase(Locale.ROOT).split(" ")[0])
                .collect(toSet());
        List<String> all = new ArrayList<>(difference.up());
        all.addAll(difference.down());
        Set<String> found = all.stream()
                .filter(sql -> !sql.startsWith("--") && !Portability.isPortable(sql, known))
                .collect(toSet());
        for (int size = -1; size < found.size(); ) {
            size = found.size();
            Set<String> tables = found.stream()
                    .map(Portability::tableMadeBy)
                    .filter(name -> !name.isEmpty())
                    .collect(toSet());
            all.stream()
                    .filter(sql -> tables.stream().anyMatch(table -> Portability.mentions(sql, table)))
                    .forEach(found::add);
        }
        // What makes and what undoes belong together.
        for (int i = 0; i < difference.up().size(); i++) {
            String up = difference.up().get(i);
            String down = difference.down().get(difference.up().size() - 1 - i);
            if (found.contains(up) || found.contains(down)) {
                found.addAll(List.of(up, down));
            }
        }
        return found;
    }

    /** A database that was taken over may still have an index that a rollback brings back. */
    private static String tolerant(String sql) {
        return sql.replaceFirst("(?i)^CREATE (UNIQUE )?INDEX (?!IF )", "CREATE $1INDEX IF NOT EXISTS ");
    }

    private static void flush(StringBuilder text, List<String> statements) {
        if (!statements.isEmpty()) {
            text.append("        - sql:\n");
            block(text, statements.stream().map(RevisionFile::ended).collect(joining("\n")));
            statements.clear();
        }
    }

    private static String ended(String sql) {
        String lastLine = sql.substring(sql.lastIndexOf('\n') + 1);
        return sql.startsWith("--") ? sql : sql + (lastLine.contains("--") ? "\n;" : ";");
    }

    private static void block(StringBuilder text, String sql) {
        text.append("            sql: |-\n");
        sql.lines()
                .forEach(line -> text.append(line.isEmpty() ? "" : "              " + line)
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
}
