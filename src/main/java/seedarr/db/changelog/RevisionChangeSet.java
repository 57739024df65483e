package seedarr.db.changelog;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import liquibase.ChecksumVersion;
import liquibase.change.CheckSum;
import liquibase.change.core.EmptyChange;
import liquibase.change.core.RawSQLChange;
import liquibase.change.core.TagDatabaseChange;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.database.Database;
import liquibase.exception.ValidationErrors;
import liquibase.precondition.Precondition;
import liquibase.precondition.core.AndPrecondition;
import liquibase.precondition.core.PreconditionContainer;
import liquibase.precondition.core.SqlPrecondition;
import liquibase.sqlgenerator.core.MarkChangeSetRanGenerator;

/**
 * A revision as Liquibase runs it. All that was worked out when it was parsed is there; to parse it again takes a third of
 * the time of an update.
 */
final class RevisionChangeSet extends ChangeSet {

    private final Revision revision;

    RevisionChangeSet(Revision revision, DatabaseChangeLog changelog) {
        super(revision.name(), revision.author(), false, false, revision.file(), null, null, changelog);
        this.revision = revision;
        setComments(revision.comment());
        revision.up().forEach(sql -> addChange(new Statement(sql)));
        if (!row(3).isEmpty()) {
            TagDatabaseChange tag = new TagDatabaseChange();
            tag.setTag(row(3));
            addChange(tag);
        }
        if (revision.hasRollback()) {
            getRollback().getChanges().add(new EmptyChange());
            revision.down().forEach(sql -> getRollback().getChanges().add(new Statement(sql)));
        }
        PreconditionContainer checks = new PreconditionContainer();
        for (int i = 1; i < revision.checks().size(); i += 2) {
            SqlPrecondition check = new SqlPrecondition();
            check.setExpectedResult(revision.checks().get(i));
            check.setSql(revision.checks().get(i + 1));
            checks.addNestedPrecondition(check);
        }
        checks.setOnSqlOutput(revision.checks().stream().findFirst().orElse(null));
        setPreconditions(checks);
    }

    /** Returns the revision that a parsed changeset is, for a kind of database. */
    static Revision revision(ChangeSet changeSet, String kind, boolean isAlone) {
        Work up = new Work(changeSet, true, kind);
        Work down = new Work(changeSet, false, kind);
        // That it has no rollback at all is said when it is undone.
        List<String> gapsDown = down.sql().isEmpty() ? List.of() : down.gaps(changeSet.getId());
        PreconditionContainer preconditions = changeSet.getPreconditions();
        List<String> checks = new ArrayList<>();
        boolean isSimple = preconditions == null
                || preconditions.getOnFail() == PreconditionContainer.FailOption.HALT
                        && preconditions.getOnError() == PreconditionContainer.ErrorOption.HALT
                        && preconditions.getOnFailMessage() == null
                        && preconditions.getOnErrorMessage() == null
                        && checks(preconditions)
                                .allMatch(check -> check instanceof SqlPrecondition sql
                                        && sql.getExpectedResult() != null
                                        && sql.getSql() != null);
        if (isSimple && preconditions != null) {
            checks.add(preconditions.getOnSqlOutput().toString());
            checks(preconditions)
                    .map(SqlPrecondition.class::cast)
                    .forEach(check -> checks.addAll(List.of(check.getExpectedResult(), check.getSql())));
        }
        return new Revision(
                changeSet.getId(),
                changeSet.getAuthor(),
                changeSet.getFilePath(),
                changeSet.getComments() == null ? "" : changeSet.getComments().strip(),
                changeSet.generateCheckSum(ChecksumVersion.latest()).toString(),
                up.hasLabel("destructive"),
                up.statements(kind),
                down.statements(kind),
                up.schema(),
                down.schema(),
                Stream.concat(up.gaps(changeSet.getId()).stream(), gapsDown.stream())
                        .toList(),
                gapsDown,
                !changeSet.getRollback().getChanges().isEmpty(),
                Stream.of(
                                changeSet.getDescription(),
                                changeSet.buildFullContext(),
                                changeSet.buildFullLabels(),
                                MarkChangeSetRanGenerator.getTagFromChangeset(changeSet))
                        .map(value -> Objects.requireNonNullElse(value, ""))
                        .toList(),
                checks,
                isAlone && isSimple);
    }

    /** Returns what has to hold, all of it, without what only holds it together. */
    static Stream<Precondition> checks(AndPrecondition preconditions) {
        return preconditions == null
                ? Stream.of()
                : preconditions.getNestedPreconditions().stream()
                        .flatMap(each -> each instanceof AndPrecondition all ? checks(all) : Stream.of(each));
    }

    private String row(int column) {
        return revision.row().get(column);
    }

    @Override
    public CheckSum generateCheckSum(ChecksumVersion version) {
        return CheckSum.parse(revision.checksum());
    }

    @Override
    public String getDescription() {
        return row(0);
    }

    @Override
    public String buildFullContext() {
        return row(1).isEmpty() ? null : row(1);
    }

    @Override
    public String buildFullLabels() {
        return row(2).isEmpty() ? null : row(2);
    }

    /** One statement. It is not cut any more, nor looked at by introspection. */
    private static final class Statement extends RawSQLChange {

        Statement(String sql) {
            super(sql.substring(0, sql.length() - ";\n".length()));
            // Liquibase's word for SQL that goes to the database as it is.
            setRerunnable(true);
        }

        @Override
        public ValidationErrors validate(Database database) {
            return new ValidationErrors();
        }
    }
}
