package seedarr.db.database;

import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import seedarr.db.Refusal;

/**
 * Which database a value of DATABASE_URL names: the one that SQLAlchemy 2.1 opens for the same value, since the
 * application reads it too. A refusal never repeats the value, and {@link #toString()} never contains a password.
 */
public sealed interface DatabaseUrl permits SqliteUrl, PostgresUrl {

    /**
     * Reads a value. It looks at the file system only where a name alone does not decide, and it connects to nothing.
     *
     * @param source where the value came from, for messages: "DATABASE_URL", "--url", "url in liquibase.properties"
     * @param workingFolder what a relative SQLite path starts from
     * @param environment where PGHOST, PGPORT, PGUSER, PGDATABASE and PGPASSWORD are looked up
     * @throws Refusal (usage) if the value names no database that can be opened
     */
    static DatabaseUrl parse(String value, String source, Path workingFolder, Map<String, String> environment) {
        if (value.isBlank()) {
            String away = source.equals("DATABASE_URL") ? "unset it" : "leave it out";
            throw Refusal.usage(
                    source + " is empty", "sqlite:///./data/seedarr.db, or " + away + " to use the default");
        }
        if (value.startsWith(SqliteUrl.JDBC)) {
            return SqliteUrl.fromJdbc(value, source, workingFolder);
        }
        if (value.startsWith(PostgresUrl.JDBC)) {
            return PostgresUrl.fromJdbc(value, source);
        }
        SqlalchemyUrl url = SqlalchemyUrl.parse(value, source).orElseThrow(() -> unsupported(value, source));
        return switch (url.dialect()) {
            case "sqlite" -> SqliteUrl.fromSqlalchemy(url, workingFolder);
            // postgres:// is what hosting services hand out.
            case "postgresql", "postgres" -> PostgresUrl.fromSqlalchemy(url, environment);
            default -> throw unsupported(value, source);
        };
    }

    /** Returns a refusal that names the scheme only where "://" proves that it is one, not a piece of a password. */
    private static Refusal unsupported(String value, String source) {
        Matcher scheme = Pattern.compile("((?:jdbc:)?[A-Za-z0-9+]{1,30})://").matcher(value);
        String problem;
        if (value.startsWith("sqlite:")) {
            problem = " needs three slashes after sqlite:";
        } else if (scheme.lookingAt()) {
            problem = " starts with " + scheme.group(1) + "://, which is not supported";
        } else {
            problem = " is not a database URL";
        }
        return Refusal.usage(source + problem, "sqlite:///path/to/file.db or postgresql://user@host/database");
    }
}
