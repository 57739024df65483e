package seedarr.db.database;

import static java.util.Comparator.comparing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import seedarr.db.Refusal;

/**
 * A backup that lies beside a SQLite database: {@code <file>.<UTC time>.<revision>.bak}.
 *
 * @param time in the form of ISO 8601
 * @param revision what the database was at, with {@link #UNCHECKED} behind it perhaps; or {@link #DAMAGED}
 */
public record BackupFile(Path file, String time, String revision) {

    /** Stands in the name of a backup of a damaged database, and of one in which nobody has looked for damage. */
    public static final String DAMAGED = "damaged";

    public static final String UNCHECKED = "unchecked";

    /** Returns the backups of a database, newest first; refuses a server, and a folder that cannot be listed. */
    public static List<BackupFile> listed(Target target) {
        if (!(target instanceof SqliteFile database)) {
            throw Refusal.usage(
                    "backups are of SQLite files, and " + target + " is a server's", "pg_dump, and pg_restore");
        }
        Path folder = database.file().getParent();
        if (folder != null && Files.exists(folder) && !Files.isReadable(folder)) {
            throw SqliteError.notReadable(folder);
        }
        return of(target);
    }

    /** Returns the same, as far as it can be known. A link, a folder and what is no database is none. */
    public static List<BackupFile> of(Target target) {
        if (!(target instanceof SqliteFile database)) {
            return List.of();
        }
        Path file = database.file();
        Path folder = file.getParent();
        Pattern name = Pattern.compile(Pattern.quote(file.getFileName() + ".")
                + "(\\d{4})([01]\\d)([0-3]\\dT[0-2]\\d)([0-5]\\d)([0-5]\\dZ)\\.((?!.*\\.bak\\.)[\\w.-]+)\\.bak");
        String[] names = folder == null ? null : folder.toFile().list();
        return Stream.of(names == null ? new String[0] : names)
                .map(name::matcher)
                .filter(Matcher::matches)
                .map(found -> new BackupFile(
                        file.resolveSibling(found.group()), found.replaceFirst("$1-$2-$3:$4:$5"), found.group(6)))
                .filter(backup -> Files.isRegularFile(backup.file, LinkOption.NOFOLLOW_LINKS))
                .filter(backup -> backup.isDamaged()
                        || !Files.isReadable(backup.file)
                        || StrayLog.isDatabase(StrayLog.start(backup.file)))
                .sorted(comparing(BackupFile::time).reversed())
                .toList();
    }

    public boolean isDamaged() {
        return revision.equals(DAMAGED);
    }

    /** Whether somebody has looked for damage, and there was none. */
    boolean isWhole() {
        return !isDamaged() && !revision.endsWith("." + UNCHECKED);
    }

    /** Refuses a number of backups to keep that would leave none. */
    public static void refuseUnlessSomeStay(int number) {
        if (number < 1) {
            throw Refusal.usage(number + " backups to keep would leave none", "1 or more");
        }
    }

    /**
     * Deletes all but the newest, but neither the newest that is not marked damaged nor the newest in which somebody has looked.
     *
     * @param spared others that stay: what a command has just made, or restored
     * @param deleted gets those that went, also where one cannot be deleted
     */
    public static void keep(int number, Target target, List<Path> spared, List<Path> deleted) {
        refuseUnlessSomeStay(number);
        List<BackupFile> all = of(target);
        List<BackupFile> going = new ArrayList<>(all);
        all.stream().filter(backup -> !backup.isDamaged()).findFirst().ifPresent(going::remove);
        all.stream().filter(BackupFile::isWhole).findFirst().ifPresent(going::remove);
        all.stream().limit(number).forEach(going::remove);
        going.removeIf(backup -> spared.contains(backup.file));
        for (BackupFile backup : going) {
            try {
                Files.deleteIfExists(backup.file);
                deleted.add(backup.file);
            } catch (IOException e) {
                Refusal refusal =
                        SqliteError.failed(backup.file + " cannot be deleted", e, "the user whose file it is");
                throw deleted.isEmpty() ? refusal : refusal.leaving(count(deleted.size()) + " went before");
            }
        }
    }

    public static String count(int number) {
        return number == 1 ? "1 backup" : number + " backups";
    }
}
