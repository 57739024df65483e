package seedarr.db.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.visitor.AbstractChangeExecListener;
import liquibase.database.Database;
import seedarr.db.Refusal;

/** Hears from Liquibase what it does, keeps what was done and passes it on. */
final class Recorder extends AbstractChangeExecListener {

    private final Progress progress;
    private final List<String> done = new ArrayList<>();
    private final List<String> sql = new ArrayList<>();
    private String running;
    private long startedAt;

    Recorder(Progress progress) {
        this.progress = progress;
    }

    /** Returns the revision that is being applied or undone; empty before the first and after the last. */
    Optional<String> running() {
        return Optional.ofNullable(running);
    }

    /** Returns the SQL of all that was done. */
    List<String> sql() {
        return sql;
    }

    /** Refuses when Liquibase did anything but what was planned, for whatever reason it had. */
    void refuseUnless(Plan plan, State after) {
        List<String> planned = plan.steps().stream().map(Revision::name).toList();
        boolean isInHistory = plan.direction() == Plan.Direction.DOWN
                ? after.pending().containsAll(plan.steps())
                : after.applied().containsAll(plan.steps());
        List<String> did = List.copyOf(done);
        done.clear();
        if (!did.equals(planned) || !isInHistory) {
            throw Refusal.failed(
                    "Liquibase would have done " + did + " where " + planned + " was asked",
                    "`seedarr-db history`; the history table may have been edited by hand");
        }
    }

    void made(String index) {
        progress.made(index);
    }

    void recorded(String revision) {
        done.add(revision);
        progress.recorded(revision);
    }

    @Override
    public void willRun(
            ChangeSet changeSet, DatabaseChangeLog changelog, Database database, ChangeSet.RunStatus status) {
        start(changeSet);
    }

    @Override
    public void ran(ChangeSet changeSet, DatabaseChangeLog changelog, Database database, ChangeSet.ExecType type) {
        // With failOnError: false, or onFail: CONTINUE, Liquibase goes on after what was not done.
        if (type != ChangeSet.ExecType.FAILED && type != ChangeSet.ExecType.SKIPPED) {
            finish(changeSet);
        }
    }

    @Override
    public void willRollback(ChangeSet changeSet, DatabaseChangeLog changelog, Database database) {
        start(changeSet);
    }

    @Override
    public void rolledBack(ChangeSet changeSet, DatabaseChangeLog changelog, Database database) {
        finish(changeSet);
    }

    private void start(ChangeSet changeSet) {
        running = changeSet.getId();
        startedAt = System.nanoTime();
    }

    private void finish(ChangeSet changeSet) {
        long milliseconds = (System.nanoTime() - startedAt) / 1_000_000;
        running = null;
        done.add(changeSet.getId());
        changeSet.getGeneratedSql().stream().filter(Objects::nonNull).forEach(sql::add);
        progress.done(changeSet.getId(), milliseconds);
    }
}
