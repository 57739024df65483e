package seedarr.db.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import seedarr.db.Refusal;
import seedarr.db.changelog.Revision;
import seedarr.db.sql.ExecutedSql;
import seedarr.db.sql.Made;
import seedarr.db.sql.TableText;
import seedarr.db.state.Schema.Part;

/**
 * The statements that make what a database lacks of some revisions. They are the changelog's own; a column that only a CREATE
 * TABLE has is added as it stands there. Nothing is dropped, and no row changes.
 */
final class Finish {

    private static final String AGAIN = ", then seedarr-db adopt --finish";

    /** How many values that stand in the way are shown. */
    private static final int SHOWN = 5;

    private final Schema wanted;
    private final Schema actual;
    private final Set<Part> parts;
    private final Connection connection;
    private final boolean isSqlite;
    private final Set<String> newTables = new HashSet<>();
    /** By what they make; indexes and what is about several tables come after tables and columns. */
    private final Map<String, String> tablesAndColumns = new LinkedHashMap<>();

    private final Map<String, String> others = new LinkedHashMap<>();

    private Finish(Schema wanted, Schema actual, String kind, Connection connection) {
        this.wanted = wanted;
        this.actual = actual;
        this.parts = new HashSet<>(actual.parts());
        this.connection = connection;
        this.isSqlite = kind.equals("sqlite");
    }

    /**
     * Returns the statements, by what they make, in the order in which they work.
     *
     * @param revisions those that are to be whole, oldest first
     * @param wanted the schema that the last of them leaves
     * @throws Refusal when something is missing that rows would have to have, or rows stand in the way
     */
    static Map<String, String> of(
            List<Revision> revisions, Schema wanted, Schema actual, String kind, Connection connection)
            throws SQLException {
        Finish finish = new Finish(wanted, actual, kind, connection);
        for (Revision revision : revisions) {
            for (String sql : revision.up()) {
                Optional<Made> made = Made.by(sql);
                if (made.isPresent()) {
                    finish.make(made.get(), sql.strip());
                }
                finish.drop(ExecutedSql.words(sql));
            }
        }
        for (Part part : wanted.parts()) {
            if (!part.key().isEmpty() && !finish.newTables.contains(part.table()) && finish.parts.add(part)) {
                finish.makeUnique(part);
            }
        }
        Map<String, String> statements = new LinkedHashMap<>(finish.tablesAndColumns);
        statements.putAll(finish.others);
        return statements;
    }

