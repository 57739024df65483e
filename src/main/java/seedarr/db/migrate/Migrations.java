package seedarr.db.migrate;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import liquibase.database.Database;
import org.sqlite.SQLiteConnection;
import seedarr.db.Refusal;
import seedarr.db.backup.Backup;
import seedarr.db.backup.Damage;
import seedarr.db.backup.Restore;
import seedarr.db.changelog.Changelog;
import seedarr.db.changelog.LiquibaseFailure;
import seedarr.db.changelog.Revision.Direction;
import seedarr.db.database.BackupFile;
import seedarr.db.database.Session;
import seedarr.db.database.SqliteFile;
import seedarr.db.database.Target;
import seedarr.db.database.Waiting;
import seedarr.db.state.Plan;
import seedarr.db.state.State;
import seedarr.db.state.StateReader;

/** Brings one database up and down the changelog. Every change is made by Liquibase, each command in one transaction. */
public record Migrations(Changelog changelog, Target target, StateReader reader) {

    /**
     * How a change is made.
     *
     * @param check whether a SQLite file is looked through for damage before the first change
     * @param backup whether it is backed up
     * @param rehearsal whether all is undone in the end, in which case nothing is backed up
     */
    public record Precautions(boolean check, boolean backup, boolean rehearsal) {}

    /** Makes a plan from how the database stands. */
    public interface Planner extends Function<State, Plan> {}

    /** Hears of a command's work as it goes on. None of it is durable before the command returns. */
    public interface Progress extends Backup.Progress {

        /** Called when all that was heard of was undone, and the work begins anew. */
        default void again() {}

        /** Called for each plan, when the lock is held and before its first revision. */
        default void begin(Plan plan, State state) {}

        /** Called when one revision was applied, undone or recorded, with the time that it took. */
        default void done(String revision, long milliseconds) {}

        /** Called with a line about something else that was done. */
        default void say(String line) {}
    }

    /**
     * Makes one plan after the other and does what they say, in one transaction: all of it or nothing. Returns
     * the revision that the database is at. Refuses when it failed; then nothing was changed.
     *
     * @param planners each is asked again once the lock is held, because another process may have been faster
     * @param lockTimeout how long to wait for the database's lock and for the lock row of a stock Liquibase
     */
    public String run(List<Planner> planners, Duration lockTimeout, Precautions precautions, Progress progress) {
        Waiting waiting = Waiting.atMost(lockTimeout);
        target.recover(waiting);
        while (true) {
            State before;
            Optional<LockRow> held;
            try (Session session = target.read(waiting)) {
                long since = System.nanoTime();
                before = reader.state(session.connection());
                // A server does not say how long the history was locked; to read it takes next to nothing.
                long atMost = target.kind().equals("sqlite") ? 0 : System.nanoTime() - since;
                waiting.spend(Duration.ofNanos(atMost));
                if (plans(planners, before).isEmpty()) {
                    return before.current();
                }
                // Before the write lock is taken, or its holder could never give it back.
                held = LockRow.read(session.connection());
            } catch (SQLException e) {
                throw target.explain(e);
            }
            try {
                if (held.isEmpty()) {
                    var done = changelog.inLiquibase(() -> attempt(planners, waiting, precautions, progress));
                    if (done.isPresent()) {
                        return done.get();
                    }
                } else if (!waiting.pause(Duration.ofMillis(200))) {
                    Session.refuseIfStopping();
                    throw held.get().refusal();
                }
            } catch (Refusal refusal) {
                var error = LiquibaseFailure.find(refusal, SQLException.class);
                if (refusal.standing().isPresent()
                        || error.filter(waiting::hasAnotherTurn).isEmpty()) {
                    throw refusal.standing().isPresent() ? refusal : refusal.leaving(unchanged(before));
                }
                progress.again();
            }
        }
    }

    private static String unchanged(State state) {
        return "nothing was changed; the database is still at " + state.current();
    }

    /** Makes the plans that are not empty, each from how the database stands after those before it. */
    private List<Plan> plans(List<Planner> planners, State before) {
        List<Plan> plans = new ArrayList<>();
        State now = before;
        for (Planner planner : planners) {
            Plan plan = planner.apply(now);
            OneTransaction.fault(target.kind(), plan).ifPresent(refusal -> {
                throw refusal.leaving(unchanged(before));
            });
            if (!plan.isEmpty()) {
                plans.add(plan);
                now = now.after(plan);
            }
        }
        return plans;
    }

