package seedarr.db.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import seedarr.db.ProgramFiles;
import seedarr.db.changelog.RevisionIndex;

/** What is done once, while the program is packaged, so that it need not be done at every start. */
final class Packaging {

    /**
     * Does one of two things.
     *
     * @param args {@code index}, which writes the index of the changelog, and the time that new jars are to have; or
     *     commands, each as one argument, which are run one after the other for Java to record what they need
     */
    public static void main(String[] args) throws IOException {
        if (args.length == 0 || !args[0].equals("index")) {
            List.of(args).forEach(command -> SeedarrDb.start(command.split(" ")));
            return;
        }
        if (args.length > 1) {
            // They hold the classes of earlier jars; Java might take them for those of one with the same time and
            // size.
            File[] archives =
                    ProgramFiles.code().resolveSibling("archives").toFile().listFiles();
            for (File archive : archives == null ? new File[0] : archives) {
                Files.delete(archive.toPath());
            }
            for (String jar : List.of("seedarr-db.jar", "libraries.jar")) {
                Files.setLastModifiedTime(
                        ProgramFiles.code().resolveSibling(jar), FileTime.from(Instant.parse(args[1])));
            }
        }
        RevisionIndex.write(Installation.own(ProgramFiles.code()).changelog());
    }
}
