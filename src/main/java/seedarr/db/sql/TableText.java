package seedarr.db.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;

/**
 * The text of a CREATE TABLE of SQLite, cut at its outer commas. A CHECK or a FOREIGN KEY of one column says the same behind
 * the column, and only there ADD COLUMN can make it, so there it is.
 *
 * @param columns each column's definition by its folded name, in the order of the text
 * @param others the other constraints, and what follows the closing bracket: WITHOUT ROWID, STRICT
 */
public record TableText(Map<String, String> columns, List<String> others) {

    private static final Set<String> CONSTRAINTS = Set.of("constraint", "primary", "unique", "check", "foreign");

    /** By their SQL, as with the words of {@link ExecutedSql}. */
    private static final Map<String, TableText> READ = new ConcurrentHashMap<>();

    /** Reads a CREATE TABLE. One AS SELECT, as a revision may have it, defines no column. */
    public static TableText of(String sql) {
        return READ.computeIfAbsent(sql, TableText::read);
    }

    private static TableText read(String sql) {
        var table = new TableText(new LinkedHashMap<>(), new ArrayList<>());
        int depth = 0;
        int start = -1;
        for (MatchResult token : ExecutedSql.TOKEN.matcher(sql).results().toList()) {
            String text = token.group();
            if (start < 0 && text.equalsIgnoreCase("as")) {
                break;
            }
            depth += text.equals("(") ? 1 : text.equals(")") ? -1 : 0;
            boolean ends = text.equals(")") && depth == 0;
            if (ends || text.equals(",") && depth == 1) {
                table.add(sql.substring(start, token.start()).strip());
                start = token.end();
            } else if (start < 0 && depth == 1) {
                start = token.end();
            }
            if (ends) {
                String options = sql.substring(token.end()).strip();
                table.others.addAll(options.isEmpty() ? List.of() : List.of(options));
                return table;
            }
        }
        return table;
    }

    private void add(String definition) {
        List<String> words = ExecutedSql.words(definition);
        // A constraint may follow another without a comma, but never a column.
        if (!CONSTRAINTS.contains(words.get(0)) || !Character.isLetter(definition.charAt(0))) {
            columns.put(words.get(0), definition);
            return;
        }
        List<String> rest = words.get(0).equals("constraint") ? words.subList(2, words.size()) : words;
        List<String> own = rest.get(0).equals("foreign") ? rest.subList(3, rest.indexOf(")")) : rest;
        List<String> used = own.stream().filter(columns::containsKey).distinct().toList();
        if (used.size() == 1 && Set.of("foreign", "check").contains(rest.get(0))) {
            String behind = definition.replaceFirst("(?is)FOREIGN\\s+KEY\\s*\\([^)]*\\)\\s*", "");
            columns.merge(used.get(0), behind, (column, more) -> column + " " + more);
        } else {
            others.add(definition);
        }
    }
}
