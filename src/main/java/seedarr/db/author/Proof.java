package seedarr.db.author;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import seedarr.db.Refusal;
import seedarr.db.changelog.Changelog;
import seedarr.db.changelog.Revision;
import seedarr.db.database.Session;
import seedarr.db.database.SqliteFile;
import seedarr.db.database.Waiting;
import seedarr.db.migrate.Migrations;
import seedarr.db.migrate.OneTransaction;
import seedarr.db.sql.ExecutedSql;
import seedarr.db.state.Plan;
import seedarr.db.state.StateReader;

/**
 * Proves each revision in a scratch database: up, down and up again, by the same commands that users run. The database
 * starts as release 1.1 left it and has rows in every table.
 */
public record Proof(SqliteFile scratch, Migrations migrations, List<Fault> faults, Seed seed) {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /**
     * Something that verify found.
     *
     * @param place the file, or the database
     * @param problem what is wrong
     * @param remedy what to do; empty for what is only pointed out
     */
    public record Fault(String place, String problem, String remedy) {

        /** Returns whether it is only pointed out. */
        public boolean isWarning() {
            return remedy.isEmpty();
        }
    }

    /** Returns every fault of a changelog: of its form, and of its revisions, each of which is proved. */
    public static List<Fault> faultsOf(Changelog changelog) {
        List<Fault> faults = new ArrayList<>();
        try {
            // Only this user can read what is in it.
            Path folder = Files.createTempDirectory("seedarr-db-");
            SqliteFile scratch = new SqliteFile(folder.resolve("scratch.db"), Optional.empty(), true);
            // The last first.
            Stream.of(folder, scratch.file()).map(Path::toFile).forEach(File::deleteOnExit);
            faults.addAll(Form.faultsOf(changelog));
            StateReader reader = new StateReader(changelog, scratch);
            List<Revision> revisions = reader.revisions();
            new Proof(scratch, new Migrations(changelog, scratch, reader), faults, new Seed()).prove(revisions);
            // What SQLite runs as well is proved.
            List<String> proved = revisions.stream().flatMap(Proof::statements).toList();
            for (Revision each : changelog.revisions("postgresql")) {
                List<String> sql = statements(each)
                        .filter(statement -> !proved.contains(statement))
                        .toList();
                OneTransaction.fault("postgresql", "for PostgreSQL, it", sql)
                        .ifPresent(it -> faults.add(new Fault(each.file(), it.getMessage(), it.remedy())));
            }
        } catch (Refusal refusal) {
            if (faults.stream().allMatch(Fault::isWarning)) {
                faults.add(new Fault(changelog.file(), refusal.getMessage(), refusal.remedy()));
            }
        } catch (IOException | SQLException e) {
            throw Refusal.failed("the proof failed: " + e.getMessage(), "room in the temporary folder")
                    .because(e);
        }
        Session.refuseIfStopping();
        return faults;
    }

    private void prove(List<Revision> revisions) throws IOException, SQLException {
        int ofForm = faults.size();
        Revision first = revisions.get(0);
        // Undone again, the first revision leaves what was there before it.
        boolean isUp = succeeds(first, "does not come up", state -> Plan.up(state, first.name()))
                && succeeds(first, "its rollback fails", state -> Plan.downTo(state, Revision.BASE));
        Picture last = isUp ? Picture.EMPTY : null;
        for (Revision revision : revisions) {
            if (last != null) {
                last = prove(revision, last);
            } else if (revision != first) {
                report(revision.file(), "is not proved", List.of("an earlier one does not come up"), "");
            }
        }
        if (last != null && faults.stream().skip(ofForm).allMatch(Fault::isWarning)) {
            Files.delete(scratch.file());
            succeeds(first, "does not come up from an empty file", state -> Plan.up(state, Revision.HEAD));
        }
    }

