package seedarr.db.cli;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;
import seedarr.db.Refusal;
import seedarr.db.changelog.Changelog;

/**
 * A liquibase.properties and the changelog that it names.
 *
 * @param changelog the changelog, relative to the folder of the file
 * @param url the database where neither --url nor DATABASE_URL names one
 */
record Installation(Changelog changelog, Optional<String> url) {

    private static final String FILE = "liquibase.properties";

    /** Reads a given liquibase.properties. */
    static Installation read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw Refusal.usage(file + " cannot be read", "--defaults-file with a readable liquibase.properties")
                    .because(e);
        }
        String changelogFile = properties.getProperty("changelogFile", properties.getProperty("changeLogFile", ""));
        if (changelogFile.isBlank()) {
            throw Refusal.usage(file + " names no changelogFile", "a line changelogFile=changelog/master.yaml in it");
        }
        Path master = realPath(file).resolveSibling(changelogFile.strip());
        boolean isAbsolute = Path.of(changelogFile.strip()).isAbsolute();
        return new Installation(
                isAbsolute
                        ? new Changelog(master.getParent(), master.getFileName().toString())
                        : new Changelog(realPath(file).getParent(), changelogFile.strip()),
                Optional.ofNullable(properties.getProperty("url")).map(String::strip));
    }

    private static Path realPath(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    /** The version that the build wrote down. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            Properties properties = new Properties();
            try (var in = Installation.class.getResourceAsStream("version.properties")) {
                properties.load(in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new String[] {"seedarr-db " + properties.getProperty("version")};
        }
    }
}
