package seedarr.db.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import seedarr.db.Refusal;
import seedarr.db.changelog.Changelog;
import seedarr.db.changelog.Revision;
import seedarr.db.database.Session;
import seedarr.db.database.Target;
import seedarr.db.database.Waiting;
import seedarr.db.sql.Rows;

/** Reads how one database stands to a changelog. Writes nothing. */
public final class StateReader {

    /** Asks an open database, and explains its errors. */
    record Query(Changelog changelog, Target target, Connection connection, Supplier<List<Stage>> blueprint) {

        boolean isSqlite() {
            return target.kind().equals("sqlite");
        }

        List<List<String>> rows(String sql, String... values) {
            try {
                return Rows.of(connection, sql, values);
            } catch (SQLException e) {
                throw target.explain(e);
            }
        }

        String value(String sql, String... values) {
            return rows(sql, values).get(0).get(0);
        }
    }

    private static final String APPLIED =
            "SELECT ID, AUTHOR, FILENAME, DATEEXECUTED, coalesce(MD5SUM, ''), LIQUIBASE FROM DATABASECHANGELOG"
                    + " WHERE EXECTYPE IN ('EXECUTED', 'RERAN', 'MARK_RAN')"
                    // What `liquibase tag` writes into an empty history.
                    + " AND FILENAME <> 'liquibase-internal' ORDER BY ORDEREXECUTED, DATEEXECUTED";

    private final Changelog changelog;
    private final Target target;
    private List<Revision> revisions;
    private List<Stage> blueprint;

    /** Makes a reader; nothing is read yet. */
    public StateReader(Changelog changelog, Target target) {
        this.changelog = changelog;
        this.target = target;
    }

    /** Returns how the database stands. */
    public State state() {
        return ask(state -> {
            // To be answered as long as the database is open.
            state.takeover();
            return state;
        });
    }

    /** Asks how the database stands while it is open for reading. */
    public <T> T ask(Function<State, T> question) {
        try (Session session = session()) {
            return question.apply(state(session.connection()));
        } catch (SQLException e) {
            throw target.explain(e);
        }
    }

    /** Opens the database for reading. It waits for a writer's commit as long as Python's sqlite3 does, or as the URL says. */
    public Session session() {
        return target.read(Waiting.atMost(target.lockTimeout().orElse(Duration.ofSeconds(5))));
    }

    /** Reads how the database stands on an open connection. */
    public State state(Connection connection) throws SQLException {
        List<String> tables = Schema.names(connection);
        return new State(
                revisions(),
                tables.contains("databasechangelog") ? history(connection) : List.of(),
                tables.contains("alembic_version") ? alembicVersions(connection) : List.of(),
                Optional.of(new Query(changelog, target, connection, this::blueprint))
                        .filter(query -> !Schema.TOOLS.containsAll(tables)));
    }

    /** Returns the changelog's revisions for this kind of database, oldest first. They are read once. */
    public List<Revision> revisions() {
        if (revisions == null) {
            revisions = changelog.revisions(target.kind());
        }
        return revisions;
    }

    /** Returns what each revision makes. To find that out takes as long as all else of a look, so it is done once. */
    private List<Stage> blueprint() {
        if (blueprint == null) {
            blueprint = Stage.of(revisions);
        }
        return blueprint;
    }

    private static List<State.Row> history(Connection connection) throws SQLException {
        try {
            return Rows.of(connection, APPLIED).stream()
                    .map(row -> new State.Row(row.get(0), row.get(1), row.get(2), row.get(3), row.get(4)))
                    .toList();
        } catch (SQLException e) {
            // The first is SQLite's, the second PostgreSQL's.
            Matcher missing =
                    Pattern.compile("(?:no such column: |column \")(\\w+)").matcher(e.getMessage());
            if (!missing.find()) {
                throw e;
            }
            String column = missing.group(1).toUpperCase(Locale.ROOT);
            String type = column.equals("ORDEREXECUTED") ? " INT DEFAULT -1" : " VARCHAR(35)";
            String filled = column.equals("EXECTYPE") ? " DEFAULT 'EXECUTED'" : "";
            throw Refusal.failed(
                            "the history table has no column " + column + ", as an older Liquibase made it",
                            "ALTER TABLE DATABASECHANGELOG ADD COLUMN " + column + type + filled)
                    .because(e);
        }
    }

    /** What Alembic's table says that the database is at; nothing where there is no permission to read it. */
    private static List<String> alembicVersions(Connection connection) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        try {
            return Rows.column(connection, "SELECT version_num FROM alembic_version").stream()
                    .map(version -> String.valueOf(version).replaceAll("[^\\w.-]", "?"))
                    .toList();
        } catch (SQLException e) {
            connection.rollback(savepoint);
            return List.of();
        }
    }
}
