package seedarr.db.migrate;

import java.io.StringWriter;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import liquibase.Scope;
import liquibase.changelog.ChangeLogHistoryServiceFactory;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.StandardChangeLogHistoryService;
import liquibase.database.Database;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.DatabaseException;
import liquibase.executor.ExecutorService;
import liquibase.executor.LoggingExecutor;
import liquibase.statement.SqlStatement;
import liquibase.statement.core.RawParameterizedSqlStatement;
import liquibase.statement.core.UpdateStatement;
import seedarr.db.Refusal;
import seedarr.db.changelog.LiquibaseFailure;
import seedarr.db.changelog.Revision;
import seedarr.db.database.Target;
import seedarr.db.migrate.Migrations.Progress;
import seedarr.db.state.Plan;
import seedarr.db.state.State;

/** Has Liquibase do what plans say, revision by revision, in the one transaction that is open. */
record Steps(DatabaseChangeLog changelog, Database database, Target target) {

    /** All that a row of the history has; an older Liquibase has made the table with fewer columns. */
    private static final String HISTORY = "SELECT ID, AUTHOR, FILENAME, DATEEXECUTED, ORDEREXECUTED, EXECTYPE, MD5SUM,"
            + " DESCRIPTION, COMMENTS, TAG, LIQUIBASE, CONTEXTS, LABELS, DEPLOYMENT_ID FROM DATABASECHANGELOG";

    /**
     * Returns what {@link #run} would do as a script for the database's own shell, {@code sqlite3} or {@code psql}. It stops
     * at the first error, which undoes all of it. (Liquibase's own {@code …Sql} commands print no transaction.)
     */
    String script(State state, List<Plan> plans) throws Exception {
        ExecutorService executors = Scope.getCurrentScope().getSingleton(ExecutorService.class);
        StringWriter script = new StringWriter();
        boolean hasHistory = history().hasDatabaseChangeLogTable();
        executors.setExecutor(
                "jdbc", database, new LoggingExecutor(executors.getExecutor("jdbc", database), script, database) {
                    @Override
                    public void comment(String message) {
                        // These name this host and the time.
                    }

                    @Override
                    public int queryForInt(SqlStatement lastNumber) throws DatabaseException {
                        // On PostgreSQL, nothing would work after a query of a table that only the script makes.
                        return hasHistory ? super.queryForInt(lastNumber) : 0;
                    }
                });
        script.append(
                database.getShortName().equals("sqlite")
                        ? ".bail on\nBEGIN IMMEDIATE;\n"
                        : "\\set ON_ERROR_STOP on\nBEGIN;\nSET LOCAL TIME ZONE 'UTC';\n");
        Progress headings = new Progress() {
            @Override
            public void started(String revision) {
                script.append("\n-- ").append(revision).append('\n');
            }
        };
        rewritePaths(state, headings);
        for (Plan plan : plans) {
            run(plan, headings);
        }
        return script.append("\nCOMMIT;\n").toString();
    }

    /**
     * Gives this changelog's own rows in the history the path that it has here: Liquibase goes by the path, and neither
     * undoes nor passes over a revision that has another. A revision that has two rows keeps them.
     */
    void rewritePaths(State state, Progress progress) throws Exception {
        SqlStatement[] statements = state.moved().stream()
                .map(revision -> new UpdateStatement(null, null, database.getDatabaseChangeLogTableName())
                        .addNewColumnValue("FILENAME", revision.file())
                        .setWhereClause("ID = ? AND AUTHOR = ?")
                        .addWhereParameters(revision.name(), revision.author()))
                .toArray(SqlStatement[]::new);
        if (statements.length > 0) {
            progress.say(
                    "history   " + Plan.revisions(statements.length) + " had another path than the changelog has now");
            database.execute(statements, List.of());
        }
    }

    void run(Plan plan, Progress progress) throws Exception {
        // Which changes count for a checksum depends on the scope's database.
        Scope.child(Map.of(Scope.Attr.database.name(), database), () -> {
            if (!hasWholeHistory()) {
                history().init();
            }
            if (!plan.direction().isRecording() && changelog.getPreconditions() != null) {
                changelog.getPreconditions().check(database, changelog, null, null);
            }
            for (Map.Entry<String, String> made : plan.makes().entrySet()) {
                String sql = made.getValue().strip().replaceFirst(";$", "");
                database.execute(new SqlStatement[] {new RawParameterizedSqlStatement(sql)}, List.of());
                progress.say("  made      " + made.getKey());
            }
            for (Revision revision : plan.steps()) {
                progress.started(revision.name());
                long startedAt = System.nanoTime();
                try {
                    run(plan.direction(), revision);
                } finally {
                    if (target.isLeft()) {
                        throw Refusal.failed(
                                        revision.name() + " has ended the transaction, but every command is one",
                                        "undoing by hand what seedarr-db show " + revision.name()
                                                + " lists and the database has, or a backup")
                                // Unless it was ended by a rollback.
                                .leaving(
                                        "what it did until then stays, and may be half a revision: see seedarr-db status");
                    }
                }
                progress.done(revision.name(), (System.nanoTime() - startedAt) / 1_000_000);
            }
        });
    }

    /** Whether the history table has every column. Liquibase's own look for them takes as long as a revision. */
    private boolean hasWholeHistory() {
        // PostgreSQL does not say before a query is run.
        if (target.kind().equals("sqlite")) {
            try {
                ((JdbcConnection) database.getConnection())
                        .prepareStatement(HISTORY)
                        .close();
                return true;
            } catch (DatabaseException | SQLException e) {
                // It is not there, or an older Liquibase made it.
            }
        }
        return false;
    }

    private StandardChangeLogHistoryService history() {
        return (StandardChangeLogHistoryService) Scope.getCurrentScope()
                .getSingleton(ChangeLogHistoryServiceFactory.class)
                .getChangeLogService(database);
    }

    private void run(Revision.Direction direction, Revision revision) throws Exception {
        // Not by getChangeSet, which fails where any changeset has no author.
        ChangeSet changeSet = changelog.getChangeSets().stream()
                .filter(candidate -> candidate.getId().equals(revision.name()))
                .findFirst()
                .orElseThrow();
        try {
            if (direction == Revision.Direction.DOWN) {
                if (changeSet.getRollback().getChanges().isEmpty()) {
                    throw Refusal.failed(
                            revision.name() + " has no rollback block, so it cannot be undone",
                            "a backup; or that block in " + revision.file());
                }
                changeSet.rollback(database);
                history().removeFromHistory(changeSet);
                return;
            }
            if (direction == Revision.Direction.UP
                    && changeSet.execute(changelog, database) != ChangeSet.ExecType.EXECUTED) {
                // A precondition with onFail: CONTINUE, for instance.
                throw Refusal.failed(
                        revision.name() + " was skipped, but a revision is applied whole or fails",
                        "onFail: HALT in " + revision.file());
            }
            history().setExecType(changeSet, ChangeSet.ExecType.EXECUTED);
        } catch (Exception e) {
            Refusal refusal = LiquibaseFailure.explain(e, target).orElseThrow(() -> e);
            throw Refusal.failed(revision.name() + " failed: " + refusal.getMessage(), refusal.remedy())
                    .because(e);
        }
    }
}
