package seedarr.db.author;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import seedarr.db.Refusal;
import seedarr.db.changelog.Changelog;
import seedarr.db.changelog.Revision;
import seedarr.db.database.Session;
import seedarr.db.migrate.Migrations;
import seedarr.db.sql.ExecutedSql;
import seedarr.db.state.Catalogue;

/**
 * Proves each revision in a scratch database: up, down and up again,
 * by the same commands that users run, on a database that starts as release 1.1 left it and has rows in every table.
 */
final class Proof {

    private static final String COMMENTS = "(?is)(?:\\s|--[^\n]*\n|/\\*.*?\\*/)*";
    private static final Pattern CHANGES_SOME_ROWS = Pattern.compile(
            COMMENTS + "(?:(?:WITH\\b.*)?(?:DELETE|UPDATE)\\b.*\\bWHERE\\b|REPLACE\\b|INSERT\\s+OR\\s+REPLACE\\b).*");
    private static final Pattern RENAMES = Pattern.compile(COMMENTS + "ALTER\\s+TABLE\\b.*\\bRENAME\\b.*");

    private final Changelog changelog;
    private final List<Revision> revisions;
    private final Scratch scratch;
    private final List<Fault> faults = new ArrayList<>();

    private Proof(Changelog changelog, Scratch scratch) {
        this.changelog = changelog;
        this.revisions = changelog.revisions("sqlite");
        this.scratch = scratch;
    }

    /**
     * Proves every revision, and returns what it could not prove.
     *
     * @throws Refusal when the changelog cannot be parsed
     */
    static List<Fault> faultsOf(Changelog changelog) {
        try (Scratch scratch = new Scratch(changelog);
                Scratch empty = new Scratch(changelog)) {
            Proof proof = new Proof(changelog, scratch);
            proof.prove();
            if (proof.faults.stream().allMatch(Fault::isWarning)) {
                Proof fromNothing = new Proof(changelog, empty);
                fromNothing.succeeds(
                        Revision.HEAD, "does not come up from an empty file", state -> state.up(Revision.HEAD));
                proof.faults.addAll(fromNothing.faults);
            }
            return proof.faults;
        } catch (SQLException e) {
            throw Refusal.failed("the proof failed: " + e.getMessage(), "room in the temporary folder")
                    .because(e);
        }
    }

    private void prove() throws SQLException {
        String first = revisions.get(0).name();
        // Undone again, the first revision leaves what was there before it.
        boolean hasBase = succeeds(first, "does not come up", state -> state.up(first))
                && succeeds(first, "its rollback fails", state -> state.downTo(Revision.BASE));
        String problem = "does not come up again after its rollback";
        boolean isUp = hasBase;
        for (Revision revision : revisions) {
            if (isUp) {
                isUp = prove(revision, problem);
            } else if (!revision.name().equals(first)) {
                warn(revision.name(), "is not proved", List.of("an earlier one does not come up"));
            }
            problem = "does not come up";
        }
    }

