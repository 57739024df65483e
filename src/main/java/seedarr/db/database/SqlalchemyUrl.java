package seedarr.db.database;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parts of a URL as SQLAlchemy 2.1 cuts it, still percent-encoded, and empty where absent.
 *
 * @param misread whether an {@code @} stands where it may belong to a password, so that another part may hold a piece
 *     of it
 */
record SqlalchemyUrl(
        String source,
        String dialect,
        String user,
        String password,
        String address,
        String database,
        String query,
        boolean misread) {

    /** The word after a plus is a Python driver. */
    private static final Pattern SCHEME = Pattern.compile("(\\w+)(?:\\+\\w+)?://(.*)", Pattern.DOTALL);

    /** The pattern of SQLAlchemy 2.1; so a password may contain {@code : / ? #}, and a user {@code @}. */
    private static final Pattern CREDENTIALS = Pattern.compile("([^:/]*)(?::([^@]*))?@");

    /** A host, a port or a database and then a parameter: taken for a password because of an {@code @} in its value. */
    private static final Pattern NO_PASSWORD = Pattern.compile("\\d*(/.*)?\\?\\w+=.*", Pattern.DOTALL);

    /** Returns the parts, or nothing if the text does not start with a scheme and {@code ://}. */
    static Optional<SqlalchemyUrl> parse(String value, String source) {
        Matcher scheme = SCHEME.matcher(value);
        if (!scheme.matches()) {
            return Optional.empty();
        }
        Matcher credentials = CREDENTIALS.matcher(scheme.group(2));
        boolean present = credentials.lookingAt();
        String user = present ? credentials.group(1) : "";
        String password = present && credentials.group(2) != null ? credentials.group(2) : "";

        String rest = scheme.group(2).substring(present ? credentials.end() : 0);
        int question = rest.indexOf('?');
        String query = question < 0 ? "" : rest.substring(question + 1);
        rest = question < 0 ? rest : rest.substring(0, question);
        int slash = rest.indexOf('/');
        String database = slash < 0 ? "" : rest.substring(slash + 1);
        String address = slash < 0 ? rest : rest.substring(0, slash);

        // SQLAlchemy ends the password at its first @ and then fails on the host; it ends at the last one here.
        int at = address.lastIndexOf('@');
        if (at >= 0) {
            password += "@" + address.substring(0, at);
            address = address.substring(at + 1);
        }
        boolean misread = user.contains("?")
                || user.startsWith("[")
                || NO_PASSWORD.matcher(password).matches()
                || present && credentials.group(2) != null && (database + query).contains("@");
        return Optional.of(
                new SqlalchemyUrl(source, scheme.group(1), user, password, address, database, query, misread));
    }

    @Override
    public String toString() {
        return dialect;
    }
}