    /** Does it all in one transaction; empty where a stock Liquibase has taken its lock in the meantime. */
    private Optional<String> attempt(
            List<Planner> planners, Waiting waiting, Precautions precautions, Progress progress) throws Exception {
        progress.started("waiting for the database");
        try (Session session = target.write(waiting)) {
            Connection connection = session.connection();
            Database database = Changelog.connected(target.kind(), connection);
            if (LockRow.readAndHold(database, connection, waiting).isPresent()) {
                return Optional.empty();
            }
            if (!precautions.rehearsal()) {
                Backup.removeRemains(target);
            }
            State before = reader.state(connection);
            Steps steps = new Steps(changelog.toRun(before.revisions(), target.kind()), database, target);
            List<Plan> plans = plans(planners, before);
            if (plans.isEmpty()) {
                return Optional.of(before.current());
            }
            if (precautions.check()) {
                progress.started("looking for damage");
                Damage.refuse(target, session);
            }
            progress.started("looking at what is yours");
            Snapshot snapshot = Snapshot.of(target.kind(), connection);
            List<String> ran = new ArrayList<>();
            State now = before;
            for (Plan plan : plans) {
                progress.begin(plan, now);
                if (now == before) {
                    // The backups of a server are its own.
                    if (precautions.backup() && !precautions.rehearsal() && target instanceof SqliteFile file) {
                        String name = now.current() + (precautions.check() ? "" : "." + BackupFile.UNCHECKED);
                        try (SQLiteConnection source = SqliteFile.connect(file.file())) {
                            Backup.of(session, source, file.file(), name, progress);
                        }
                    }
                    LockRow.makeTable(database, connection);
                    steps.rewritePaths(before, progress);
                }
                steps.run(plan, progress);
                plan.steps().forEach(step -> ran.addAll(step.sql(plan.direction())));
                now = now.after(plan);
                if (plan.direction() == Direction.FINISH) {
                    reader.state(connection).refuseUnlessWhole();
                }
            }
            if (!reader.state(connection).applied().equals(now.applied())) {
                throw Refusal.failed(
                        "the history table does not have what was done",
                        "seedarr-db history; that table may have been edited by hand");
            }
            progress.started("looking at what is yours");
            // What the changelog's SQL makes or drops by name is not the user's.
            List<String> owned = before.revisions().stream()
                    .flatMap(revision -> Stream.concat(revision.up().stream(), revision.down().stream()))
                    .toList();
            List<String> harm = Guard.harm(snapshot, Snapshot.of(target.kind(), connection), owned, ran);
            if (!harm.isEmpty()) {
                throw Refusal.failed(
                        "in the way: " + String.join("; ", harm),
                        "changing what it names so that it does without, then the same command again");
            }
            if (!precautions.rehearsal()) {
                progress.started("committing");
                session.commit();
            }
            return Optional.of(now.current());
        } catch (Exception e) {
            throw LiquibaseFailure.explain(e, target).orElseThrow(() -> e);
        }
    }

    /**
     * Returns the SQL script that does what the plans say, history rows included, in one transaction; empty when there is
     * nothing to do. Read-only.
     */
    public String script(List<Planner> planners) {
        return changelog.inLiquibase(() -> {
            try (Session session = reader.session()) {
                State state = reader.state(session.connection());
                List<Plan> plans = plans(planners, state);
                Database database = Changelog.connected(target.kind(), session.connection());
                return plans.isEmpty()
                        ? ""
                        : new Steps(changelog.toRun(state.revisions(), target.kind()), database, target)
                                .script(state, plans);
            }
        });
    }

    /**
     * Puts a copy of a database in its place and returns its revision. Refuses when the copy is not an intact copy of
     * Seedarr's database, or the database cannot be overwritten; then nothing was changed.
     */
    public String restore(Path file, Duration lockTimeout, boolean withBackup, Progress progress) {
        SqliteFile copy = SqliteFile.of(file);
        progress.started("looking through " + file.getFileName());
        try {
            String revision = revisionOf(file, copy);
            if (!(target instanceof SqliteFile database)) {
                throw Refusal.usage(
                        "restore is for SQLite files, and " + target + " is a server's", "pg_restore, or psql");
            }
            new Restore(database, Waiting.atMost(lockTimeout), this::look, withBackup, progress).from(copy);
            return revision;
        } catch (Refusal refusal) {
            throw refusal.standing().isPresent() ? refusal : refusal.leaving("nothing was changed");
        }
    }

    private String revisionOf(Path file, SqliteFile copy) {
        if (!copy.isThere()) {
            boolean isUrl = file.toString().matches(".*(sqlite|postgres\\w*|jdbc|file):.*");
            throw isUrl
                    ? Refusal.usage("restore takes the path of a file, not a URL", "its path, without sqlite:///")
                    : Refusal.usage(file + " does not exist", "the path of a backup");
        }
        try {
            return new StateReader(changelog, copy).ask(state -> {
                if (state.isEmpty()) {
                    throw Refusal.failed("it has no tables", "");
                }
                state.refuseForeign();
                return state.current();
            });
        } catch (Refusal refusal) {
            String about = refusal.getMessage().startsWith(file.toString()) ? "" : file + " cannot be restored: ";
            boolean isOfTheCopy = refusal.remedy().matches("|.*(?:URL|seedarr-db restore).*");
            throw Refusal.failed(
                            about + refusal.getMessage(),
                            isOfTheCopy ? "an intact backup of Seedarr's database" : refusal.remedy())
                    .because(refusal);
        }
    }

    /** Returns the revision for the name of a backup; of another program's database nothing is overwritten. */
    private String look(Connection connection) {
        try {
            State state = reader.state(connection);
            state.refuseForeign();
            LockRow.read(connection).ifPresent(held -> {
                throw held.refusal();
            });
            // A damaged database has no revision that could be named.
            return Damage.in(connection, "quick_check").isPresent() ? BackupFile.DAMAGED : state.current();
        } catch (SQLException | Refusal e) {
            return LiquibaseFailure.find(e, SQLException.class)
                    .map(unreadable -> BackupFile.DAMAGED)
                    .orElseThrow(() -> (Refusal) e);
        }
    }
}
