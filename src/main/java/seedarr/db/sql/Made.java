package seedarr.db.sql;

import java.util.List;
import java.util.Optional;

/**
 * What one statement makes.
 *
 * @param type table, column, index, view or trigger
 * @param table the table that it is in or on; of a table, itself
 * @param name its name, folded
 * @param columns of an index, the words between its brackets
 * @param isUnique whether it is a unique index
 */
public record Made(String type, String table, String name, List<String> columns, boolean isUnique) {

    /** Reads a statement; empty where it makes none of these. */
    public static Optional<Made> by(String sql) {
        List<String> words = ExecutedSql.words(sql);
        if (words.size() > 4 && words.get(0).equals("create")) {
            int type = OwnedNames.past(OwnedNames.MODIFIERS, words, 1);
            int name = name(words, type + 1);
            return switch (words.get(type)) {
                case "table", "view", "trigger" ->
                    Optional.of(new Made(words.get(type), words.get(name), words.get(name), List.of(), false));
                case "index" -> {
                    int table = name(words, words.indexOf("on") + 1);
                    int open = table + words.subList(table, words.size()).indexOf("(");
                    List<String> columns = words.subList(open + 1, words.lastIndexOf(")")).stream()
                            .filter(word -> !word.equals(","))
                            .toList();
                    yield Optional.of(new Made(
                            "index",
                            words.get(table),
                            words.get(name),
                            columns,
                            words.get(1).equals("unique")));
                }
                default -> Optional.empty();
            };
        }
        if (words.size() > 4 && words.get(0).equals("alter") && words.get(1).equals("table")) {
            int table = name(words, 2);
            int column = table + 2 < words.size() && words.get(table + 2).equals("column") ? table + 3 : table + 2;
            column = OwnedNames.past(OwnedNames.CONDITIONS, words, column);
            if (words.get(table + 1).equals("add") && !OwnedNames.CONSTRAINTS.contains(words.get(column))) {
                return Optional.of(new Made("column", words.get(table), words.get(column), List.of(), false));
            }
        }
        return Optional.empty();
    }

    /** Returns where a name stands, behind IF NOT EXISTS and its schema. */
    private static int name(List<String> words, int from) {
        return OwnedNames.name(words, OwnedNames.past(OwnedNames.CONDITIONS, words, from));
    }
}
