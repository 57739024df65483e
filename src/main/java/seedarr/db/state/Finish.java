package seedarr.db.state;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import seedarr.db.Refusal;
import seedarr.db.sql.ExecutedSql;
import seedarr.db.sql.Made;
import seedarr.db.sql.SchemaObject;
import seedarr.db.sql.TableText;
import seedarr.db.state.Schema.Part;
import seedarr.db.state.Schema.Type;
import seedarr.db.state.StateReader.Query;

/**
 * The statements that make what a database lacks of some revisions. They are the changelog's own; a column that only a CREATE
 * TABLE has is added as it stands there. Nothing is dropped, and no row changes.
 *
 * @param tables what makes tables and columns, by what it makes
 * @param others what makes indexes, views and triggers: it comes afterwards
 */
record Finish(Query query, Schema wanted, Schema actual, Map<String, String> tables, Map<String, String> others) {

    private static final int SHOWN = 5;

    /** Returns the statements, by what they make, in the order in which they work, after which the last stage is whole. */
    static Map<String, String> statements(Query query, List<Stage> stages) {
        Stage last = stages.get(stages.size() - 1);
        var finish = new Finish(query, last.after(), last.actual(), new LinkedHashMap<>(), new LinkedHashMap<>());
        for (Stage stage : stages) {
            for (String sql : stage.revision().up()) {
                Made.by(sql).ifPresent(made -> finish.make(made, sql.strip()));
                finish.drop(ExecutedSql.words(sql));
            }
        }
        for (Part part : last.actual().lacking(last.after().parts(Type.UNIQUE))) {
            if (!finish.tables.containsKey(part.table())) {
                finish.makeUnique(part);
            }
        }
        finish.tables.putAll(finish.others);
        return finish.tables;
    }

    private void make(Made made, String sql) {
        switch (made.type()) {
            case "table" -> {
                if (actual.hasTable(made.name())) {
                    for (var column : TableText.of(sql).columns().entrySet()) {
                        addColumn(made.name(), column.getKey(), column.getValue());
                    }
                } else if (wanted.hasTable(made.name())) {
                    tables.putIfAbsent(made.name(), sql);
                }
            }
            case "column" -> {
                if (tables.containsKey(made.table())) {
                    tables.put(made.table() + "." + made.name(), sql);
                } else if (actual.hasTable(made.table())) {
                    addColumn(made.table(), made.name(), sql.replaceFirst("(?is)^.*?\\bADD\\s+(?:COLUMN\\s+)?", ""));
                }
            }
            case "index" -> {
                boolean isWanted = wanted.has(Type.INDEX, made.table(), made.name());
                boolean isTaken = actual.hasName(made.name(), Type.TABLE, Type.VIEW, Type.INDEX);
                if (isWanted && isTaken && !actual.has(Type.INDEX, made.table(), made.name())) {
                    throw Refusal.failed(
                            "something else has the name of the index " + made.name() + " of " + made.table(),
                            "another name for that one, then the same command again");
                }
                if (tables.containsKey(made.table()) || isWanted && !isTaken) {
                    others.put(made.name(), sql);
                }
            }
            default -> {
                if (!actual.hasName(made.name(), Type.VIEW, Type.TRIGGER)) {
                    others.put(made.name(), sql);
                }
            }
        }
    }

    /** A view or a trigger that a later revision drops, by its name or with its table, is not made. */
    private void drop(List<String> words) {
        if (words.get(0).equals("drop") && words.size() > 2) {
            String name = words.get(words.get(2).equals("if") && words.size() > 4 ? 4 : 2);
            others.remove(name);
            if (words.get(1).equals("table")) {
                others.values().removeIf(sql -> ExecutedSql.words(sql).contains(name));
            }
        }
    }

    /** Adds it without what makes it unique: an index does that, also on SQLite, which adds no such column. */
    private void addColumn(String table, String name, String definition) {
        String label = table + "." + name;
        if (!wanted.has(Type.COLUMN, table, name)
                || actual.has(Type.COLUMN, table, name)
                || tables.containsKey(label)) {
            return;
        }
        List<String> words = ExecutedSql.words(definition);
        String column = definition.replaceFirst("(?i)\\s+UNIQUE\\b", "");
        boolean mayNotBeEmpty = words.contains("primary")
                || Collections.indexOfSubList(words, List.of("not", "null")) >= 0 && !words.contains("default");
        if (mayNotBeEmpty) {
            String rows = query.value("SELECT count(*) FROM " + SchemaObject.quote(table));
            if (!rows.equals("0")) {
                throw Refusal.failed(
                        label + " is missing and may not be NULL, but " + table + " has "
                                + (rows.equals("1") ? "1 row" : rows + " rows"),
                        "adding it by hand with a value for each row, then seedarr-db adopt --finish");
            }
            // SQLite asks for one where there is no row as well.
            column += query.isSqlite() ? " DEFAULT ''" : "";
        }
        tables.put(label, "ALTER TABLE " + SchemaObject.quote(table) + " ADD COLUMN " + column);
    }

    /** The name that the changelog has for the index may be that of one that is not unique, as create_all makes it. */
    private void makeUnique(Part part) {
        List<String> columns = List.of(part.name().split(", "));
        String table = SchemaObject.quote(part.table());
        List<String> quoted = columns.stream().map(SchemaObject::quote).toList();
        // A column that is added here is NULL in every row: no two of these are the same.
        if (columns.stream().allMatch(column -> actual.has(Type.COLUMN, part.table(), column))) {
            refuseDuplicates(part, table, quoted);
        }
        boolean isMade = others.values().stream()
                .flatMap(sql -> Made.by(sql).stream())
                .anyMatch(made -> !made.uniqueColumns().isEmpty()
                        && made.table().equals(part.table())
                        && made.uniqueColumns().stream().sorted().toList().equals(columns));
        if (!isMade) {
            String ofSqlalchemy = "ix_" + part.table() + "_" + String.join("_", columns);
            String name = actual.hasName(ofSqlalchemy, Type.TABLE, Type.VIEW, Type.INDEX)
                    ? ofSqlalchemy + "_unique"
                    : ofSqlalchemy;
            others.put(
                    name,
                    "CREATE UNIQUE INDEX " + SchemaObject.quote(name) + " ON " + table + " ("
                            + String.join(", ", quoted) + ")");
        }
    }

    private void refuseDuplicates(Part part, String table, List<String> columns) {
        String duplicates =
                """
                SELECT %1$s, count(*) OVER () FROM %2$s WHERE %3$s IS NOT NULL
                GROUP BY %1$s HAVING count(*) > 1 ORDER BY %1$s LIMIT %4$d
                """.formatted(String.join(", ", columns), table, String.join(" IS NOT NULL AND ", columns), SHOWN);
        List<List<String>> rows = query.rows(duplicates);
        if (!rows.isEmpty()) {
            List<String> values = rows.stream()
                    .map(row ->
                            String.join(", ", row.subList(0, columns.size())).replaceAll("\\p{Cntrl}", "?"))
                    .toList();
            String count = rows.get(0).get(columns.size());
            throw Refusal.failed(
                    "several rows of " + part.table() + " have the same " + part.name() + ": "
                            + String.join("; ", values)
                            + (Long.parseLong(count) > SHOWN ? "; … (" + count + " values in all)" : ""),
                    "changing or deleting all but one row of each, then seedarr-db adopt --finish");
        }
    }
}
