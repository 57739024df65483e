package seedarr.db.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** A folder of a test: what lies in it, to compare before and after. */
record Folder(Path path) {

    /** The tests' own copy of liquibase.properties and of the revisions 001 to 003, whatever the project's changelog has. */
    static final Path INSTALLATION = Path.of("src/test/resources/installation").toAbsolutePath();

    /** Returns the size and digest of every file below, by relative path; folders too. */
    Map<String, String> contents() throws IOException {
        return entries(false);
    }

    /** Returns the same with modification times, the folder's own among them. */
    Map<String, String> contentsAndTimes() throws IOException {
        return entries(true);
    }

    /** Copies the tests' changelog and liquibase.properties into the folder, to be changed there. */
    Folder withChangelog() throws IOException {
        Files.createDirectories(path.resolve("changelog"));
        try (var files = Files.list(INSTALLATION.resolve("changelog"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, path.resolve(INSTALLATION.relativize(file)));
            }
        }
        Files.copy(INSTALLATION.resolve("liquibase.properties"), path.resolve("liquibase.properties"));
        return this;
    }

    /** Changes a file of the folder; the text to replace has to be there. */
    void replace(String file, String text, String by) throws IOException {
        String before = Files.readString(path.resolve(file));
        if (!before.contains(text)) {
            throw new IllegalArgumentException(file + " has no " + text);
        }
        Files.writeString(path.resolve(file), before.replace(text, by));
    }

    /** Adds a revision to the folder's changelog. */
    Folder add(String name, String up, String down) throws IOException {
        return add(name, "", up, down);
    }

    /** Adds a revision with further settings of its changeset. */
    Folder add(String name, String settings, String up, String down) throws IOException {
        Files.writeString(path.resolve("changelog/" + name + ".yaml"), """
                databaseChangeLog:
                  - changeSet:
                      id: %1$s
                      author: seedarr
                      logicalFilePath: changelog/%1$s.yaml
                %2$s
                      changes:
                        - sql: { splitStatements: %3$s, sql: "%4$s" }
                        - tagDatabase: { tag: %1$s }
                      rollback:
                        - sql: { sql: "%5$s" }
                """.formatted(
                        name, settings.isEmpty() ? "" : "      " + settings, !up.contains("BEGIN"), up, down));
        Path master = path.resolve("changelog/master.yaml");
        Files.writeString(
                master,
                Files.readString(master) + "  - include: { file: " + name + ".yaml, relativeToChangelogFile: true }\n");
        return this;
    }

    private Map<String, String> entries(boolean withTimes) throws IOException {
        Map<String, String> entries = new TreeMap<>();
        try (var files = Files.walk(path)) {
            files.forEach(file -> entries.put(path.relativize(file).toString(), describe(file, withTimes)));
        }
        return entries;
    }

    private static String describe(Path file, boolean withTimes) {
        try {
            String content = Files.isDirectory(file) ? "folder" : Files.size(file) + " bytes, " + digest(file);
            return withTimes ? content + ", " + Files.getLastModifiedTime(file) : content;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
