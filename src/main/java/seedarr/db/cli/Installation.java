package seedarr.db.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import seedarr.db.Refusal;
import seedarr.db.changelog.Changelog;

/** What a liquibase.properties names: the changelog, and the URL where no other is given, else an empty one. */
record Installation(Changelog changelog, String url) {

    private static final String FILE = "liquibase.properties";

    static Installation read(Path file) {
        Properties properties = new Properties();
        Path folder;
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            folder = file.toRealPath().getParent();
        } catch (IOException | IllegalArgumentException e) {
            throw Refusal.usage(file + " cannot be read", "--defaults-file with a readable liquibase.properties")
                    .because(e);
        }
        String name = properties
                .getProperty("changelogFile", properties.getProperty("changeLogFile", ""))
                .strip();
        if (name.isEmpty()) {
            throw Refusal.usage(file + " names no changelogFile", "a line changelogFile=changelog/master.yaml in it");
        }
        Path master = Path.of(name);
        Changelog changelog = master.isAbsolute()
                ? new Changelog(master.getParent(), master.getFileName().toString())
                : new Changelog(folder, name);
        return new Installation(changelog, properties.getProperty("url", "").strip());
    }

    /** Reads the liquibase.properties that this program came with, wherever it is called from. */
    static Installation own(Path program) {
        for (Path folder = program.getParent(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve(FILE))) {
                return read(folder.resolve(FILE));
            }
        }
        throw Refusal.failed(
                "no " + FILE + " lies above " + program, "--defaults-file, or installing seedarr-db again");
    }
}
