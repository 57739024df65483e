package seedarr.db.migrate;

import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import liquibase.Scope;
import liquibase.changelog.ChangeLogHistoryService;
import liquibase.changelog.ChangeLogHistoryServiceFactory;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.database.Database;
import liquibase.executor.ExecutorService;
import liquibase.executor.LoggingExecutor;
import liquibase.statement.core.RawParameterizedSqlStatement;
import seedarr.db.Refusal;
import seedarr.db.changelog.Changelog;
import seedarr.db.changelog.Revision;
import seedarr.db.state.Plan;

/** Has Liquibase do what plans say, revision by revision, in the one transaction that is open. */
final class Steps {

    private final DatabaseChangeLog changelog;
    private final Database database;
    private String running;

    Steps(DatabaseChangeLog changelog, Database database) {
        this.changelog = changelog;
        this.database = database;
    }

    /**
     * Returns what {@link #run} would do as a script for the database's own shell, {@code sqlite3} or {@code psql}. It stops
     * at the first error, which undoes all of it. (Liquibase's own {@code …Sql} commands print no transaction.)
     */
    String script(List<Plan> plans) throws Exception {
        ExecutorService executors = Scope.getCurrentScope().getSingleton(ExecutorService.class);
        StringWriter script = new StringWriter();
        executors.setExecutor(
                "jdbc", database, new LoggingExecutor(executors.getExecutor("jdbc", database), script, database) {
                    @Override
                    public void comment(String message) {
                        // These name this host and the time.
                    }
                });
        script.append(
                database.getShortName().equals("sqlite")
                        ? ".bail on\nBEGIN IMMEDIATE;\n"
                        : "\\set ON_ERROR_STOP on\nBEGIN;\nSET LOCAL TIME ZONE 'UTC';\n");
        for (Plan plan : plans) {
            run(plan, new Progress() {
                @Override
                public void started(String revision) {
                    script.append("\n-- ").append(revision).append('\n');
                }
            });
        }
        return script.append("\nCOMMIT;\n").toString();
    }

    /** Returns the revision that is being applied or undone; empty before the first and after the last. */
    Optional<String> running() {
        return Optional.ofNullable(running);
    }

    /** Does what a plan says. */
    void run(Plan plan, Progress progress) throws Exception {
        // Which changes count for a checksum depends on the scope's database.
        Scope.child(Map.of(Scope.Attr.database.name(), database), () -> {
            history().init();
            if (!plan.direction().isRecording() && changelog.getPreconditions() != null) {
                changelog.getPreconditions().check(database, changelog, null, null);
            }
            for (Map.Entry<String, String> made : plan.makes().entrySet()) {
                String sql = made.getValue().strip().replaceFirst(";$", "");
                Scope.getCurrentScope()
                        .getSingleton(ExecutorService.class)
                        .getExecutor("jdbc", database)
                        .execute(new RawParameterizedSqlStatement(sql));
                progress.made(made.getKey());
            }
            for (Revision revision : plan.steps()) {
                running = revision.name();
                progress.started(running);
                long startedAt = System.nanoTime();
                run(plan.direction(), Changelog.changeSet(changelog, revision));
                running = null;
                if (plan.direction().isRecording()) {
                    progress.recorded(revision.name());
                } else {
                    progress.done(revision.name(), (System.nanoTime() - startedAt) / 1_000_000);
                }
            }
        });
    }

    private ChangeLogHistoryService history() {
        return Scope.getCurrentScope()
                .getSingleton(ChangeLogHistoryServiceFactory.class)
                .getChangeLogService(database);
    }

    private void run(Revision.Direction direction, ChangeSet changeSet) throws Exception {
        switch (direction) {
            case UP -> {
                ChangeSet.ExecType type = changeSet.execute(changelog, database);
                if (type != ChangeSet.ExecType.EXECUTED) {
                    // A precondition with onFail: CONTINUE, for instance.
                    throw Refusal.failed(
                            changeSet.getId() + " was skipped, but a revision is applied whole or fails",
                            "onFail: HALT in " + changeSet.getFilePath());
                }
                history().setExecType(changeSet, type);
            }
            case DOWN -> {
                if (changeSet.getRollback().getChanges().isEmpty()) {
                    throw Refusal.failed(
                            changeSet.getId() + " has no rollback block, so it cannot be undone",
                            "a backup; or that block in " + changeSet.getFilePath());
                }
                changeSet.rollback(database);
                history().removeFromHistory(changeSet);
            }
            case RECORD, FINISH -> history().setExecType(changeSet, ChangeSet.ExecType.EXECUTED);
        }
    }
}
