package seedarr.db.migrate;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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
 * What Liquibase found in the changelog that this program came with, for one kind of database, while it was packaged. The
 * index holds every file that was read for it, byte by byte, and counts for nothing as soon as one of them differs: then
 * the changelog is parsed.
 *
 * @param revisions oldest first
 * @param schemas a {@link Blueprint}, not yet read
 */
public record RevisionIndex(List<Revision> revisions, byte[] schemas) {

    private static final List<String> KINDS = List.of("sqlite", "postgresql");

    /** Returns where the index of this program lies, if there is one. */
    public static Path ofProgram() {
        return ProgramFiles.code().resolveSibling("revisions.index");
    }

    /** Returns the index for a kind of database; empty where there is none, or it is of another changelog. */
    static Optional<RevisionIndex> read(Path index, Changelog changelog, String kind) {
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
                    revisions.add(new Revision(text(in), text(in), text(in), text(in), text(in), in.readBoolean()));
                }
                byte[] schemas = bytes(in);
                if (name.equals(kind)) {
                    return Optional.of(new RevisionIndex(revisions, schemas));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            // Not there, or not whole.
        }
        return Optional.empty();
    }

    /** Returns the schema that each revision leaves. */
    Blueprint blueprint() {
        try {
            return Blueprint.read(new DataInputStream(new ByteArrayInputStream(schemas)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes the index of a changelog. That of one that depends on more than the content of files, such as which there are
     * in a folder, is empty and never counts.
     */
    public static void write(Changelog changelog, Path index) throws IOException {
        Set<String> files = new TreeSet<>();
        ByteArrayOutputStream found = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(found);
        for (String kind : KINDS) {
            boolean isFixed = changelog.inLiquibase(() -> {
                List<Revision> revisions = changelog.parsedRevisions(kind);
                out.writeInt(revisions.size());
                for (Revision revision : revisions) {
                    write(revision.name(), out);
                    write(revision.author(), out);
                    write(revision.file(), out);
                    write(revision.comment(), out);
                    write(revision.checksum(), out);
                    out.writeBoolean(revision.isDestructive());
                }
                ByteArrayOutputStream schemas = new ByteArrayOutputStream();
                Blueprint.of(changelog, kind).write(new DataOutputStream(schemas));
                write(schemas.toByteArray(), out);
                FolderOnly folder = (FolderOnly) Scope.getCurrentScope().getResourceAccessor();
                files.addAll(folder.asked());
                return !folder.isSearched();
            });
            if (!isFixed) {
                Files.write(index, new byte[0]);
                return;
            }
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        DataOutputStream head = new DataOutputStream(whole);
        write(changelog.file(), head);
        head.writeInt(files.size());
        for (String file : files) {
            write(file, head);
            write(bytes(changelog.folder().resolve(file)), head);
        }
        found.writeTo(whole);
        Files.write(index, whole.toByteArray());
    }

    /** Returns the content of a file, or null where there is none: that, too, has to stay so. */
    private static byte[] bytes(Path file) throws IOException {
        return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length < 0 ? null : in.readNBytes(length);
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
