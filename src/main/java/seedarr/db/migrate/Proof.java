package seedarr.db.migrate;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import seedarr.db.Refusal;
import seedarr.db.database.Session;
import seedarr.db.schema.Picture;
import seedarr.db.schema.Seed;

/**
 * Proves each revision in a scratch database: up, down and up again,
 * by the same commands that users run, on a database that starts as release 1.1 left it and has rows in every table.
 */
final class Proof {

    private static final Set<String> TOOLS = Set.of("databasechangelog", "databasechangeloglock");

    private static final Pattern CHANGES_ROWS =
            Pattern.compile("(?is)(?:\\s|--[^\n]*\n|/\\*.*?\\*/)*(DELETE|UPDATE|REPLACE|INSERT\\s+OR\\s+REPLACE)\\b.*");

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
        for (Revision revision : revisions) {
            if (!hasBase || !prove(revision, problem)) {
                return;
            }
            problem = "does not come up";
        }
    }

    /** Returns whether the database is at the revision afterwards. */
    private boolean prove(Revision revision, String whenItFails) throws SQLException {
        String name = revision.name();
        boolean isDestructive = revision.isDestructive();
        seed(name);
        Picture before = picture();
        if (!succeeds(name, whenItFails, state -> state.up(name))) {
            return false;
        }
        Picture up = picture();
        List<String> lost = before.lostIn(up);
        List<String> changed = before.rowDifferences(up).stream()
                .filter(difference -> !difference.endsWith("left over"))
                .toList();
        seed(name);
        if (!succeeds(name, "its rollback fails", state -> state.down(1))) {
            return true;
        }
        Picture down = picture();
        List<String> schema = before.differences(down, !isDestructive);
        List<String> rows = (isDestructive ? up : before).rowDifferences(down);
        report(name, "its rollback leaves another schema", schema, "what the rollback block misses");
        report(name, "its rollback leaves other rows", rows, "a rollback that brings them back");
        boolean isAgain = succeeds(name, "does not come up a second time", state -> state.up(name));
        if (isAgain) {
            Picture again = picture();
            report(
                    name,
                    "another schema the second time up",
                    up.differences(again, true),
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
            warnOfStatements(revision, changed.isEmpty());
        }
        return isAgain;
    }

    /** The proof's own rows may not be those that a WHERE is for. */
    private void warnOfStatements(Revision revision, boolean isUnseen) {
        for (String sql : changelog.statements(revision, Plan.Direction.UP, "sqlite")) {
            var statement = CHANGES_ROWS.matcher(sql);
            if (isUnseen && statement.matches()) {
                warn(
                        revision.name(),
                        "has " + statement.group(1).toUpperCase(Locale.ROOT)
                                + ", which the rows of the proof do not show",
                        List.of(sql.strip().replaceAll("\\s+", " ")));
            }
        }
    }

    private boolean succeeds(String revision, String problem, Migrations.Planner planner) {
        try {
            scratch.run(planner);
            return true;
        } catch (Refusal refusal) {
            faults.add(Fault.of(file(revision), problem + ": " + refusal.getMessage(), "the SQL that does it"));
            return false;
        }
    }

    private void seed(String revision) throws SQLException {
        try (Session session = scratch.write()) {
            List<String> empty = Seed.into(session.connection(), TOOLS);
            session.commit();
            warn(revision, "is proved without rows", empty);
        }
    }

    private Picture picture() throws SQLException {
        try (Session session = scratch.read()) {
            return Picture.of(session.connection(), TOOLS);
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
