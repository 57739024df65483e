package seedarr.db.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sqlite.Collation;
import org.sqlite.Function;

/**
 * Stands in for functions and collations that an application registers on its own connections, so that what uses them
 * can be compiled here. They are never called, for no scratch has rows.
 */
final class ApplicationStubs {
    private static final Pattern MISSING = Pattern.compile("no such (function|collation sequence): (.+)");

    private final Set<String> supplied = new HashSet<>();

    /** Makes a stub of what SQLite missed; false if it missed nothing, or the same once more. */
    boolean supply(Connection connection, SQLException error) throws SQLException {
        Matcher missing = MISSING.matcher(message(error));
        if (!missing.matches() || !supplied.add(missing.group())) {
            return false;
        }
        if (missing.group(1).equals("function")) {
            Function.create(connection, missing.group(2), new NullFunction(), -1, Function.FLAG_DETERMINISTIC);
        } else {
            Collation.create(connection, missing.group(2), new AllEqual());
        }
        return true;
    }

    /** SQLite's own words, without the name and meaning of the code that sqlite-jdbc puts around them. */
    static String message(SQLException error) {
        return error.getMessage().replaceFirst("(?s)^\\[SQLITE_\\w+] [^(]*\\((.*)\\)$", "$1");
    }

    private static final class NullFunction extends Function {
        @Override
        protected void xFunc() throws SQLException {
            result();
        }
    }

    private static final class AllEqual extends Collation {
        @Override
        protected int xCompare(String a, String b) {
            return 0;
        }
    }
}
