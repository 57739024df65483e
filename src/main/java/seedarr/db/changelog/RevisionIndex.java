package seedarr.db.changelog;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import liquibase.Scope;
import seedarr.db.ProgramFiles;

/**
 * What Liquibase found in the changelog that this program came with, while it was packaged. The index holds every file that
 * was read for it, byte by byte, and counts for nothing as soon as one of them differs: then the changelog is parsed.
 */
public final class RevisionIndex {

    private static final List<String> KINDS = List.of("sqlite", "postgresql");

    private RevisionIndex() {}

    /** Returns where the index of this program lies, if there is one. */
    public static Path ofProgram() {
        return ProgramFiles.code().resolveSibling("revisions.index");
    }

    /** Returns the revisions for a kind of database; empty where there is no index, or it is of another changelog. */
    static Optional<List<Revision>> read(Path index, Changelog changelog, String kind) {
        try {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(index)));
            if (!changelog.file().equals(text(in))) {
                return Optional.empty();
            }
            for (int files = in.readInt(); files > 0; files--) {
                if (!Arrays.equals(bytes(changelog.folder().resolve(text(in))), bytes(in))) {
                    return Optional.empty();
                }
            }
            for (String name : KINDS) {
                List<Revision> revisions = new ArrayList<>();
                for (int left = in.readInt(); left > 0; left--) {
                    revisions.add(revision(in));
                }
                if (name.equals(kind)) {
                    return Optional.of(revisions);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            // Not there, or not whole.
        }
        return Optional.empty();
    }

    /**
     * Writes the index of a changelog. That of one that depends on more than the content of files, such as which there are
     * in a folder, is empty and never counts.
     */
    public static void write(Changelog changelog, Path index) throws IOException {
        Set<String> files = new TreeSet<>();
        ByteArrayOutputStream found = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(found);
        boolean isFixed = changelog.inLiquibase(() -> {
            for (String kind : KINDS) {
                List<Revision> revisions = changelog.parsedRevisions(kind);
                out.writeInt(revisions.size());
                for (Revision revision : revisions) {
                    write(revision, out);
                }
            }
            FolderOnly folder = (FolderOnly) Scope.getCurrentScope().getResourceAccessor();
            files.addAll(folder.asked());
            return !folder.isSearched();
        });
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        if (isFixed) {
            DataOutputStream head = new DataOutputStream(whole);
            write(changelog.file(), head);
            head.writeInt(files.size());
            for (String file : files) {
                write(file, head);
                write(bytes(changelog.folder().resolve(file)), head);
            }
            found.writeTo(whole);
        }
        Files.write(index, whole.toByteArray());
    }

    private static Revision revision(DataInputStream in) throws IOException {
        return new Revision(
                text(in),
                text(in),
                text(in),
                text(in),
                text(in),
                in.readBoolean(),
                texts(in),
                texts(in),
                texts(in),
                texts(in));
    }

    private static void write(Revision revision, DataOutputStream out) throws IOException {
        write(revision.name(), out);
        write(revision.author(), out);
        write(revision.file(), out);
        write(revision.comment(), out);
        write(revision.checksum(), out);
        out.writeBoolean(revision.isDestructive());
        for (List<String> texts : List.of(revision.up(), revision.down(), revision.schemaUp(), revision.schemaDown())) {
            out.writeInt(texts.size());
            for (String text : texts) {
                write(text, out);
            }
        }
    }

    /** Returns the content of a file, or null where there is none: that, too, has to stay so. */
    private static byte[] bytes(Path file) throws IOException {
        return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length < 0 ? null : in.readNBytes(length);
    }

    private static List<String> texts(DataInputStream in) throws IOException {
        List<String> texts = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            texts.add(text(in));
        }
        return texts;
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }

    private static void write(byte[] bytes, DataOutputStream out) throws IOException {
        out.writeInt(bytes == null ? -1 : bytes.length);
        out.write(bytes == null ? new byte[0] : bytes);
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8), out);
    }
}
