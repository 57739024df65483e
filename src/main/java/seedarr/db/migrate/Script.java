package seedarr.db.migrate;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.database.Database;
import liquibase.sql.Sql;
import liquibase.sqlgenerator.SqlGeneratorFactory;
import liquibase.statement.SqlStatement;
import liquibase.statement.core.CreateDatabaseChangeLogTableStatement;
import liquibase.statement.core.MarkChangeSetRanStatement;
import liquibase.statement.core.RemoveChangeSetRanStatusStatement;

/**
 * A plan as one script for the database's own shell, {@code sqlite3} or {@code psql}. It stops at the first error, which
 * undoes all of it. (What Liquibase's own {@code …Sql} commands print has no transaction, but this host's name.)
 */
final class Script {

    private final StringBuilder text = new StringBuilder();
    private final Database database;

    private Script(Database database) {
        this.database = database;
    }

    static String of(List<Plan> plans, DatabaseChangeLog changelog, Database database, Connection connection)
            throws Exception {
        Script script = new Script(database);
        script.text.append(
                database.getShortName().equals("sqlite")
                        ? ".bail on\nBEGIN IMMEDIATE;\n"
                        : "\\set ON_ERROR_STOP on\nBEGIN;\nSET LOCAL TIME ZONE 'UTC';\n");
        script.createHistory(connection);
        for (Plan plan : plans) {
            script.add(plan, changelog);
        }
        return script.text.append("\nCOMMIT;\n").toString();
    }

    private void add(Plan plan, DatabaseChangeLog changelog) throws Exception {
        plan.indexes().values().forEach(text::append);
        for (Revision revision : plan.steps()) {
            ChangeSet changeSet = Changelog.changeSet(changelog, revision);
            if (plan.direction() == Plan.Direction.UP && changeSet.getPreconditions() != null) {
                changeSet.getPreconditions().check(database, changelog, changeSet, null);
            }
            text.append("\n-- ").append(revision.name()).append('\n');
            if (plan.direction() != Plan.Direction.RECORD) {
                Changelog.statements(changeSet, plan.direction(), database).forEach(text::append);
            }
            add(
                    plan.direction() == Plan.Direction.DOWN
                            ? new RemoveChangeSetRanStatusStatement(changeSet)
                            : new MarkChangeSetRanStatement(changeSet, ChangeSet.ExecType.EXECUTED));
        }
    }

    private void createHistory(Connection connection) throws SQLException {
        if (!Catalogue.hasTable(connection, "DATABASECHANGELOG")) {
            add(new CreateDatabaseChangeLogTableStatement());
        }
    }

    private void add(SqlStatement statement) {
        for (Sql sql : SqlGeneratorFactory.getInstance().generateSql(statement, database)) {
            text.append(sql.toSql()).append(";\n");
        }
    }
}
