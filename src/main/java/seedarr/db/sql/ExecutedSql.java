package seedarr.db.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The words of SQL. */
public final class ExecutedSql {
    static final Pattern TOKEN = Pattern.compile("--[^\n]*|/\\*(?s:.*?)(?:\\*/|\\z)"
            + "|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\\[[^]]*]"
            + "|[\\w\\x{80}-\\x{10FFFF}$]+|\\S");

    private ExecutedSql() {}

    /**
     * Returns the words of SQL: bare and quoted names folded and without quotes, string literals as they are, no white
     * space, no comments.
     */
    public static List<String> words(String sql) {
        return TOKEN.matcher(sql)
                .results()
                .map(ExecutedSql::text)
                .filter(token -> !token.isEmpty())
                .map(token -> token.startsWith("'") ? token : SchemaObject.fold(token))
                .toList();
    }

    /** Whether SQL is one statement: semicolons are at its end, or in the body of a trigger. */
    public static boolean isOne(String sql) {
        List<String> words = new ArrayList<>(words(sql));
        while (!words.isEmpty() && words.get(words.size() - 1).equals(";")) {
            words.remove(words.size() - 1);
        }
        boolean isTrigger = words.contains("trigger")
                && words.get(0).equals("create")
                && words.get(words.size() - 1).equals("end");
        return isTrigger || !words.contains(";");
    }

    /** Whether a statement is one of CREATE, ALTER and DROP. */
    public static boolean changesSchema(String sql) {
        List<String> words = words(sql);
        return !words.isEmpty() && Set.of("create", "alter", "drop").contains(words.get(0));
    }

    /** Returns the first word as it is written, quotes included. */
    public static String firstName(String sql) {
        return TOKEN.matcher(sql)
                .results()
                .map(MatchResult::group)
                .filter(word -> !word.startsWith("--") && !word.startsWith("/*"))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the SQL without tabs, and without spaces at the ends of its lines, outside of literals. */
    public static String tidy(String sql) {
        var tidy = new StringBuilder();
        int end = 0;
        for (MatchResult token : (Iterable<MatchResult>) TOKEN.matcher(sql).results()::iterator) {
            String space = sql.substring(end, token.start());
            tidy.append(space.replaceAll("[ \t]+\n", "\n").replace("\t", "  ")).append(token.group());
            end = token.end();
        }
        return tidy.toString();
    }

    private static String text(MatchResult match) {
        String token = match.group();
        if (token.startsWith("--") || token.startsWith("/*")) {
            return "";
        }
        return switch (token.charAt(0)) {
            case '"' ->
                token.length() < 2
                        ? token
                        : token.substring(1, token.length() - 1).replace("\"\"", "\"");
            case '`' ->
                token.length() < 2
                        ? token
                        : token.substring(1, token.length() - 1).replace("``", "`");
            case '[' -> token.length() < 2 ? token : token.substring(1, token.length() - 1);
            default -> token;
        };
    }

    /** Returns what stands in double quotes, folded and without them. */
    public static List<String> doubleQuoted(String sql) {
        return TOKEN.matcher(sql)
                .results()
                .filter(token -> token.group().startsWith("\""))
                .map(token -> SchemaObject.fold(text(token)))
                .toList();
    }
}
