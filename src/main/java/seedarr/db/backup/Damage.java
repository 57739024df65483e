package seedarr.db.backup;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import seedarr.db.Refusal;
import seedarr.db.database.Session;
import seedarr.db.database.SqliteError;
import seedarr.db.database.SqliteFile;
import seedarr.db.database.Target;

/**
 * What SQLite finds damaged in a file: no row that breaks a rule, which its writer may have had off, and nothing in a virtual
 * table, which can be built anew.
 */
public final class Damage {

    private static final String OF_ROWS =
            "(?s)ok|(?:NULL|NUMERIC|TEXT|non-\\w+) value in .*|CHECK constraint failed in .*";

    private static final String TABLES =
            "SELECT printf('(\"%w\")', name) FROM sqlite_schema WHERE type = 'table' AND (sql LIKE 'CREATE VIRTUAL%') = ";

    private Damage() {}

    /** Refuses a SQLite file that is damaged, for which all of it is read; of a server it is nothing to look for. */
    public static void refuse(Target target, Session session) {
        try {
            if (target instanceof SqliteFile database) {
                in(session.connection(), "quick_check").ifPresent(damage -> {
                    Path file = database.file();
                    throw Refusal.failed(file + " is damaged: " + damage, SqliteError.remedyOfDamage(file));
                });
            }
        } catch (SQLException e) {
            throw target.explain(e);
        }
    }

    /**
     * Looks through the whole file. Returns the first finding in a short line, and how many more there are.
     *
     * @param check {@code quick_check}, or {@code integrity_check}, which compares indexes with their tables as well
     * @throws SQLException when that cannot be done, for damage of the schema or another reason
     */
    public static Optional<String> in(Connection connection, String check) throws SQLException {
        List<String> found = new ArrayList<>();
        if (!find(connection, check + "(1000000)", found)) {
            // Something needs a function or a collation of the application. All that does without is looked at.
            for (String table :
                    Session.read(connection, TABLES + "0 UNION ALL SELECT '(sqlite_schema)'", new ArrayList<>())) {
                find(connection, check + table, found);
            }
        }
        List<String> ofVirtualTables = new ArrayList<>();
        for (String table : found.isEmpty() ? found : Session.read(connection, TABLES + "1", new ArrayList<>())) {
            find(connection, check + table, ofVirtualTables);
        }
        found.removeAll(ofVirtualTables);
        return found.stream()
                .findFirst()
                .map(first -> first.replaceAll("\\s+", " ").replaceFirst("^(.{100}).+", "$1…"))
                .map(first -> found.size() == 1 ? first : first + " (and " + (found.size() - 1) + " more)");
    }

    /** Adds what one check finds; returns whether it could be made. */
    private static boolean find(Connection connection, String check, List<String> found) throws SQLException {
        List<String> rows = new ArrayList<>();
        try {
            Session.read(connection, "PRAGMA " + check, rows);
        } catch (SQLException e) {
            switch (SqliteError.primary(e)) {
                case SQLITE_ERROR -> {
                    return false;
                }
                case SQLITE_CORRUPT, SQLITE_NOTADB -> rows.add(SqliteError.message(e));
                default -> throw e;
            }
        }
        rows.stream()
                .filter(finding -> !finding.matches(OF_ROWS))
                // All that is found in the pages of the file is one row.
                .flatMap(row -> row.startsWith("*** in database ") ? row.lines().skip(1) : Stream.of(row))
                .forEach(found::add);
        return true;
    }
}
