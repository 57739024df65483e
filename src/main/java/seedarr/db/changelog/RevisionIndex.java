package seedarr.db.changelog;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import liquibase.Scope;
import seedarr.db.ProgramFiles;

/**
 * What Liquibase found in the changelog that this program came with, while it was packaged. The index holds every file that
 * was read for it, byte by byte, and counts for nothing as soon as one of them differs: then the changelog is parsed.
 */
public final class RevisionIndex {

    private static final Path INDEX = ProgramFiles.code().resolveSibling("revisions.index");

    /** ASCII's own separators: of files and revisions, of what each consists of, and of statements. */
    private static final String RECORD = "\u001e";

    private static final String UNIT = "\u001f";
    private static final String STATEMENT = "\u001d";

    /** The last record, for an index may have been cut off. */
    private static final String END = "end";

    private static final List<String> KINDS = List.of("sqlite", "postgresql");
    private static final String MISSING = "\u0018";

    private RevisionIndex() {}

    /** Returns the revisions for a kind of database; empty where there is no index, or it is of another changelog. */
    static Optional<List<Revision>> read(Changelog changelog, String kind) {
        try {
            String text = Files.readString(INDEX);
            if (!text.startsWith(changelog.file() + RECORD) || !text.endsWith(RECORD + END)) {
                return Optional.empty();
            }
            List<Revision> revisions = new ArrayList<>();
            for (String record : text.split(RECORD, -1)) {
                String[] file = record.split(UNIT, 2);
                if (file[0].equals(kind)) {
                    revisions.add(revision(record.split(UNIT, -1)));
                } else if (file.length == 2
                        && !KINDS.contains(file[0])
                        && !file[1].equals(content(changelog, file[0]))) {
                    return Optional.empty();
                }
            }
            return Optional.of(revisions);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns a file's bytes, each as one character; that there is none counts as well, and a folder never does. */
    private static String content(Changelog changelog, String path) throws IOException {
        Path file = changelog.folder().resolve(path);
        if (Files.isDirectory(file)) {
            return RECORD;
        }
        return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : MISSING;
    }

    private static Revision revision(String[] units) {
        return new Revision(
                units[1],
                units[2],
                units[3],
                units[4],
                units[5],
                Boolean.parseBoolean(units[6]),
                statements(units[7]),
                statements(units[8]),
                statements(units[9]),
                statements(units[10]),
                statements(units[11]),
                statements(units[12]));
    }

    private static List<String> statements(String unit) {
        return unit.isEmpty() ? List.of() : List.of(unit.split(STATEMENT, -1));
    }

    /**
     * Writes the index of a changelog. That of one that depends on which files there are in a folder, or has a separator in
     * it, is empty and never counts.
     */
    public static void write(Changelog changelog) {
        changelog.inLiquibase(() -> {
            StringBuilder text = new StringBuilder(changelog.file());
            for (String kind : KINDS) {
                for (Revision revision : changelog.parsedRevisions(kind)) {
                    text.append(RECORD).append(kind);
                    // What revision() reads, a component of the record after the other.
                    for (RecordComponent component : Revision.class.getRecordComponents()) {
                        Object value = component.getAccessor().invoke(revision);
                        List<?> list = value instanceof List<?> all ? all : Collections.singletonList(value);
                        text.append(UNIT)
                                .append(list.stream().map(String::valueOf).collect(joining(STATEMENT)));
                    }
                }
            }
            FolderOnly folder = (FolderOnly) Scope.getCurrentScope().getResourceAccessor();
            for (String file : folder.asked) {
                text.append(RECORD).append(file).append(UNIT).append(content(changelog, file));
            }
            Files.writeString(INDEX, text + RECORD + END);
            for (String kind : KINDS) {
                if (!read(changelog, kind).equals(Optional.of(changelog.parsedRevisions(kind)))) {
                    Files.writeString(INDEX, "");
                }
            }
            return INDEX;
        });
    }
}
