package seedarr.db.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;

/**
 * The text of a CREATE TABLE of SQLite, cut at its outer commas.
 *
 * @param columns each column's definition by its folded name, in the order of the text
 * @param constraints what follows the columns
 * @param options what follows the closing bracket: WITHOUT ROWID, STRICT
 */
public record TableText(Map<String, String> columns, List<String> constraints, String options) {

    private static final Set<String> CONSTRAINTS = Set.of("constraint", "primary", "unique", "check", "foreign");

    /** The words of constraints in a column's definition; NOT is that of NOT NULL. */
    private static final Set<String> CONSTRAINT_WORDS =
            Set.of("not", "check", "references", "unique", "primary", "collate", "as", "autoincrement");

    /** Reads a CREATE TABLE. */
    public static TableText of(String sql) {
        var columns = new LinkedHashMap<String, String>();
        var constraints = new ArrayList<String>();
        int depth = 0;
        int start = -1;
        for (MatchResult token :
                (Iterable<MatchResult>) ExecutedSql.TOKEN.matcher(sql).results()::iterator) {
            String text = token.group();
            boolean isEnd = text.equals(")") && depth == 1;
            if (isEnd || text.equals(",") && depth == 1) {
                add(sql.substring(start, token.start()).strip(), columns, constraints);
                start = token.end();
            }
            if (isEnd) {
                fold(columns, constraints);
                return new TableText(columns, constraints, sql.substring(start).strip());
            }
            depth += text.equals("(") ? 1 : text.equals(")") ? -1 : 0;
            if (text.equals("(") && depth == 1) {
                start = token.end();
            }
        }
        throw new IllegalArgumentException("not a CREATE TABLE: " + sql);
    }

    private static void add(String definition, Map<String, String> columns, List<String> constraints) {
        List<String> words = ExecutedSql.words(definition);
        // A constraint may follow another without a comma, but never a column.
        if (CONSTRAINTS.contains(words.get(0)) && Character.isLetter(definition.charAt(0))) {
            constraints.add(definition);
        } else {
            columns.put(words.get(0), definition);
        }
    }

    /** A CHECK or a FOREIGN KEY of one column says the same behind the column, and only there ADD COLUMN can make it. */
    private static void fold(Map<String, String> columns, List<String> constraints) {
        for (String constraint : List.copyOf(constraints)) {
            List<String> words = ExecutedSql.words(constraint);
            List<String> rest = words.get(0).equals("constraint") ? words.subList(2, words.size()) : words;
            boolean isForeignKey = rest.get(0).equals("foreign");
            List<String> used = isForeignKey
                    ? rest.subList(3, rest.indexOf(")"))
                    : rest.stream().filter(columns::containsKey).distinct().toList();
            if (used.size() == 1
                    && columns.containsKey(used.get(0))
                    && (isForeignKey || rest.get(0).equals("check"))) {
                String behind = isForeignKey
                        ? constraint.replaceFirst("(?is)FOREIGN\\s+KEY\\s*\\([^)]*\\)\\s*", "")
                        : constraint;
                columns.merge(used.get(0), behind, (column, more) -> column + " " + more);
                constraints.remove(constraint);
            }
        }
    }

    /** Returns the constraints and options alone. */
    public TableText withoutColumns() {
        return new TableText(Map.of(), constraints, options);
    }

    /** Returns definitions and options that this text has and the other has not, comparing words, not white space. */
    public List<String> without(TableText other) {
        var rest = new ArrayList<String>();
        var theirs = new ArrayList<List<String>>();
        other.all().forEach(definition -> theirs.add(ExecutedSql.words(definition)));
        for (String definition : all()) {
            if (!theirs.remove(ExecutedSql.words(definition))) {
                rest.add(definition);
            }
        }
        return rest;
    }

    /**
     * Returns the constraints that the other text has lost, with the columns that it still has. What makes unique is left
     * out, for an index can do that as well.
     */
    public List<String> lostIn(TableText other) {
        return without(other).stream()
                .filter(definition -> {
                    List<String> words = ExecutedSql.words(definition);
                    String column = words.get(0);
                    if (columns.containsValue(definition)) {
                        return other.columns.containsKey(column)
                                && losesConstraint(words, ExecutedSql.words(other.columns.get(column)));
                    }
                    int start = column.equals("constraint") ? 2 : 0;
                    return !words.get(start).equals("unique") || words.contains("conflict");
                })
                .toList();
    }

    private static boolean losesConstraint(List<String> before, List<String> after) {
        return CONSTRAINT_WORDS.stream()
                .anyMatch(word -> Collections.frequency(before, word) > Collections.frequency(after, word));
    }

    private List<String> all() {
        var all = new ArrayList<>(columns.values());
        all.addAll(constraints);
        if (!options.isEmpty()) {
            all.add(options);
        }
        return all;
    }
}
