package seedarr.db.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import seedarr.db.Refusal;
import seedarr.db.changelog.Changelog;

/**
 * What a liquibase.properties names.
 *
 * @param url the database where no other is given; else empty
 * @param keepBackups how many backups stay after a change, where it is said
 */
record Installation(Changelog changelog, String url, Optional<Integer> keepBackups) {

    private static final String FILE = "liquibase.properties";

    /** By what a stock tool would keep another history, or make another schema of the same changelog. */
    private static final Pattern REFUSED =
            Pattern.compile("databasechangelog(lock)?tablename|liquibasetablespacename|parameter\\..+"
                    + "|(liquibase|changelog|default|outputdefault)(schema|catalog)(name)?"
                    + "|contexts?|contextfilter|labels?|labelfilter|searchpath|fileencoding");

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
        Properties settings = new Properties();
        for (String key : properties.stringPropertyNames()) {
            // Liquibase reads each in many spellings, and takes an empty one for none.
            String setting = key.toLowerCase(Locale.ROOT)
                    .replaceAll("[-_]", "")
                    .replaceFirst("^(liquibase\\.)?(command\\.(\\w+\\.)?)?", "");
            String value = properties.getProperty(key).strip();
            if (!value.isEmpty() && REFUSED.matcher(setting).matches()) {
                throw Refusal.usage(
                        file + " has " + key + ", which seedarr-db does not follow: a stock tool would go another way",
                        "leaving it out");
            }
            settings.setProperty(setting, value);
        }
        String name = settings.getProperty("changelogfile", "");
        if (name.isEmpty()) {
            throw Refusal.usage(file + " names no changelogFile", "a line changelogFile=changelog/master.yaml in it");
        }
        Path master = Path.of(name);
        Changelog changelog = master.isAbsolute()
                ? new Changelog(master.getParent(), master.getFileName().toString())
                : new Changelog(folder, name);
        String keep = settings.getProperty("keepbackups", "");
        if (!keep.matches("|0*[1-9][0-9]{0,8}")) {
            throw Refusal.usage(file + " has keepBackups, with a value that is no number from 1 on", "keepBackups=10");
        }
        Optional<Integer> kept =
                Optional.of(keep).filter(number -> !number.isEmpty()).map(Integer::valueOf);
        return new Installation(changelog, settings.getProperty("url", ""), kept);
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
