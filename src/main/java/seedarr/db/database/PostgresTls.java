package seedarr.db.database;

import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import seedarr.db.Refusal;

/** Why a server and this program do not come together over TLS. */
final class PostgresTls {

    /** What is found in the mode and the errors; the problem, of the server %1, the mode %2 and the last error %3; what to do. */
    private static final String REASONS = """
            does not support SSL|%1$s has no TLS, which sslmode=%2$s asks for|TLS in the server, or sslmode=prefer
            =disable.*pg_hba|%1$s lets nobody in so: %3$s|sslmode=require; or a line in pg_hba.conf for this host, user and database
            =[rv].*pg_hba|%1$s lets nobody in so: %3$s|a line in pg_hba.conf for this host, user and database; or sslmode=disable
            pg_hba|%1$s lets nobody in so: %3$s|a line in pg_hba.conf for this host, user and database
            FATAL: .*certificate|%1$s does not take the certificate of sslcert: %3$s|sslcert and sslkey with one for this user that it trusts
            fatal alert: |%1$s does not take the certificate of sslcert: %3$s|sslcert and sslkey with one for this user that it trusts
            CertificateExpired|the certificate of %1$s has expired (%3$s)|a new certificate for the server
            CertificateNotYetValid|the certificate of %1$s is not valid yet (%3$s)|setting the clock, or a new certificate
            CertPathBuilder|the certificate of %1$s is not signed by one in sslrootcert|sslrootcert with that of the authority that signed it
            SSL root cert|no root certificate to trust %1$s by: %3$s|sslrootcert with that of the authority that signed the server's
            hostnameverifier|the certificate of %1$s is for another host|the host as the certificate names it, or sslmode=verify-ca
            SSL\\w*Exception|%1$s does not talk TLS in this way: %3$s|another sslmode or sslnegotiation
            SSL key|sslkey cannot be used: %3$s|a key in PKCS#8, as of openssl pkcs8 -topk8 -nocrypt, that only its owner reads
            SSL cert|sslcert cannot be used: %3$s|a certificate in PEM
            cert chain|sslcert cannot be used: %3$s|a certificate in PEM
            [Kk]ey ?[Mm]anager|sslkey cannot be used: %3$s|one key and its certificate in PKCS#12
            X.509 CertificateFactory|sslkey cannot be used: %3$s|a file in PKCS#12, and its sslpassword
            rivate key|sslkey cannot be used: %3$s|a key in PKCS#8, as of openssl pkcs8 -topk8 -nocrypt, that only its owner reads
            """;

    private PostgresTls() {}

    /** Returns the refusal where TLS is why no connection could be made; empty where it was something else. */
    static Optional<Refusal> reason(SQLException error, Properties properties) {
        String mode = properties.getProperty("sslmode", "prefer");
        String server = properties.getProperty("PGHOST") + ":" + properties.getProperty("PGPORT");
        StringBuilder text = new StringBuilder("=" + mode);
        Throwable last = error;
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            text.append('\n').append(cause);
            last = cause;
        }
        String said = String.valueOf(last.getMessage()).replaceFirst("^FATAL: ", "");
        return REASONS.lines()
                .map(line -> line.split("\\|"))
                .filter(reason ->
                        Pattern.compile(reason[0], Pattern.DOTALL).matcher(text).find())
                .findFirst()
                .map(reason -> Refusal.failed(reason[1].formatted(server, mode, said), reason[2])
                        .because(error));
    }
}
