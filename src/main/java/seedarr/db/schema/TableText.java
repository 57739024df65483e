package seedarr.db.schema;

import java.util.ArrayList;
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
record TableText(Map<String, String> columns, List<String> constraints, String options) {

    private static final Set<String> CONSTRAINTS = Set.of("constraint", "primary", "unique", "check", "foreign");

    static TableText of(String sql) {
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

    /** Returns definitions and options that this text has and the other has not, comparing words, not white space. */
    List<String> without(TableText other) {
        var rest = new ArrayList<String>();
        var theirs = new ArrayList<List<String>>();
        other.all().forEach(definition -> theirs.add(ExecutedSql.words(definition)));
        for (String definition : all()) {
            if (!theirs.remove(ExecutedSql.words(definition))) {
                rest.add(definition.replaceAll("\\s+", " "));
            }
        }
        return rest;
    }

    /** Returns what the other text has lost, but for columns that it has not, and what makes unique. */
    List<String> lostIn(TableText other) {
        return without(other).stream()
                .filter(definition -> {
                    List<String> words = ExecutedSql.words(definition);
                    boolean isColumn = columns.containsKey(words.get(0)) && !CONSTRAINTS.contains(words.get(0));
                    return isColumn
                            ? other.columns.containsKey(words.get(0))
                            : !words.contains("unique") && !words.contains("primary");
                })
                .toList();
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
