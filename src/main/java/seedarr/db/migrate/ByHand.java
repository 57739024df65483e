package seedarr.db.migrate;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import liquibase.database.Database;
import liquibase.structure.core.Column;
import liquibase.structure.core.Index;
import liquibase.structure.core.Table;
import seedarr.db.schema.Schema;
import seedarr.db.schema.Schema.Part;

/** The SQL for people who finish or undo a revision by hand: one line that can be pasted, in one transaction. */
final class ByHand {

    private final List<Revision> revisions;
    private final String kind;
    private final Schema actual;

    ByHand(List<Revision> revisions, String kind, Schema actual) {
        this.revisions = revisions;
        this.kind = kind;
        this.actual = actual;
    }

    private Database database() {
        return Changelog.unconnected(kind);
    }

    /** Returns the changelog's own statement that makes an index; empty where it has none for this kind of database. */
    Optional<String> createIndex(String index) {
        return statements("INDEX\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?" + name(index)).stream()
                .reduce((first, last) -> last);
    }

    /** Returns the changelog's own statements whose CREATE goes on like this. */
    private List<String> statements(String pattern) {
        Pattern create = Pattern.compile("(?is)\\s*CREATE\\s+(?:UNIQUE\\s+)?" + pattern + ".*");
        return revisions.stream()
                .flatMap(revision -> revision.up().stream())
                .filter(sql -> create.matcher(sql).matches())
                .toList();
    }

    private static String name(String name) {
        return "[\"`\\[]?" + Pattern.quote(name) + "\\b[\"`\\]]?";
    }

    /** Returns what makes the missing parts and drops what should be gone. */
    String toMake(Schema wanted, List<Part> missing, List<Part> left) {
        Set<String> statements = new LinkedHashSet<>();
        for (Part part : missing) {
            Schema.Table table = wanted.tables().get(part.table());
            if (part.isTable()) {
                statements.addAll(statements("TABLE\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?" + name(part.table())));
                statements.addAll(statements("INDEX[^(]*\\sON\\s+" + name(part.table())));
            } else if (part.column().isPresent()) {
                statements.add(addColumn(
                        part.table(), table.columns().get(part.column().get())));
            } else {
                statements.add("CREATE UNIQUE INDEX " + quoted(freeName(table, part)) + " ON " + table(part.table())
                        + " (" + part.key().stream().map(this::column).collect(joining(", ")) + ")");
            }
        }
        statements.addAll(drops(left));
        return oneLine(statements);
    }

    /** Rows that are there get an empty value where the column may not be NULL. */
    private String addColumn(String table, Schema.Column column) {
        String type = column.type().toUpperCase(Locale.ROOT);
        String empty = type.matches("(DATE|TIME).*")
                ? "'1970-01-01 00:00:00'"
                : type.contains("CHAR") || type.contains("TEXT") ? "''" : "0";
        return "ALTER TABLE " + table(table) + " ADD COLUMN " + column(column.name()) + " " + column.type()
                + (column.notNull() ? " NOT NULL DEFAULT " + empty : "");
    }

    private String freeName(Schema.Table table, Part unique) {
        List<String> names = new ArrayList<>(table.indexes().stream()
                .filter(index ->
                        !index.constraint() && Set.copyOf(index.columns()).equals(unique.key()))
                .map(Schema.Index::name)
                .toList());
        // As SQLAlchemy names it, which lets a rollback drop it with the table.
        String name = "ix_" + table.name() + "_" + String.join("_", unique.key());
        names.addAll(List.of(name, name + "_unique"));
        return names.stream().filter(Predicate.not(actual::hasName)).findFirst().orElse(name + "_unique_2");
    }

    /** Returns what drops parts, newest first. */
    String toDrop(List<Part> present) {
        return oneLine(drops(present));
    }

    private Set<String> drops(List<Part> present) {
        List<Part> newestFirst = new ArrayList<>(present);
        Collections.reverse(newestFirst);
        Set<String> statements = new LinkedHashSet<>();
        for (Part part : newestFirst) {
            if (part.isTable()) {
                statements.add("DROP TABLE " + table(part.table()));
                continue;
            }
            Predicate<Schema.Index> uses = part.column()
                    .<Predicate<Schema.Index>>map(
                            column -> index -> index.columns().contains(column))
                    .orElse(index ->
                            index.unique() && Set.copyOf(index.columns()).equals(part.key()));
            actual.tables().get(part.table()).indexes().stream()
                    .filter(uses.and(index -> !index.constraint()))
                    .forEach(index -> statements.add("DROP INDEX " + quoted(index.name())));
            part.column()
                    .ifPresent(name ->
                            statements.add("ALTER TABLE " + table(part.table()) + " DROP COLUMN " + column(name)));
        }
        return statements;
    }

    private String table(String name) {
        return database().escapeObjectName(name, Table.class);
    }

    private String column(String name) {
        return database().escapeObjectName(name, Column.class);
    }

    private String quoted(String index) {
        return index.matches("[a-z_][a-z0-9_]*")
                ? database().escapeObjectName(index, Index.class)
                : '"' + index.replace("\"", "\"\"") + '"';
    }

    private static String oneLine(Set<String> statements) {
        return statements.stream()
                .map(sql -> sql.replaceAll("\\s+", " ").replaceFirst(";?\\s*$", ";"))
                .collect(joining(" ", "BEGIN; ", " COMMIT;"));
    }
}
