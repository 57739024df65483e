package seedarr.db.cli;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** Stands between a client and the {@link PostgresTestServer}, hears all that the client says, and may cut the connection. */
final class PostgresWire implements AutoCloseable {

    /** When the connection is cut. */
    enum Cut {
        NEVER,
        BEFORE_COMMIT,
        AFTER_COMMIT
    }

    /** The log-ins: names and values in turn. */
    final List<List<String>> logIns = Collections.synchronizedList(new ArrayList<>());

    /** What was to be parsed: the name that the server is to keep it by, a colon, the SQL. */
    final List<String> statements = Collections.synchronizedList(new ArrayList<>());

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private volatile Cut cut;

    /** What to answer each log-in with, as PgBouncer does to what it does not know. */
    volatile String refusal;

    PostgresWire(Cut cut) throws IOException {
        this.cut = cut;
        start(() -> {
            while (true) {
                Socket client = listening.accept();
                start(() -> serve(client));
            }
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // One of the two has closed the connection.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns the URL of a database that leads through here. */
    String url(Postgres database) {
        return database.url().replace(Postgres.server(), "127.0.0.1:" + listening.getLocalPort())
                + "?sslmode=disable&gssencmode=disable";
    }

    private void serve(Socket client) throws IOException {
        try (client;
                Socket server = new Socket("localhost", PostgresTestServer.PORT)) {
            // Else each small message waits for 40 ms until the one before it is acknowledged.
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            var fromClient = new DataInputStream(client.getInputStream());
            var toServer = new DataOutputStream(server.getOutputStream());
            byte[] logIn = fromClient.readNBytes(fromClient.readInt() - 4);
            // Behind the version of the protocol.
            logIns.add(List.of(text(logIn, 4, logIn.length).split("\0")));
            if (refusal != null) {
                byte[] answer = ("SFATAL\0C08P01\0M" + refusal + "\0\0").getBytes(StandardCharsets.UTF_8);
                var toClient = new DataOutputStream(client.getOutputStream());
                toClient.writeByte('E');
                toClient.writeInt(answer.length + 4);
                toClient.write(answer);
                return;
            }
            toServer.writeInt(logIn.length + 4);
            toServer.write(logIn);
            CountDownLatch isAnswered = new CountDownLatch(1);
            AtomicBoolean isCut = new AtomicBoolean();
            start(() -> {
                try (client) {
                    byte[] answer = new byte[8192];
                    for (int n = 0; n >= 0; n = server.getInputStream().read(answer)) {
                        if (!isCut.get()) {
                            client.getOutputStream().write(answer, 0, n);
                        } else if (n > 0) {
                            isAnswered.countDown();
                        }
                    }
                }
            });
            while (true) {
                int type = fromClient.readUnsignedByte();
                byte[] message = fromClient.readNBytes(fromClient.readInt() - 4);
                String[] parts = text(message, 0, message.length).split("\0");
                if (type == 'P') {
                    statements.add(parts[0] + ":" + parts[1]);
                } else if (type == 'Q') {
                    statements.add(":" + parts[0]);
                }
                if (type == 'P' && parts[1].equals("COMMIT") && cut != Cut.NEVER) {
                    if (cut == Cut.BEFORE_COMMIT) {
                        cut = Cut.NEVER;
                        return;
                    }
                    isCut.set(true);
                }
                toServer.writeByte(type);
                toServer.writeInt(message.length + 4);
                toServer.write(message);
                // The end of what belongs together.
                if (isCut.get() && type == 'S') {
                    isAnswered.await();
                    cut = Cut.NEVER;
                    return;
                }
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static String text(byte[] message, int from, int to) {
        return new String(message, from, to - from, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
