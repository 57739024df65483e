package seedarr.db.changelog;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import liquibase.change.AbstractSQLChange;
import liquibase.change.Change;
import liquibase.change.core.TagDatabaseChange;
import liquibase.changelog.ChangeSet;
import liquibase.database.DatabaseList;
import seedarr.db.sql.ExecutedSql;

/** What is missing in a changeset that is half written, or written for another kind of database only. */
public final class Gaps {

    private static final String NO_SQL = "changes nothing\nits SQL, or taking the file and its include away";
    private static final String NO_ROLLBACK = "has no rollback\na rollback block with the SQL that undoes the changes";

    private Gaps() {}

    /** Returns what is missing on the way up or down, each with a line of what to do; the tag is to be the name. */
    public static List<String> of(ChangeSet changeSet, boolean isUp, String kind, String name) {
        List<Change> changes =
                isUp ? changeSet.getChanges() : changeSet.getRollback().getChanges();
        String where = isUp ? "" : " in its rollback";
        String other = other(kind);
        List<String> gaps = new ArrayList<>();
        if (Stream.of(kind, other).flatMap(each -> sql(changes, each)).noneMatch(sql -> isWritten(sql.getSql()))) {
            gaps.add(isUp ? NO_SQL : NO_ROLLBACK);
        } else if (!sql(changes, kind)
                .allMatch(sql -> sql.getSql() != null
                        && Changelog.statements(List.of(sql), "sqlite").stream().allMatch(Gaps::isWritten))) {
            gaps.add("has a statement with nothing in it" + where + "\nits SQL; a comment stands before a statement");
        } else if (isOnlyForOne(changes, other) && !isOnlyForOne(changes, kind) && !isLabelled(changeSet, other)) {
            gaps.add("has SQL with dbms: " + other + where + ", and none with dbms: " + kind + "\nSQL with dbms: "
                    + kind + " (SELECT 1 where there is nothing to do), or labels: " + other + "-only");
        }
        Change last = changes.isEmpty() ? null : changes.get(changes.size() - 1);
        String tag = last instanceof TagDatabaseChange end ? String.valueOf(end.getTag()) : "";
        if (isUp && !tag.equals(name)) {
            gaps.add((tag.isEmpty() ? "does not end in a tagDatabase" : "has the tag " + tag)
                    + "\n- tagDatabase: { tag: " + name + " } as the last change");
        }
        return gaps;
    }

    /** Returns the changes that make a schema: without what a kind of database does not get on purpose. */
    static List<Change> ofSchema(ChangeSet changeSet, List<Change> changes, String kind) {
        boolean isLess = isLabelled(changeSet, other(kind))
                || isOnlyForOne(changes, kind)
                        && sql(changes, kind)
                                .filter(sql -> !isFor(sql.getDbms(), other(kind)))
                                .allMatch(sql -> sql.getSql().strip().matches("(?i)SELECT 1;?"));
        return isLess ? changes.stream().filter(change -> isFor(change, kind)).toList() : changes;
    }

    /** Whether a changeset says that it is for a kind of database only. */
    private static boolean isLabelled(ChangeSet changeSet, String kind) {
        return changeSet.getLabels() != null
                && changeSet.getLabels().getLabels().contains(kind + "-only");
    }

    private static Stream<AbstractSQLChange> sql(List<Change> changes, String kind) {
        return changes.stream()
                .filter(change -> change instanceof AbstractSQLChange && isFor(change, kind))
                .map(AbstractSQLChange.class::cast);
    }

    private static boolean isOnlyForOne(List<Change> changes, String kind) {
        return sql(changes, kind).anyMatch(sql -> !isFor(sql.getDbms(), other(kind)));
    }

    private static String other(String kind) {
        return kind.equals("sqlite") ? "postgresql" : "sqlite";
    }

    static boolean isFor(Change change, String kind) {
        return !(change instanceof AbstractSQLChange sql) || isFor(sql.getDbms(), kind);
    }

    /** Whether a {@code dbms} in the changelog means a kind of database. */
    public static boolean isFor(String dbms, String kind) {
        return DatabaseList.definitionMatches(dbms, kind, true);
    }

    /** Whether there is more than white space and comments; {@code rollback: empty} is a word of Liquibase's. */
    static boolean isWritten(String sql) {
        return !"empty".equals(sql)
                && sql != null
                && ExecutedSql.words(sql).stream().anyMatch(word -> !word.equals(";"));
    }
}
