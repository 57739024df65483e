package seedarr.db.sql;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The words of SQL. */
public final class ExecutedSql {

    static final Pattern TOKEN = Pattern.compile("--[^\n]*|/\\*(?s:.*?)(?:\\*/|\\z)"
            + "|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\\[[^]]*]"
            + "|[\\w\\x{80}-\\x{10FFFF}$]+|\\S");

    /** By their SQL. A schema is looked at again and again, and most of it stays the same. */
    private static final Map<String, List<String>> WORDS = new ConcurrentHashMap<>();

    private ExecutedSql() {}

    /**
     * Returns the words of SQL: bare and quoted names folded and without quotes, string literals as they are, no white
     * space, no comments.
     */
    public static List<String> words(String sql) {
        // To SQLite, a byte order mark is white space.
        return WORDS.computeIfAbsent(
                sql,
                text -> tokens(text.replace('\uFEFF', ' '))
                        .map(ExecutedSql::word)
                        .toList());
    }

    /** Returns the words as they are written, quotes included. */
    public static Stream<String> tokens(String sql) {
        return TOKEN.matcher(sql)
                .results()
                .map(MatchResult::group)
                .filter(token -> !token.startsWith("--") && !token.startsWith("/*"));
    }

    private static String word(String token) {
        boolean isQuoted = token.length() > 1 && "\"`[".indexOf(token.charAt(0)) >= 0;
        String quote = token.substring(token.length() - 1);
        String name = isQuoted ? token.substring(1, token.length() - 1).replace(quote + quote, quote) : token;
        return token.startsWith("'") ? token : SchemaObject.fold(name);
    }

    /** Whether SQL is one statement: semicolons are at its end, or in the body of a trigger. */
    public static boolean isOne(String sql) {
        List<String> words = words(sql);
        boolean isTrigger = words.indexOf("create") == 0 && words.containsAll(List.of("trigger", "end"));
        int end = isTrigger ? words.lastIndexOf("end") : words.indexOf(";");
        return end < 0 || words.subList(end + 1, words.size()).stream().allMatch(";"::equals);
    }
}
