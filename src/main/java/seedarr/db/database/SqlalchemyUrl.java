package seedarr.db.database;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of a URL as SQLAlchemy 2.1 cuts it, still percent-encoded, and empty where absent. */
record SqlalchemyUrl(
        String source, String dialect, String user, String password, String address, String database, String query) {

    /** The word after a plus is a Python driver. */
    private static final Pattern SCHEME = Pattern.compile("(\\w+)(?:\\+\\w+)?://(.*)", Pattern.DOTALL);

    /** For URLs with credentials, which a file has not. */
    private static final class Credentials {

        /** Parameters whose values may hold an {@code @}. What looks like another parameter may be a piece of a password. */
        private static final Pattern PARAMETERS = Pattern.compile(
                "\\?(?:(?:" + String.join("|", PostgresUrl.parameters()) + ")=[^&]*(?:&|$))+", Pattern.DOTALL);

        /** A host or an IPv6 address, a port and a database. */
        private static final Pattern SERVER = Pattern.compile("(?:\\[.*\\]|[^:/]*)(?::\\d*)?(?:/.*)?", Pattern.DOTALL);
    }

    /** Returns the parts, or nothing if the text does not start with a scheme and {@code ://}. */
    static Optional<SqlalchemyUrl> parse(String value, String source) {
        Matcher scheme = SCHEME.matcher(value);
        if (!scheme.matches()) {
            return Optional.empty();
        }
        String rest = scheme.group(2);
        int at = endOfCredentials(rest);
        String credentials = rest.substring(0, Math.max(0, at));
        int colon = credentials.indexOf(':');
        String user = colon < 0 ? credentials : credentials.substring(0, colon);
        String password = colon < 0 ? "" : credentials.substring(colon + 1);

        rest = rest.substring(at + 1);
        int question = rest.indexOf('?');
        String query = question < 0 ? "" : rest.substring(question + 1);
        rest = question < 0 ? rest : rest.substring(0, question);
        int slash = rest.indexOf('/');
        String database = slash < 0 ? "" : rest.substring(slash + 1);
        String address = slash < 0 ? rest : rest.substring(0, slash);
        return Optional.of(new SqlalchemyUrl(source, scheme.group(1), user, password, address, database, query));
    }

    /**
     * Returns where the {@code @} after user and password is, or -1. It is the last one, so that a password may hold
     * {@code @ : / ? #}, but for those in the values of parameters. (SQLAlchemy ends a password at the first {@code @},
     * and then finds a piece of it where the host should be.)
     */
    private static int endOfCredentials(String rest) {
        int end = rest.lastIndexOf('?');
        while (end >= 0
                && !Credentials.PARAMETERS
                        .matcher(rest)
                        .region(end, rest.length())
                        .matches()) {
            end = rest.lastIndexOf('?', end - 1);
        }
        int at = rest.lastIndexOf('@', end < 0 ? rest.length() : end);
        if (at < 0
                && end >= 0
                && !Credentials.SERVER.matcher(rest).region(0, end).matches()) {
            at = rest.lastIndexOf('@');
        }
        boolean isUser = at >= 0 && rest.substring(0, at).matches("(?s)[^:/\\[]*(?::.*)?");
        return isUser ? at : -1;
    }

    @Override
    public String toString() {
        return dialect;
    }
}