    /** Returns a picture with the schema of the revision; null where the database is not at it afterwards. */
    private Picture prove(Revision revision, Picture last) throws SQLException {
        String file = revision.file();
        List<String> statements = statements(revision).toList();
        List<String> several = statements.stream()
                .filter(sql -> !ExecutedSql.isOne(sql))
                .map(sql -> sql.strip().lines().findFirst().orElse(""))
                .toList();
        report(file, "has several statements where SQLite runs only the first", several, "a sql change for each");
        Picture before = pictures(last, Optional.of(statements), 3, 1).get(1);
        String whenItFails = last == Picture.EMPTY ? "does not come up again after its rollback" : "does not come up";
        if (!succeeds(revision, whenItFails, state -> Plan.up(state, revision.name()))) {
            return null;
        }
        // As an application does between an update and a rollback; the rows are unlike those that were lost.
        List<Picture> after = pictures(before, Optional.empty(), 1, 1000);
        Picture up = after.get(0);
        List<String> lost = before.lostIn(up);
        List<String> changed = before.lostRowsIn(up);
        if (!succeeds(revision, "its rollback fails", state -> Plan.down(state, 1))) {
            return up;
        }
        Picture down = pictures(before, Optional.empty(), 0, 0).get(0);
        List<String> schema = before.differences(down, !revision.isDestructive());
        // What was written after the update has to stay as well.
        List<String> rows = new ArrayList<>((revision.isDestructive() ? up : before).lostRowsIn(down));
        if (rows.isEmpty() && changed.isEmpty()) {
            rows.addAll(after.get(1).lostRowsIn(down));
        }
        after.get(1).rows().forEach((table, all) -> {
            int left = down.rows().getOrDefault(table, all).size();
            if (left != all.size()) {
                rows.add(table + " had " + all.size() + " in all, and has " + left);
            }
        });
        report(file, "its rollback leaves another schema", schema, "what the rollback block misses");
        report(file, "its rollback leaves other rows", rows, "a rollback that keeps and restores them");
        boolean isAgain =
                succeeds(revision, "does not come up a second time", state -> Plan.up(state, revision.name()));
        boolean isUndone = rows.isEmpty() && schema.isEmpty();
        if (revision.isDestructive()) {
            lost.addAll(changed);
            report(file, "drops, as its label destructive says", lost, "");
        } else {
            // What is only renamed is lost under its old name; a table that is made anew may have lost more.
            List<String> made = matching("create (temp |temporary )?table .*", revision.up());
            List<String> oldNames = isUndone && made.isEmpty() ? oldNames(revision.up()) : List.of();
            List<String> renamed = lost.stream()
                    .filter(each -> !Collections.disjoint(ExecutedSql.words(each), oldNames))
                    .toList();
            lost.removeAll(renamed);
            report(file, "renames, and its rollback brings back", renamed, "");
            report(file, "loses on the way up", lost, "keeping it, or labels: destructive");
            String problem = isUndone ? "changes rows, which its rollback restores" : "changes rows on the way up";
            report(file, problem, changed, isUndone ? "" : "keeping them, or labels: destructive");
        }
        if (changed.isEmpty() && rows.isEmpty()) {
            // The rows of the proof may not be those that a WHERE is for.
            String some = "(with .* )?(delete|update) .* where .*|(insert or )?replace .*";
            report(file, "changes rows that the proof has not", matching(some, statements), "");
        }
        return isAgain ? up : null;
    }

    private static Stream<String> statements(Revision revision) {
        return Stream.concat(revision.up().stream(), revision.down().stream());
    }

    /** Takes a picture, adds rows, and takes another. */
    private List<Picture> pictures(Picture last, Optional<List<String>> statements, int rows, int number)
            throws SQLException {
        try (Session session = scratch.write(Waiting.atMost(TIMEOUT))) {
            Picture first = last.later(statements, session.connection());
            seed.into(session.connection(), first, rows, number);
            Picture second = rows > 0 ? first.later(Optional.empty(), session.connection()) : first;
            session.commit();
            return List.of(first, second);
        }
    }

    /** Returns what statements give another name: ALTER TABLE old RENAME TO new, ALTER TABLE t RENAME COLUMN old TO new. */
    private static List<String> oldNames(List<String> statements) {
        return matching("alter table .* rename .* ?to .*", statements).stream()
                .map(ExecutedSql::words)
                .map(words -> words.get(words.indexOf("rename") + 1).equals("to")
                        ? words.get(words.indexOf("rename") - 1)
                        : words.get(words.lastIndexOf("to") - 1))
                .toList();
    }

    /** Returns the statements whose words match, with a space between two. */
    private static List<String> matching(String pattern, List<String> statements) {
        return statements.stream()
                .filter(sql -> String.join(" ", ExecutedSql.words(sql)).matches("(?s)" + pattern))
                .map(Picture::oneLine)
                .toList();
    }

    private boolean succeeds(Revision revision, String problem, Migrations.Planner planner) {
        try {
            var without = new Migrations.Precautions(false, false, false);
            migrations.run(List.of(planner), TIMEOUT, without, new Migrations.Progress() {});
            return true;
        } catch (Refusal refusal) {
            // What is not written is no mistake in what is; that was named with the form.
            if (revision.halfWritten(Revision.Direction.UP).isEmpty()) {
                String remedy = problem.startsWith("its rollback")
                        ? "a rollback block that drops by name, in the right order, all that the revision made"
                        : "mending its SQL";
                report(revision.file(), problem, List.of(refusal.getMessage()), remedy);
            }
            return false;
        }
    }

    private void report(String file, String problem, List<String> details, String remedy) {
        if (!details.isEmpty()) {
            faults.add(new Fault(file, problem + ": " + String.join("; ", details), remedy));
        }
    }
}
