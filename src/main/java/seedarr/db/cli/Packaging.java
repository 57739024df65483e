package seedarr.db.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import seedarr.db.ProgramFiles;
import seedarr.db.migrate.RevisionIndex;

/** What is done once, while the program is packaged, so that it need not be done at every start. */
final class Packaging {

    private Packaging() {}

    /**
     * Writes the index of the changelog, and gives the jar its time; or runs one command after the other, for Java to record
     * what they need.
     *
     * @param args {@code index} and a time; or commands, each as one argument
     */
    public static void main(String[] args) throws IOException {
        if (args.length == 2 && args[0].equals("index")) {
            RevisionIndex.write(Installation.own().changelog(), RevisionIndex.ofProgram());
            removeArchives(ProgramFiles.code().resolveSibling("archives"));
            Files.setLastModifiedTime(ProgramFiles.code(), FileTime.from(Instant.parse(args[1])));
            return;
        }
        for (String command : args) {
            SeedarrDb.start(command.split(" "));
        }
    }

    /** They hold the classes of an earlier jar, and Java might take them for those of one with the same time and size. */
    private static void removeArchives(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (var files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
        }
    }
}
