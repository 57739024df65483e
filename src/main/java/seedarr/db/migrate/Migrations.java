package seedarr.db.migrate;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import liquibase.UpdateSummaryEnum;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.command.CommandScope;
import liquibase.command.core.helpers.ChangeExecListenerCommandStep;
import liquibase.command.core.helpers.DatabaseChangelogCommandStep;
import liquibase.command.core.helpers.DbUrlConnectionArgumentsCommandStep;
import liquibase.command.core.helpers.ShowSummaryArgument;
import liquibase.database.Database;
import seedarr.db.Refusal;
import seedarr.db.database.Session;
import seedarr.db.database.Target;

/** Brings one database up and down the changelog. Every change is made by Liquibase, each command in one transaction. */
public final class Migrations {

    private static final Duration LOCK_ROW_POLL = Duration.ofMillis(200);

    /** How long a reader waits for a writer's commit; the default of Python's sqlite3. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);

    private static final Pattern TRANSACTION_STATEMENT = Pattern.compile(
            "(?i)(?:\\s|--[^\n]*\n|/\\*(?s:.*?)\\*/)*(BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|START\\s+TRANSACTION)\\b");

    private final Changelog changelog;
    private final Target target;

    public Migrations(Changelog changelog, Target target) {
        this.changelog = changelog;
        this.target = target;
    }

    /** Reads how the database stands to the changelog. Read-only. */
    public State state() {
        return state(target.lockTimeout().orElse(READ_TIMEOUT));
    }

    private State state(Duration lockTimeout) {
        List<Revision> revisions = changelog.revisions(target.kind());
        try (Session session = target.read(lockTimeout)) {
            return new State(revisions, HistoryRow.read(session.connection()));
        } catch (SQLException e) {
            throw target.explain(e);
        }
    }

    /**
     * Does what the plan says, in one transaction: all of it or nothing.
     *
     * @param planner makes the plan from the state; it is asked again once the lock is held, because another process may
     *     have been faster
     * @param lockTimeout how long to wait for the database's lock and for the lock row of a stock Liquibase
     * @return the plan that was carried out, without steps when there was nothing to do
     * @throws Refusal when it failed; then nothing was changed
     */
    public Plan run(Function<State, Plan> planner, Duration lockTimeout, Progress progress) {
        target.recover(lockTimeout);
        State before = state(lockTimeout);
        Plan plan = planner.apply(before);
        if (plan.isEmpty()) {
            return plan;
        }
        try {
            return changelog.inLiquibase(
                    () -> onceUnlocked(planner, Instant.now().plus(lockTimeout), progress));
        } catch (Refusal refusal) {
            throw refusal.standing().isPresent() ? refusal : unchanged(refusal, before);
        }
    }

    private static Refusal unchanged(Refusal refusal, State state) {
        return refusal.leaving("nothing was changed; the database is still at " + state.current());
    }

    /**
     * Waits for a stock Liquibase that holds its lock row. It is looked at before the write lock is taken, or its holder
     * could never give it back, and again afterwards.
     */
    private Plan onceUnlocked(Function<State, Plan> planner, Instant deadline, Progress progress) throws Exception {
        while (true) {
            Optional<LockRow> held;
            try (Session reading = target.read(Duration.between(Instant.now(), deadline))) {
                held = LockRow.read(reading.connection());
            }
            if (held.isEmpty()) {
                try (Session session = target.write(Duration.between(Instant.now(), deadline))) {
                    held = LockRow.read(session.connection());
                    if (held.isEmpty()) {
                        return migrate(session, planner, progress);
                    }
                } catch (SQLException e) {
                    throw target.explain(e);
                }
            }
            if (Instant.now().isAfter(deadline)) {
                throw Refusal.failed(
                        "Liquibase on " + held.get().holder() + " holds the changelog lock since "
                                + held.get().since(),
                        "again when it is done; if it was killed, `liquibase release-locks`");
            }
            Thread.sleep(LOCK_ROW_POLL.toMillis());
        }
    }

    private Plan migrate(Session session, Function<State, Plan> planner, Progress progress) throws Exception {
        Database database = Changelog.connected(target.kind(), session.connection());
        DatabaseChangeLog parsed = changelog.parse(database);
        List<Revision> revisions = Changelog.revisions(parsed, database);
        State state = new State(revisions, HistoryRow.read(session.connection()));
        Recorder recorder = new Recorder(progress);
        try {
            Plan plan = planner.apply(state);
            if (plan.isEmpty()) {
                return plan;
            }
            refuseToEndTheTransaction(plan, parsed, database);
            progress.begin(plan);
            Guard guard = Guard.of(target.kind(), session.connection());
            new CommandScope(plan.direction() == Plan.Direction.UP ? "updateCount" : "rollbackCount")
                    .addArgumentValue(DbUrlConnectionArgumentsCommandStep.DATABASE_ARG, database)
                    .addArgumentValue(DatabaseChangelogCommandStep.CHANGELOG_ARG, parsed)
                    .addArgumentValue("changelogFile", changelog.file())
                    .addArgumentValue("count", plan.steps().size())
                    .addArgumentValue(ChangeExecListenerCommandStep.CHANGE_EXEC_LISTENER_ARG, recorder)
                    .addArgumentValue(ShowSummaryArgument.SHOW_SUMMARY, UpdateSummaryEnum.OFF)
                    .execute();
            recorder.refuseUnless(plan, new State(revisions, HistoryRow.read(session.connection())));
            guard.refuseIfHarmed(recorder.sql());
            session.commit();
            return plan;
        } catch (Exception e) {
            Refusal refusal = LiquibaseFailure.translate(e, changelog, target, recorder.running());
            throw unchanged(Guard.naming(refusal, session.connection()), state);
        }
    }

    /** A COMMIT in a revision would leave half of the command behind when the other half fails. */
    private static void refuseToEndTheTransaction(Plan plan, DatabaseChangeLog parsed, Database database) {
        for (Revision revision : plan.steps()) {
            for (String statement :
                    Changelog.statements(Changelog.changeSet(parsed, revision), plan.direction(), database)) {
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
    public String script(Function<State, Plan> planner) {
        return changelog.inLiquibase(() -> {
            try (Session session = target.read(target.lockTimeout().orElse(READ_TIMEOUT))) {
                Database database = Changelog.connected(target.kind(), session.connection());
                DatabaseChangeLog parsed = changelog.parse(database);
                Plan plan = planner.apply(
                        new State(Changelog.revisions(parsed, database), HistoryRow.read(session.connection())));
                if (plan.isEmpty()) {
                    return "";
                }
                return Script.of(plan, parsed, database, session.connection());
            }
        });
    }
}
