package seedarr.db.database;

import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Properties;
import java.util.regex.Pattern;
import seedarr.db.Refusal;

/** Turns what a server and the driver report into sentences. */
final class PostgresError {

    /**
     * What is found in the SQLSTATE, of connections with all errors behind it; the problem, of the server %1, the user %2, the
     * sslmode %3 and the message %4; what to do.
     */
    private static final String REASONS = """
            ^28P01 -> %1$s does not let %2$s in: %4$s -> another user, password or database
            query_wait_timeout|server_login_retry|crashed -> the pooler before %1$s has no connection to it: %4$s -> the same command again
            does not support SSL -> %1$s has no TLS, which sslmode=%3$s asks for -> TLS in the server, or sslmode=prefer
            pg_hba -> %1$s lets nobody in so: %4$s -> a line in pg_hba.conf for this host, user and database, or another sslmode
            FATAL: .*certificate|fatal alert: -> %1$s does not take the certificate of sslcert: %4$s -> sslcert and sslkey with one for this user that it trusts
            CertificateExpired -> the certificate of %1$s has expired (%4$s) -> a new certificate for the server
            CertificateNotYetValid -> the certificate of %1$s is not valid yet (%4$s) -> setting the clock, or a new certificate
            CertPathBuilder -> the certificate of %1$s is not signed by one in sslrootcert -> sslrootcert with that of the authority that signed it
            SSL root cert -> no root certificate to trust %1$s by: %4$s -> sslrootcert with that of the authority that signed the server's
            hostnameverifier -> the certificate of %1$s is for another host -> the host as the certificate names it, or sslmode=verify-ca
            SSL error -> %1$s does not talk TLS in this way: %4$s -> another sslmode or sslnegotiation
            SSL cert|cert chain -> sslcert cannot be used: %4$s -> a certificate in PEM
            SSL key|rivate key|[Kk]ey ?[Mm]anager|X.509 CertificateFactory -> sslkey cannot be used: %4$s -> a key in PKCS#8, as of openssl pkcs8 -topk8 -nocrypt, that only its owner reads
            startup parameter -> %1$s does not let %2$s in: %4$s -> leaving it out, PGOPTIONS too; ALTER ROLE … SET does the same for a search_path
            ^(28000|08004|08P01|3D000) -> %1$s does not let %2$s in: %4$s -> another user, password or database
            ^(08001|57P03) -> %1$s cannot be reached: %4$s -> starting the server; --wait SECONDS waits for it
            ^(08|53300|57P0) -> the connection to %1$s was cut: %4$s -> the same command again
            ^(25001|2D000) -> %4$s: every command is one transaction -> leaving it out of the revision, or the form without CONCURRENTLY
            ^42501 -> %4$s -> a user who owns the tables and may create in the schema
            ^(42701|42710|42P07) -> %4$s -> seedarr-db adopt --finish, if the application made it
            ^2BP01 -> %4$s -> changing what it names so that it does without, then the same command again
            ^ -> %4$s -> mending what it names, then the same command again
            """;

    private PostgresError() {}

    /** Returns what is wrong with a server, a connection to it or a statement, and what to do. */
    static Refusal reason(SQLException error, Properties properties) {
        String state = String.valueOf(error.getSQLState());
        StringBuilder text = new StringBuilder(state);
        Throwable last = error;
        for (Throwable cause = state.matches("(08|28).*") ? error : null; cause != null; cause = cause.getCause()) {
            text.append('\n').append(cause);
            last = cause.getMessage() == null ? last : cause;
        }
        String server = properties.getProperty("PGHOST") + ":" + properties.getProperty("PGPORT");
        String user = properties.getProperty("user");
        String mode = properties.getProperty("sslmode", "prefer");
        String message = message(last, state);
        return REASONS.lines()
                .map(line -> line.split(" -> "))
                .filter(row -> Pattern.compile(row[0]).matcher(text).find())
                .findFirst()
                .map(row -> Refusal.failed(row[1].formatted(server, user, mode, message), row[2]))
                .orElseThrow();
    }

    /** Returns the first line; where something depends on what would be dropped, also what that is. */
    private static String message(Throwable error, String state) {
        if (error instanceof UnknownHostException) {
            return "unknown host";
        }
        String message = String.valueOf(error.getMessage()).replaceFirst("^(ERROR|FATAL): ", "");
        return state.equals("2BP01")
                ? message.replaceFirst("(?s)\\n *Hint: .*", "")
                        .replaceFirst("\n *Detail: ", ": ")
                        .replace("\n", "; ")
                : message.lines().findFirst().orElse("");
    }
}
