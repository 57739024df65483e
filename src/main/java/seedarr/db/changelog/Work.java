package seedarr.db.changelog;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import liquibase.change.AbstractSQLChange;
import liquibase.change.Change;
import liquibase.change.core.RawSQLChange;
import liquibase.change.core.TagDatabaseChange;
import liquibase.changelog.ChangeSet;
import liquibase.database.Database;
import liquibase.database.DatabaseList;
import liquibase.sqlgenerator.SqlGeneratorFactory;
import seedarr.db.sql.ExecutedSql;
import seedarr.db.sql.OwnedNames;

/** What a changeset does on the way up or down, and what is missing in it, for a kind of database. */
public record Work(ChangeSet changeSet, boolean isUp, String kind) {

    /** Without {@code rollback: empty}, which is a word of Liquibase's. */
    List<AbstractSQLChange> sql() {
        List<Change> changes =
                isUp ? changeSet.getChanges() : changeSet.getRollback().getChanges();
        return changes.stream()
                .filter(change -> !(change instanceof RawSQLChange raw && "empty".equals(raw.getSql())))
                .filter(AbstractSQLChange.class::isInstance)
                .map(AbstractSQLChange.class::cast)
                .toList();
    }

    /**
     * Returns what SQLite runs to make the schema of this kind of database: without what that does not get on purpose, and
     * without what changes rows, which leaves no schema, and may take long.
     */
    List<String> schema() {
        List<AbstractSQLChange> own = onlyFor(kind);
        boolean isLess = hasLabel(other() + "-only")
                || !own.isEmpty() && own.stream().map(AbstractSQLChange::getSql).allMatch(Work::doesNothing);
        return statements("sqlite", isLess ? kind : "sqlite").stream()
                .filter(sql -> ExecutedSql.words(sql).stream().limit(1).anyMatch(OwnedNames.STATEMENTS::contains))
                .toList();
    }

    /** Returns the statements for each of some kinds of database, each with a semicolon and a line break. */
    List<String> statements(String... kinds) {
        Database database = Changelog.unconnected(kind);
        return sql().stream()
                .filter(sql -> Stream.of(kinds).allMatch(each -> isFor(sql, each)))
                .flatMap(sql -> Stream.of(SqlGeneratorFactory.getInstance().generateSql(sql, database)))
                .map(statement -> statement.toSql() + ";\n")
                .toList();
    }

    /** Returns what is missing, each with a line of what to do; the tag is to be the name. */
    public List<String> gaps(String name) {
        String where = isUp ? "" : " in its rollback";
        String label = other() + "-only";
        List<String> gaps = new ArrayList<>();
        // A file for the other kind of database has properties that this one may not have.
        if (sql().stream().noneMatch(sql -> isFor(sql, kind) ? isWritten(sql.getSql()) : isFor(sql, other()))) {
            gaps.add(
                    isUp
                            ? "changes nothing\nits SQL, or taking the file and its include away"
                            : "has no rollback\na rollback block with the SQL that undoes the changes");
        } else if (sql().stream().anyMatch(sql -> isFor(sql, kind) && sql.getSql() == null)
                // A server passes over it; SQLite's driver fails.
                || kind.equals("sqlite") && !statements(kind).stream().allMatch(Work::isWritten)) {
            gaps.add("has a statement with nothing in it" + where + "\nits SQL; a comment stands before a statement");
        } else if (onlyFor(kind).isEmpty() && !onlyFor(other()).isEmpty() && !hasLabel(label)) {
            gaps.add("has SQL with dbms: " + other() + where + ", and none with dbms: " + kind + "\nSQL with dbms: "
                    + kind + " (SELECT 1 where there is nothing to do), or labels: " + label);
        }
        boolean isUndone = isUp && !new Work(changeSet, false, kind).doesNothing();
        if (hasLabel(label) && (isUndone || !doesNothing())) {
            gaps.add("has labels: " + label + ", but SQL for " + kind + " as well\ndbms: " + other()
                    + " at each sql, up and down, or leaving the label out");
        } else if (isUndone && doesNothing() && !sql().isEmpty()) {
            gaps.add("does nothing on " + kind + ", but its rollback does\nSELECT 1 with dbms: " + kind
                    + " in the rollback as well");
        }
        String tag =
                changeSet.getChanges().stream().reduce(null, (before, last) -> last) instanceof TagDatabaseChange last
                        ? String.valueOf(last.getTag())
                        : "";
        if (isUp && !tag.equals(name)) {
            gaps.add((tag.isEmpty() ? "does not end in a tagDatabase" : "has the tag " + tag)
                    + "\n- tagDatabase: { tag: " + name + " } as the last change");
        }
        return gaps;
    }

    /** Returns each {@code dbms} that means neither kind of database. */
    public List<String> forNeither() {
        return sql().stream()
                .filter(sql -> !isFor(sql, kind) && !isFor(sql, other()))
                .map(AbstractSQLChange::getDbms)
                .toList();
    }

    boolean hasLabel(String label) {
        return changeSet.getLabels().getLabels().contains(label);
    }

    /** Returns the SQL that is for one of the two kinds of database, and not for both. */
    private List<AbstractSQLChange> onlyFor(String one) {
        return sql().stream()
                .filter(sql -> isFor(sql, one) && isFor(sql, kind) != isFor(sql, other()))
                .toList();
    }

    private String other() {
        return kind.equals("sqlite") ? "postgresql" : "sqlite";
    }

    private static boolean isFor(AbstractSQLChange sql, String kind) {
        return DatabaseList.definitionMatches(sql.getDbms(), kind, true);
    }

    /** Whether there is nothing to do for this kind of database, or it is said that there is not. */
    private boolean doesNothing() {
        return statements(kind).stream().allMatch(Work::doesNothing);
    }

    private static boolean doesNothing(String sql) {
        return sql == null
                || String.join(" ", ExecutedSql.words(sql))
                        .matches("(?s)(select (\\d+|null)( as \\w+)?|drop \\w+ if exists .*)?( ?;)*");
    }

    /** Whether there is more than white space and comments. */
    private static boolean isWritten(String sql) {
        return sql != null && ExecutedSql.words(sql).stream().anyMatch(word -> !word.equals(";"));
    }
}