    /** Returns whether the database is at the revision afterwards. */
    private boolean prove(Revision revision, String whenItFails) throws SQLException {
        String name = revision.name();
        boolean isDestructive = revision.isDestructive();
        for (Revision.Direction direction : List.of(Revision.Direction.UP, Revision.Direction.DOWN)) {
            List<String> several = revision.sql(direction).stream()
                    .filter(sql -> !ExecutedSql.isOne(sql))
                    .map(sql -> sql.strip().lines().findFirst().orElse(""))
                    .toList();
            report(name, "has several statements where SQLite runs only the first", several, "a sql change for each");
        }
        seed(name, Set.of());
        Picture before = picture();
        if (!succeeds(name, whenItFails, state -> state.up(name))) {
            return false;
        }
        Picture up = picture();
        // A rename loses nothing, unless it is part of making a table anew: whichever explains more.
        Picture renamed = before.after(statements(revision, Revision.Direction.UP, RENAMES));
        renamed = renamed.lostIn(up).size() < before.lostIn(up).size() ? renamed : before;
        List<String> lost = new ArrayList<>(renamed.lostIn(up));
        List<String> changed = renamed.lostRowsIn(up);
        // What was there must not be made good here.
        seed(name, before.tables());
        addRows();
        Picture used = picture();
        if (!succeeds(name, "its rollback fails", state -> state.down(1))) {
            return true;
        }
        Picture down = picture();
        List<String> schema = before.differences(down, !isDestructive);
        // What was written after the update has to stay as well.
        List<String> rows = new ArrayList<>((isDestructive ? up : before).lostRowsIn(down));
        if (rows.isEmpty() && changed.isEmpty()) {
            rows.addAll(used.lostRowsIn(down));
        }
        rows.addAll(used.countDifferences(down));
        report(name, "its rollback leaves another schema", schema, "what the rollback block misses");
        report(
                name,
                "its rollback leaves other rows",
                rows,
                "a rollback that keeps them, and brings back what was changed");
        boolean isAgain = succeeds(name, "does not come up a second time", state -> state.up(name));
        if (isAgain) {
            report(
                    name,
                    "another schema the second time up",
                    up.differences(picture(), true),
                    "what the rollback block misses");
        }
        if (isDestructive) {
            lost.addAll(changed);
            warn(name, "drops, as its label destructive says", lost);
        } else {
            report(name, "loses on the way up", lost, "keeping it, or labels: destructive where it is meant to go");
            if (rows.isEmpty() && schema.isEmpty()) {
                warn(name, "changes rows, which its rollback restores", changed);
            } else {
                report(name, "changes rows on the way up", changed, "keeping them, or labels: destructive");
            }
            warn(name, "drops", renamed.droppedIn(up));
            warn(name, "asks for what rows may not keep", renamed.uniquenessNewIn(up));
            if (changed.isEmpty()) {
                warnOfOtherRows(revision, Revision.Direction.UP, "changes rows that the proof has not");
            }
        }
        if (rows.isEmpty()) {
            warnOfOtherRows(revision, Revision.Direction.DOWN, "its rollback changes rows that the proof has not");
        }
        return isAgain;
    }

    /** The rows of the proof may not be those that a WHERE is for. */
    private void warnOfOtherRows(Revision revision, Revision.Direction direction, String problem) {
        warn(revision.name(), problem, statements(revision, direction, CHANGES_SOME_ROWS));
    }

    private List<String> statements(Revision revision, Revision.Direction direction, Pattern pattern) {
        return revision.sql(direction).stream()
                .filter(sql -> pattern.matcher(sql).matches())
                .map(sql -> sql.strip().replaceAll("\\s+", " "))
                .toList();
    }

    private void addRows() throws SQLException {
        try (Session session = scratch.write()) {
            Seed.more(session.connection(), Catalogue.TOOLS);
            session.commit();
        }
    }

    private boolean succeeds(String revision, String problem, Migrations.Planner planner) {
        try {
            scratch.run(planner);
            return true;
        } catch (Refusal refusal) {
            if (Session.isStopping()) {
                throw refusal;
            }
            faults.add(Fault.of(
                    file(revision),
                    problem + ": " + refusal.getMessage(),
                    problem.startsWith("its rollback")
                            ? "a rollback block that drops by name, in the right order, all that the revision made"
                            : "mending its SQL"));
            return false;
        }
    }

    private void seed(String revision, Set<String> exceptAlso) throws SQLException {
        Set<String> except = new HashSet<>(Catalogue.TOOLS);
        except.addAll(exceptAlso);
        try (Session session = scratch.write()) {
            List<String> empty = Seed.into(session.connection(), except);
            session.commit();
            warn(revision, "is proved without rows", empty);
        }
    }

    private Picture picture() throws SQLException {
        try (Session session = scratch.read()) {
            return Picture.of(session.connection(), Catalogue.TOOLS);
        }
    }

    private void report(String revision, String problem, List<String> details, String remedy) {
        if (!details.isEmpty()) {
            faults.add(Fault.of(file(revision), problem + ": " + String.join("; ", details), remedy));
        }
    }

    private void warn(String revision, String problem, List<String> details) {
        if (!details.isEmpty()) {
            faults.add(Fault.warning(file(revision), problem + ": " + String.join("; ", details), ""));
        }
    }

    private String file(String revision) {
        return revisions.stream()
                .filter(each -> each.name().equals(revision))
                .map(Revision::file)
                .findFirst()
                .orElse(changelog.file());
    }
}
