package seedarr.db.migrate;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.database.Database;
import liquibase.exception.DatabaseException;
import liquibase.exception.LiquibaseException;
import liquibase.exception.PreconditionFailedException;
import seedarr.db.Refusal;
import seedarr.db.backup.Backup;
import seedarr.db.backup.Restore;
import seedarr.db.changelog.Changelog;
import seedarr.db.changelog.LiquibaseFailure;
import seedarr.db.changelog.Revision;
import seedarr.db.database.Deadline;
import seedarr.db.database.Session;
import seedarr.db.database.SqliteFile;
import seedarr.db.database.Target;
import seedarr.db.state.Adoption;
import seedarr.db.state.Blueprint;
import seedarr.db.state.Catalogue;
import seedarr.db.state.Comparison;
import seedarr.db.state.Drift;
import seedarr.db.state.HistoryRow;
import seedarr.db.state.Plan;
import seedarr.db.state.Schema;
import seedarr.db.state.State;

/** Brings one database up and down the changelog. Every change is made by Liquibase, each command in one transaction. */
public final class Migrations {

    private static final Duration LOCK_ROW_POLL = Duration.ofMillis(200);

    /** How long a reader waits for a writer's commit; the default of Python's sqlite3. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);

    private static final String DAMAGED = "damaged";

    private static final Pattern TRANSACTION_STATEMENT = Pattern.compile(
            "(?i)(?:[\\s;\uFEFF]|--[^\n]*\n|/\\*(?s:.*?)\\*/)*(BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|START\\s+TRANSACTION"
                    // Without its journal, SQLite could not undo the others.
                    + "|(?s:(?:EXPLAIN.*?)?PRAGMA\\b.*?(?:journal_mode|synchronous|locking_mode)))\\b");

    private final Changelog changelog;
    private final Target target;
    private List<Revision> revisions;
    private DatabaseChangeLog parsed;

    public Migrations(Changelog changelog, Target target) {
        this.changelog = changelog;
        this.target = target;
    }

    /** Reads how the database stands to the changelog. Read-only. */
    public State state() {
        return ask(state -> {
            if (state.isUnmanaged()) {
                // To be answered as long as the database is open.
                state.unrecorded();
            }
            return state;
        });
    }

    /** Asks how the database stands while it is open for reading. */
    public <T> T ask(Function<State, T> question) {
        try (Session session = target.read(target.lockTimeout().orElse(READ_TIMEOUT))) {
            return question.apply(state(session.connection()));
        } catch (SQLException e) {
            throw target.explain(e);
        }
    }

    /** Compares the database with the schema of its revision; empty where there is no table to compare. Read-only. */
    public Optional<Drift> drift() {
        return changelog.inLiquibase(() -> {
            try (Session session = target.read(target.lockTimeout().orElse(READ_TIMEOUT))) {
                Connection connection = session.connection();
                if (!Catalogue.hasTablesOfAnApplication(connection)) {
                    return Optional.empty();
                }
                State state = state(connection);
                state.refuseUnlessOwn();
                String revision = state.unrecorded().orElse(state.current());
                Schema expected = Blueprint.of(revisions()).at(revision);
                Schema actual = Schema.read(connection, target.kind());
                if (state.notAdoptable().isPresent()) {
                    Drift.Missing reason =
                            new Drift.Missing(state.notAdoptable().get(), "seedarr-db adopt, which says what to do");
                    return Optional.of(new Drift(revision, List.of(reason), List.of(), Optional.empty()));
                }
                return Optional.of(Drift.between(
                        revision,
                        expected,
                        actual,
                        new Comparison(connection, target.kind()).differences(expected, actual),
                        state.takeover()));
            }
        });
    }

    private List<Revision> revisions() {
        if (revisions == null) {
            revisions = changelog.revisions(target.kind());
        }
        return revisions;
    }

    private State state(Connection connection) throws SQLException {
        List<HistoryRow> history = HistoryRow.read(connection);
        Predicate<String> isApplied = name -> State.of(revisions(), history).hasApplied(name);
        return new State(
                revisions(), history, Catalogue.alembicVersions(connection), () -> adoption(connection, isApplied));
    }

    private Optional<Adoption> adoption(Connection connection, Predicate<String> isApplied) {
        try {
            if (!Catalogue.hasTablesOfAnApplication(connection)) {
                return Optional.empty();
            }
            return Optional.of(new Adoption(
                    revisions(),
                    () -> changelog.inLiquibase(() -> precondition(connection, isApplied)),
                    target.kind(),
                    connection,
                    isApplied));
        } catch (SQLException e) {
            throw target.explain(e);
        }
    }

    private Optional<Refusal> precondition(Connection connection, Predicate<String> isApplied) throws Exception {
        ChangeSet first = parsed().getChangeSets().get(0);
        if (first.getPreconditions() == null || isApplied.test(first.getId())) {
            return Optional.empty();
        }
        try {
            first.getPreconditions().check(Changelog.connected(target.kind(), connection), parsed(), first, null);
            return Optional.empty();
        } catch (PreconditionFailedException e) {
            return Optional.of(LiquibaseFailure.reason(e));
        }
    }

    /** Parses once what a command asks for several times. To be called in {@link Changelog#inLiquibase}. */
    private DatabaseChangeLog parsed() throws LiquibaseException {
        if (parsed == null) {
            parsed = changelog.parse(Changelog.unconnected(target.kind()));
        }
        return parsed;
    }

    /** Makes a plan from how the database stands. */
    public interface Planner extends Function<State, Plan> {}

    /**
     * Makes one plan after the other and does what they say, in one transaction: all of it or nothing.
     *
     * @param planners each is asked again once the lock is held, because another process may have been faster
     * @param lockTimeout how long to wait for the database's lock and for the lock row of a stock Liquibase
     * @param withBackup whether the database is backed up before it is changed
     * @return the revision that the database is at
     * @throws Refusal when it failed; then nothing was changed
     */
    public String run(List<Planner> planners, Duration lockTimeout, boolean withBackup, Progress progress) {
        target.recover(lockTimeout);
        Backup.removeRemains(target);
        State before;
        Optional<LockRow> held;
        try (Session session = target.read(lockTimeout)) {
            before = state(session.connection());
            if (planners.stream().allMatch(planner -> planner.apply(before).isEmpty())) {
                return before.current();
            }
            held = LockRow.read(session.connection());
        } catch (SQLException e) {
            throw target.explain(e);
        }
        try {
            return changelog.inLiquibase(() -> onceUnlocked(
                    held,
                    Deadline.in(lockTimeout),
                    (session, database) -> migrate(session, database, planners, withBackup, progress)));
        } catch (Refusal refusal) {
            throw refusal.standing().isPresent() ? refusal : unchanged(refusal, before);
        }
    }

    /**
     * Frees the lock row of a stock Liquibase, which one that is killed leaves behind.
     *
     * @return who held it; empty where nobody does
     */
    public Optional<LockRow> releaseLock(Duration lockTimeout) {
        target.recover(lockTimeout);
        Backup.removeRemains(target);
        try (Session session = target.read(lockTimeout)) {
            if (LockRow.read(session.connection()).isEmpty()) {
                return Optional.empty();
            }
        } catch (SQLException e) {
            throw target.explain(e);
        }
        try (Session session = target.write(lockTimeout)) {
            Optional<LockRow> held = LockRow.read(session.connection());
            LockRow.release(session.connection());
            session.commit();
            return held;
        } catch (SQLException e) {
            throw target.explain(e);
        }
    }

    /**
     * What was restored.
     *
     * @param revision what the database is at now
     * @param backup what was there; empty where nothing was, or no backup was wanted
     */
    public record Restored(String revision, Optional<Backup> backup) {}

    /**
     * Puts a copy of a database in its place.
     *
     * @throws Refusal when the copy is not an intact copy of Seedarr's database, or the database cannot be overwritten; then
     *     nothing was changed
     */
    public Restored restore(Path file, Duration lockTimeout, boolean withBackup, Progress progress) {
        SqliteFile copy = Target.ofFile(file);
        try {
            String revision = revisionOf(file, copy);
            if (!(target instanceof SqliteFile database)) {
                throw Refusal.usage(
                        "restore is for SQLite files, and " + target + " is a server's", "pg_restore, or psql");
            }
            Restore restore = new Restore(database, lockTimeout, this::look, withBackup, progress);
            return new Restored(revision, restore.from(copy));
        } catch (Refusal refusal) {
            throw refusal.standing().isPresent() ? refusal : refusal.leaving("nothing was changed");
        }
    }

    private String revisionOf(Path file, SqliteFile copy) {
        if (!copy.isThere() && file.toString().matches(".*(sqlite|jdbc|file):.*")) {
            throw Refusal.usage("restore takes the path of a file, not a URL", "the path, as of ls");
        }
        if (!copy.isThere()) {
            throw Refusal.usage(file + " does not exist", "the path of a backup");
        }
        try {
            return new Migrations(changelog, copy).ask(state -> {
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
                            isOfTheCopy ? "another backup of Seedarr's database" : refusal.remedy())
                    .because(refusal);
        }
    }

    /** Returns the revision for the name of a backup; of another program's database nothing is overwritten. */
    private String look(Connection connection) {
        try {
            State state = state(connection);
            state.refuseForeign();
            LockRow.read(connection).ifPresent(held -> {
                throw heldBy(held);
            });
            return state.current();
        } catch (SQLException e) {
            return DAMAGED;
        } catch (Refusal refusal) {
            if (LiquibaseFailure.find(refusal, SQLException.class).isPresent()) {
                return DAMAGED;
            }
            throw refusal;
        }
    }

    private static Refusal unchanged(Refusal refusal, State state) {
        return refusal.leaving("nothing was changed; the database is still at " + state.current());
    }

    private static Refusal heldBy(LockRow held) {
        return Refusal.failed(
                "Liquibase on " + held.holder() + " holds the changelog lock since " + held.since(),
                "again when it is done; if it was killed, seedarr-db release-locks");
    }

    /** What is done while the lock is held. */
    private interface Work {
        String in(Session session, Database database) throws Exception;
    }

    /**
     * Waits for a stock Liquibase that holds its lock row. It is looked at before the write lock is taken, or its holder
     * could never give it back, and again afterwards.
     */
    private String onceUnlocked(Optional<LockRow> held, Deadline deadline, Work work) throws Exception {
        while (true) {
            if (held.isEmpty()) {
                try (Session session = target.write(deadline.left())) {
                    Database database = Changelog.connected(target.kind(), session.connection());
                    held = LockRow.readAndHold(database, session.connection());
                    if (held.isEmpty()) {
                        return work.in(session, database);
                    }
                } catch (DatabaseException e) {
                    throw LiquibaseFailure.translate(e, changelog, target, Optional.empty());
                } catch (SQLException e) {
                    throw target.explain(e);
                }
            }
            if (deadline.isOver()) {
                throw heldBy(held.get());
            }
            Thread.sleep(LOCK_ROW_POLL.toMillis());
            try (Session reading = target.read(deadline.left())) {
                held = LockRow.read(reading.connection());
            }
        }
    }

    private String migrate(
            Session session, Database database, List<Planner> planners, boolean withBackup, Progress progress)
            throws Exception {
        State state = state(session.connection());
        Steps steps = new Steps(parsed(), database);
        List<String> ran = new ArrayList<>();
        try {
            Snapshot before = Snapshot.of(target.kind(), session.connection());
            boolean isChanged = false;
            for (Planner planner : planners) {
                State now = state(session.connection());
                Plan plan = planner.apply(now);
                if (!plan.isEmpty()) {
                    refuseToEndTheTransaction(plan);
                    progress.begin(plan, now);
                    if (withBackup && !isChanged) {
                        Backup.of(target, session, now.current(), progress)
                                .ifPresent(backup -> progress.backedUp(backup.file()));
                    }
                    LockRow.makeTable(database, session.connection());
                    isChanged = true;
                    steps.run(plan, progress);
                    refuseUnlessDone(plan, state(session.connection()));
                    if (plan.direction() == Revision.Direction.FINISH) {
                        adoption(session.connection(), name -> true)
                                .orElseThrow()
                                .refuseUnlessWhole(plan.to());
                    }
                    plan.steps().forEach(step -> ran.addAll(step.sql(plan.direction())));
                }
            }
            String current = state(session.connection()).current();
            if (isChanged) {
                Snapshot after = Snapshot.of(target.kind(), session.connection());
                refuseHarm(Guard.harm(before, after, sql(), ran));
                session.commit();
            }
            return current;
        } catch (Exception e) {
            Refusal refusal = LiquibaseFailure.translate(e, changelog, target, steps.running());
            String more = Guard.moreAbout(refusal.getMessage(), session.connection());
            throw unchanged(more.isEmpty() ? refusal : refusal.adding(more), state);
        }
    }

    /** The row of a revision that stands in the history under another path is one that Liquibase does not find. */
    private static void refuseUnlessDone(Plan plan, State after) {
        boolean isDone = plan.direction() == Revision.Direction.DOWN
                ? after.pending().containsAll(plan.steps())
                : after.applied().containsAll(plan.steps());
        if (!isDone) {
            throw Refusal.failed(
                    "the history table does not have what was done",
                    "seedarr-db history; that table may have been edited by hand");
        }
    }

    private static void refuseHarm(List<String> harm) {
        if (!harm.isEmpty()) {
            throw Refusal.failed(
                    "in the way: " + String.join("; ", harm),
                    "changing what it names so that it does without, then the same command again");
        }
    }

    /** All of the changelog's SQL: what it makes or drops by name is not the user's. */
    private List<String> sql() {
        List<String> sql = new ArrayList<>();
        for (Revision revision : revisions()) {
            sql.addAll(revision.up());
            sql.addAll(revision.down());
        }
        return sql;
    }

    /** A COMMIT in a revision would leave half of the command behind when the other half fails. */
    private static void refuseToEndTheTransaction(Plan plan) {
        for (Revision revision : plan.steps()) {
            for (String statement : revision.sql(plan.direction())) {
                Matcher word = TRANSACTION_STATEMENT.matcher(statement);
                if (word.lookingAt()) {
                    throw Refusal.failed(
                            revision.name() + " has the statement " + word.group(1)
                                    + ", but every command is one transaction",
                            "removing it from the revision");
                }
            }
        }
    }

    /**
     * Returns the SQL script that does what the plan says, history rows included, in one transaction. Read-only.
     *
     * @return the script, empty when there is nothing to do
     */
    public String script(List<Planner> planners) {
        return changelog.inLiquibase(() -> {
            try (Session session = target.read(target.lockTimeout().orElse(READ_TIMEOUT))) {
                State state = state(session.connection());
                List<Plan> plans = new ArrayList<>();
                for (Planner planner : planners) {
                    Plan plan = planner.apply(state);
                    if (!plan.isEmpty()) {
                        plans.add(plan);
                        state = state.after(plan);
                    }
                }
                return plans.isEmpty()
                        ? ""
                        : new Steps(parsed(), Changelog.connected(target.kind(), session.connection())).script(plans);
            }
        });
    }
}
