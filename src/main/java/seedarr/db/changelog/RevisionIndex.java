package seedarr.db.changelog;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import liquibase.Scope;
import seedarr.db.ProgramFiles;

/**
 * What Liquibase found in the changelog that this program came with, while it was packaged. The index holds every file that
 * was read for it, byte by byte, and counts for nothing as soon as one of them differs: then the changelog is parsed.
 */
public final class RevisionIndex {

    private static final Path INDEX = ProgramFiles.code().resolveSibling("revisions.index");

    /** ASCII's own separators: of files and revisions, of what each consists of, and of statements. */
    static final String RECORD = "\u001e";

    private static final String UNIT = "\u001f";
    private static final String STATEMENT = "\u001d";

    private RevisionIndex() {}

    /** Returns the revisions for a kind of database; empty where there is no index, or it is of another changelog. */
    static Optional<List<Revision>> read(Changelog changelog, String kind) {
        try {
            String text = Files.readString(INDEX);
            String files = files(changelog, text.split(RECORD, 2)[0]);
            // The master's name is at the end, for an index may have been cut off.
            if (!text.startsWith(files) || !text.endsWith(RECORD + changelog.file())) {
                return Optional.empty();
            }
            return Optional.of(Stream.of(text.substring(files.length()).split(RECORD))
                    .map(record -> record.split(UNIT, -1))
                    .filter(units -> units[0].equals(kind))
                    .map(RevisionIndex::revision)
                    .toList());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns the paths and the files' bytes, each as one character; that there is no file counts as well. */
    private static String files(Changelog changelog, String paths) throws IOException {
        StringBuilder text = new StringBuilder(paths);
        for (String path : paths.split(UNIT)) {
            Path file = changelog.folder().resolve(path);
            text.append(RECORD);
            if (Files.isRegularFile(file)) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                text.append(content.length()).append(UNIT).append(content);
            }
        }
        return text.toString();
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
                statements(units[12]),
                Boolean.parseBoolean(units[13]),
                statements(units[14]),
                statements(units[15]),
                Boolean.parseBoolean(units[16]));
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
            Map<String, List<Revision>> parsed = new LinkedHashMap<>();
            for (String kind : List.of("sqlite", "postgresql")) {
                parsed.put(kind, changelog.parsedRevisions(kind));
            }
            StringBuilder text = new StringBuilder();
            for (Map.Entry<String, List<Revision>> each : parsed.entrySet()) {
                for (Revision revision : each.getValue()) {
                    text.append(RECORD).append(each.getKey());
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
            String files = files(changelog, String.join(UNIT, folder.asked));
            // Another command may read it meanwhile, and a killed one leave half of it.
            Path whole =
                    Files.writeString(INDEX.resolveSibling("revisions.new"), files + text + RECORD + changelog.file());
            Files.move(whole, INDEX, StandardCopyOption.REPLACE_EXISTING);
            for (Map.Entry<String, List<Revision>> each : parsed.entrySet()) {
                if (!read(changelog, each.getKey()).equals(Optional.of(each.getValue()))) {
                    Files.writeString(INDEX, "");
                }
            }
            return INDEX;
        });
    }
}
