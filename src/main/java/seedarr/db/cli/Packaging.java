package seedarr.db.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import seedarr.db.ProgramFiles;
import seedarr.db.changelog.RevisionIndex;

/** What is done once, while the program is packaged, so that it need not be done at every start. */
final class Packaging {

    private Packaging() {}

    /**
     * Does one of three things.
     *
     * @param args {@code index}, which writes the index of the changelog; {@code jar} and the time that the jar is to have;
     *     or commands, each as one argument, which are run one after the other for Java to record what they need
     */
    public static void main(String[] args) throws IOException {
        switch (args.length == 0 ? "" : args[0]) {
            case "index" ->
                RevisionIndex.write(Installation.own(ProgramFiles.code()).changelog(), RevisionIndex.ofProgram());
            case "jar" -> {
                removeArchives(ProgramFiles.code().resolveSibling("archives"));
                Files.setLastModifiedTime(ProgramFiles.code(), FileTime.from(Instant.parse(args[1])));
            }
            default -> List.of(args).forEach(command -> SeedarrDb.start(command.split(" ")));
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