    private void make(Made made, String sql) throws SQLException {
        boolean isOfNewTable = newTables.contains(made.table());
        switch (made.type()) {
            case "table" -> {
                if (!wanted.tables().containsKey(made.name())) {
                    return;
                }
                if (actual.tables().containsKey(made.name())) {
                    for (var column : TableText.of(sql).columns().entrySet()) {
                        addColumn(made.name(), column.getKey(), column.getValue());
                    }
                } else if (newTables.add(made.name())) {
                    tablesAndColumns.put(made.name(), sql);
                }
            }
            case "column" -> {
                if (isOfNewTable) {
                    tablesAndColumns.put(made.table() + "." + made.name(), sql);
                } else if (actual.tables().containsKey(made.table())
                        && wanted.tables().containsKey(made.table())) {
                    addColumn(made.table(), made.name(), sql.replaceFirst("(?is)^.*?\\bADD\\s+(?:COLUMN\\s+)?", ""));
                }
            }
            case "index" -> {
                if (isOfNewTable || wanted.indexNames().contains(made.name()) && !actual.hasName(made.name())) {
                    Part uniqueness = new Part(made.table(), Optional.empty(), new TreeSet<>(made.columns()));
                    if (made.isUnique() && !isOfNewTable && parts.add(uniqueness)) {
                        refuseDuplicates(made.table(), made.columns());
                    }
                    others.put(made.name(), sql);
                }
            }
            default -> {
                if (!hasViewOrTrigger(made.name())) {
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

    private boolean hasViewOrTrigger(String name) throws SQLException {
        String query = isSqlite
                ? "SELECT 1 FROM sqlite_schema WHERE type IN ('view', 'trigger') AND lower(name) = ?"
                : "SELECT 1 FROM (SELECT relname FROM pg_class UNION SELECT tgname FROM pg_trigger) n WHERE relname = ?";
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet result = statement.executeQuery()) {
                return result.next();
            }
        }
    }

    /**
     * @param definition as in the CREATE TABLE or the ALTER TABLE, without what makes it unique: an index does that, also on
     *     SQLite, which adds no such column
     */
    private void addColumn(String table, String name, String definition) throws SQLException {
        String label = table + "." + name;
        if (!wanted.tables().get(table).columns().containsKey(name)
                || actual.tables().get(table).columns().containsKey(name)
                || tablesAndColumns.containsKey(label)) {
            return;
        }
        List<String> words = ExecutedSql.words(definition);
        if (words.contains("primary")) {
            throw Refusal.failed(table + " has no " + name + ", its PRIMARY KEY", "that table by hand" + AGAIN);
        }
        String column = definition.replaceFirst("(?i)\\s+UNIQUE\\b", "");
        boolean mayNotBeEmpty = words.contains("null")
                && words.get(words.indexOf("null") - 1).equals("not")
                && !words.contains("default");
        if (mayNotBeEmpty) {
            long rows = Long.parseLong(
                    query("SELECT count(*) FROM " + quoted(table)).get(0));
            if (rows > 0) {
                throw Refusal.failed(
                        label + " is missing and may not be NULL, but " + table + " has "
                                + (rows == 1 ? "1 row" : rows + " rows"),
                        "adding it by hand with a value for each row" + AGAIN);
            }
            // SQLite asks for one where there is no row as well.
            column += isSqlite ? " DEFAULT ''" : "";
        }
        tablesAndColumns.put(label, "ALTER TABLE " + quoted(table) + " ADD COLUMN " + column);
    }

    /** The name that the changelog has for the index may be that of one that is not unique, as create_all makes it. */
    private void makeUnique(Part part) throws SQLException {
        List<String> columns = List.copyOf(part.key());
        refuseDuplicates(part.table(), columns);
        String ofSqlalchemy = "ix_" + part.table() + "_" + String.join("_", columns);
        String name = Stream.of(ofSqlalchemy, ofSqlalchemy + "_unique")
                .filter(free -> !actual.hasName(free))
                .findFirst()
                .orElseThrow(() -> Refusal.failed(
                        "something else has the name of the index " + ofSqlalchemy,
                        "another name for that one" + AGAIN));
        others.put(
                name,
                "CREATE UNIQUE INDEX " + quoted(name) + " ON " + quoted(part.table()) + " ("
                        + columns.stream().map(Finish::quoted).collect(Collectors.joining(", ")) + ")");
    }

    private void refuseDuplicates(String table, List<String> columns) throws SQLException {
        if (!actual.tables().get(table).columns().keySet().containsAll(columns)) {
            // One of them is added here, and is NULL in every row: no two of these are the same.
            return;
        }
        String list = columns.stream().map(Finish::quoted).collect(Collectors.joining(", "));
        String groups = " FROM " + quoted(table) + " WHERE "
                + columns.stream()
                        .map(column -> quoted(column) + " IS NOT NULL")
                        .collect(Collectors.joining(" AND "))
                + " GROUP BY " + list + " HAVING count(*) > 1";
        List<String> values = query("SELECT " + list + groups + " ORDER BY " + list + " LIMIT " + SHOWN);
        if (!values.isEmpty()) {
            String count =
                    query("SELECT count(*) FROM (SELECT 1" + groups + ") d").get(0);
            throw Refusal.failed(
                    "rows of " + table + " have the same " + String.join(", ", columns) + ": "
                            + String.join("; ", values)
                            + (count.equals("" + values.size()) ? "" : "; … (" + count + " values in all)"),
                    "changing or deleting all but one row of each" + AGAIN);
        }
    }

    /** Returns the rows of a query, each as its values with commas, on one line. */
    private List<String> query(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    values.add(String.valueOf(result.getString(i)).replaceAll("\\p{Cntrl}", "?"));
                }
                rows.add(String.join(", ", values));
            }
        }
        return rows;
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
