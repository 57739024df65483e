package seedarr.db.sql;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one statement makes.
 *
 * @param type table, column, index, view or trigger
 * @param table the table that it is in or on; of a table, itself
 * @param name its name, folded
 * @param uniqueColumns of a unique index, the words between its brackets
 */
public record Made(String type, String table, String name, List<String> uniqueColumns) {

    /** The words that begin a constraint of a table, which is no column. */
    static final Set<String> CONSTRAINTS = Set.of("constraint primary unique check foreign exclude like".split(" "));

    /** What may stand between CREATE and the type of the object; CREATE CONSTRAINT TRIGGER makes a trigger. */
    static final Set<String> MODIFIERS = Set.of(
            "or replace unique temp temporary unlogged virtual materialized foreign recursive constraint".split(" "));

    /** What may stand between the type, or an action of ALTER TABLE, and the name. */
    static final Set<String> CONDITIONS = Set.of("if not exists only concurrently column".split(" "));

    /** Reads a statement; empty where it makes none of these. */
    public static Optional<Made> by(String sql) {
        List<String> words = words(sql);
        int type = past(MODIFIERS, words, 1);
        int at = name(words, type + 1);
        String name = words.get(at);
        String column = words.get(past(CONDITIONS, words, at + 2));
        return switch (words.get(0) + " " + words.get(type)) {
            case "create table", "create view", "create trigger" ->
                Optional.of(new Made(words.get(type), name, name, List.of()));
            case "create index" -> Optional.of(index(name, words));
            case "alter table" ->
                words.get(at + 1).equals("add") && !CONSTRAINTS.contains(column)
                        ? Optional.of(new Made("column", name, column, List.of()))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Made index(String name, List<String> words) {
        int table = name(words, words.indexOf("on") + 1);
        int open = words.indexOf("(");
        int end = words.get(1).equals("unique") ? words.lastIndexOf(")") : open + 1;
        List<String> columns = words.subList(open + 1, end).stream()
                .filter(word -> !word.equals(","))
                .toList();
        return new Made("index", words.get(table), name, columns);
    }

    /** Returns the words of SQL, and empty ones behind them, so that one can look ahead. */
    static List<String> words(String sql) {
        return Stream.concat(ExecutedSql.words(sql).stream(), Collections.nCopies(6, "").stream())
                .toList();
    }

    /** Returns where a name stands, behind IF NOT EXISTS and the like and its schema. */
    static int name(List<String> words, int from) {
        int at = past(CONDITIONS, words, from);
        return words.get(at + 1).equals(".") ? at + 2 : at;
    }

    /** Returns where the words go on behind those that are skipped. */
    static int past(Set<String> skipped, List<String> words, int from) {
        return skipped.contains(words.get(from)) ? past(skipped, words, from + 1) : from;
    }
}
