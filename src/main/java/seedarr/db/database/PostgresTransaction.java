package seedarr.db.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Parser;
import org.postgresql.core.TransactionState;
import seedarr.db.Refusal;

/** The one transaction of a command that writes, by the number that the server has for it. */
public record PostgresTransaction(PostgresServer server, Session session, String id) {

    static PostgresTransaction in(Session session, PostgresServer server) throws SQLException {
        session.execute("SAVEPOINT seedarr_db");
        return new PostgresTransaction(server, session, Session.ask(session.connection(), "SELECT txid_current()"));
    }

    /** Whether a statement has ended it. Of one that failed, all is undone for the answer. */
    boolean isLeft() {
        try {
            var state = session.connection().unwrap(BaseConnection.class).getTransactionState();
            if (state == TransactionState.FAILED) {
                session.execute("ROLLBACK TO SAVEPOINT seedarr_db");
            }
            return state == TransactionState.IDLE
                    || !Session.ask(session.connection(), "SELECT txid_current()")
                            .equals(id);
        } catch (SQLException e) {
            // Another transaction has no such savepoint. Where the connection is gone, the server undoes this one.
            return "3B001".equals(e.getSQLState());
        }
    }

    /** Commits. When the connection is lost meanwhile, the server says what became of it; when this throws, nothing did. */
    void commit() throws SQLException {
        try {
            session.connection().setAutoCommit(true);
        } catch (SQLException e) {
            String status = String.valueOf(e.getSQLState()).matches("08.*|57P.*") ? status() : "aborted";
            if (!status.matches("committed|aborted")) {
                throw Refusal.failed(
                                "the connection to " + server + " was cut during the commit",
                                "seedarr-db status, once the server can be reached")
                        .leaving("the change is there, whole, or it is not: the server does not say")
                        .because(e);
            }
            if (status.equals("aborted")) {
                throw e;
            }
        }
    }

    /** Asks with the lock, which is to be had when the transaction is over. */
    private String status() {
        try (Session other = server.write(Waiting.atMost(Duration.ofSeconds(10)))) {
            return String.valueOf(Session.ask(other.connection(), "SELECT txid_status(" + id + ")"));
        } catch (SQLException | Refusal e) {
            return "unknown";
        }
    }

    /** Cuts SQL as the driver does before it sends it; what it cannot read stays whole. */
    public static List<String> statements(String sql) {
        try {
            String plain = Parser.replaceProcessing(sql, true, true);
            return Parser.parseJdbcSql(plain, true, false, true, false, false).stream()
                    .map(query -> query.nativeSql)
                    .toList();
        } catch (SQLException e) {
            return List.of(sql);
        }
    }
}
