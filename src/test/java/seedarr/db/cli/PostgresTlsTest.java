package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each way in which a server and a client do not come together over TLS has its sentence. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PostgresTlsTest {

    private static final String ANYBODY = "host postgres postgres all trust";
    private static final String PASSWORD = "geheim";
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

    @TempDir
    static Path folder;

    private static EmbeddedPostgres server;

    @BeforeAll
    static void certificates() throws Exception {
        keytool("-genkeypair", "-alias", "ca", "-dname", "CN=ca", "-ext", "bc:c", "-keyalg", "EC");
        keytool("-genkeypair", "-alias", "other", "-dname", "CN=other", "-ext", "bc:c", "-keyalg", "EC");
        // One key for all that the authority signs: keytool is a Java each time.
        keytool("-genkeypair", "-alias", "key", "-dname", "CN=key", "-keyalg", "RSA", "-keysize", "2048");
        keytool("-certreq", "-alias", "key", "-file", file("request"));
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = new FileInputStream(file("store"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        for (String alias : List.of("ca", "other")) {
            Files.writeString(
                    folder.resolve(alias + ".crt"),
                    pem("CERTIFICATE", store.getCertificate(alias).getEncoded()));
        }
        String key =
                pem("PRIVATE KEY", store.getKey("key", PASSWORD.toCharArray()).getEncoded());
        signed(key, "good", "CN=localhost", "-validity", "9");
        signed(key, "elsewhere", "CN=elsewhere.invalid", "-validity", "9");
        signed(key, "expired", "CN=localhost", "-startdate", "-9d", "-validity", "3");
        signed(key, "future", "CN=localhost", "-startdate", "+9d", "-validity", "3");
        signed(key, "postgres", "CN=postgres", "-validity", "9");
        Files.writeString(folder.resolve("garbage.crt"), "garbage");
        Files.writeString(ownersOnly(folder.resolve("pkcs1.key")), key.replace(" PRIVATE", " RSA PRIVATE"));
        server = PostgresTestServer.builder()
                .setServerConfig("ssl_ca_file", file("ca.crt"))
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static String file(String name) {
        return folder.resolve(name).toString();
    }

    private static Path ownersOnly(Path file) throws Exception {
        Files.deleteIfExists(file);
        return Files.createFile(
                file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static void keytool(String... args) throws Exception {
        List<String> line = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/keytool"));
        line.addAll(List.of(args));
        line.addAll(List.of("-keystore", file("store"), "-storetype", "PKCS12", "-storepass", PASSWORD));
        line.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(out).isZero();
    }

    private static String pem(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n" + BASE64.encodeToString(content) + "\n-----END " + what + "-----\n";
    }

    /** Makes a certificate, which the authority has signed, with the key beside it. */
    private static void signed(String key, String alias, String name, String... validity) throws Exception {
        List<String> sign = new ArrayList<>(List.of("-gencert", "-rfc", "-alias", "ca", "-infile", file("request")));
        sign.addAll(List.of("-dname", name, "-outfile", file(alias + ".crt")));
        sign.addAll(List.of(validity));
        keytool(sign.toArray(String[]::new));
        Files.writeString(ownersOnly(folder.resolve(alias + ".key")), key);
    }

    /** Has the server show a certificate, or none, and let in by these rules. */
    private static void serve(String certificate, String... rules) throws Exception {
        try (Connection connection = DriverManager.getConnection(server.getJdbcUrl("postgres", "template1"));
                Statement statement = connection.createStatement()) {
            var result = statement.executeQuery("SHOW data_directory");
            result.next();
            Path data = Path.of(result.getString(1));
            if (!certificate.isEmpty()) {
                for (String end : List.of("crt", "key")) {
                    Files.copy(
                            folder.resolve(certificate + "." + end),
                            data.resolve("server." + end),
                            StandardCopyOption.REPLACE_EXISTING,
                            StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
            List<String> lines = new ArrayList<>(List.of("local all all trust", "host template1 postgres all trust"));
            lines.addAll(List.of(rules));
            Files.write(data.resolve("pg_hba.conf"), lines);
            statement.execute("ALTER SYSTEM SET ssl = " + (certificate.isEmpty() ? "off" : "on"));
            result = statement.executeQuery("SELECT clock_timestamp()");
            result.next();
            String before = result.getString(1);
            statement.execute("SELECT pg_reload_conf()");
            awaitReload(before);
        }
    }

    /** Waits until the next log-in knows of it: a session begins with what the server had read last. */
    private static void awaitReload(String before) throws Exception {
        boolean isReloaded = false;
        while (!isReloaded) {
            Thread.sleep(10);
            try (Connection connection = DriverManager.getConnection(server.getJdbcUrl("postgres", "template1"));
                    Statement statement = connection.createStatement()) {
                var result = statement.executeQuery("SELECT pg_conf_load_time() > '" + before + "'");
                result.next();
                isReloaded = result.getBoolean(1);
            }
        }
    }

    private static Command.Result status(String query) {
        return Command.in(folder)
                .on("postgresql://postgres@localhost:" + server.getPort() + "/postgres?"
                        + query.replace("DIR", file("")))
                .run("status");
    }

    private static void refuses(String query, String problem, String remedy) {
        Command.Result result = status(query);
        assertThat(result.err()
                        .replace("localhost:" + server.getPort(), "SERVER")
                        .replace(file(""), "DIR")
                        .replaceAll("\\((Not\\w+): [^)]*\\)", "($1)"))
                .isEqualTo("error: " + problem + "\ntry: " + remedy + "\n");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``        | host     | trust | sslmode=require | SERVER has no TLS, which sslmode=require asks for | TLS in the server, or sslmode=prefer
            good      | hostssl  | trust | sslmode=disable | SERVER lets nobody in so: no pg_hba.conf entry for host "127.0.0.1", user "postgres", database "postgres", no encryption | a line in pg_hba.conf for this host, user and database, or another sslmode
            good      | hostnossl | trust | sslmode=require | SERVER lets nobody in so: no pg_hba.conf entry for host "127.0.0.1", user "postgres", database "postgres", SSL encryption | a line in pg_hba.conf for this host, user and database, or another sslmode
            good      | host     | trust | sslmode=verify-ca&sslrootcert=DIR/none.crt | no root certificate to trust SERVER by: DIR/none.crt (No such file or directory) | sslrootcert with that of the authority that signed the server's
            good      | host     | trust | sslmode=verify-ca&sslrootcert=DIR/garbage.crt | no root certificate to trust SERVER by: No certificate data found | sslrootcert with that of the authority that signed the server's
            good      | host     | trust | sslmode=verify-ca&sslrootcert=DIR/other.crt | the certificate of SERVER is not signed by one in sslrootcert | sslrootcert with that of the authority that signed it
            good      | host     | trust | sslmode=require&sslrootcert=DIR/other.crt | the certificate of SERVER is not signed by one in sslrootcert | sslrootcert with that of the authority that signed it
            good      | host     | trust | sslrootcert=system | the certificate of SERVER is not signed by one in sslrootcert | sslrootcert with that of the authority that signed it
            elsewhere | host     | trust | sslmode=verify-full&sslrootcert=DIR/ca.crt | the certificate of SERVER is for another host | the host as the certificate names it, or sslmode=verify-ca
            expired   | host     | trust | sslmode=verify-full&sslrootcert=DIR/ca.crt | the certificate of SERVER has expired (NotAfter) | a new certificate for the server
            future    | host     | trust | sslmode=verify-full&sslrootcert=DIR/ca.crt | the certificate of SERVER is not valid yet (NotBefore) | setting the clock, or a new certificate
            good      | hostssl  | cert  | sslmode=require | SERVER does not take the certificate of sslcert: connection requires a valid client certificate | sslcert and sslkey with one for this user that it trusts
            good      | hostssl  | cert  | sslmode=require&sslcert=DIR/good.crt&sslkey=DIR/good.key | SERVER does not take the certificate of sslcert: certificate authentication failed for user "postgres" | sslcert and sslkey with one for this user that it trusts
            good      | hostssl  | cert  | sslmode=require&sslcert=DIR/postgres.crt&sslkey=DIR/none.key | sslkey cannot be used: DIR/none.key (No such file or directory) | a key in PKCS#8, as of openssl pkcs8 -topk8 -nocrypt, that only its owner reads
            good      | hostssl  | cert  | sslmode=require&sslcert=DIR/postgres.crt&sslkey=DIR/pkcs1.key | sslkey cannot be used: extra data at the end | a key in PKCS#8, as of openssl pkcs8 -topk8 -nocrypt, that only its owner reads
            good      | hostssl  | cert  | sslmode=require&sslcert=DIR/none.crt&sslkey=DIR/postgres.key | sslcert cannot be used: DIR/none.crt | a certificate in PEM
            """)
    void each_failure_has_its_sentence(
            String certificate, String type, String method, String query, String problem, String remedy)
            throws Exception {
        serve(certificate, type + " postgres postgres all " + method);
        refuses(query, problem, remedy);
    }

    @Test
    void what_fits_lets_in() throws Exception {
        serve("good", ANYBODY);
        for (String query : List.of(
                "sslmode=verify-full&sslrootcert=DIR/ca.crt",
                "sslmode=require&sslrootcert=DIR/ca.crt",
                "sslmode=prefer",
                "sslmode=require&sslnegotiation=direct")) {
            assertThat(status(query).err()).isEmpty();
        }
        serve("good", "hostssl postgres postgres all cert");
        assertThat(status("sslmode=require&sslcert=DIR/postgres.crt&sslkey=DIR/postgres.key")
                        .err())
                .isEmpty();
    }
}
