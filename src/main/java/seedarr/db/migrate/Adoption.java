package seedarr.db.migrate;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.database.Database;
import liquibase.structure.core.Column;
import liquibase.structure.core.Table;
import seedarr.db.Refusal;
import seedarr.db.schema.Comparison;
import seedarr.db.schema.Schema;
import seedarr.db.schema.Schema.Part;

/**
 * What a database has of the revisions that its history does not know. The schema decides: a revision is there when all
 * that it leaves is there, tables, columns and uniqueness. A revision that leaves nothing by which it could be recognised,
 * one that only changes rows for instance, is there only with a later one.
 */
final class Adoption {

    private static final String AGAIN = ", then seedarr-db adopt";

    private final Blueprint blueprint;
    private final Schema actual;
    private final Set<Part> parts;
    private final DatabaseChangeLog changelog;
    private final Database database;
    private final Predicate<String> isApplied;
    private final Map<String, List<String>> differences = new LinkedHashMap<>();

    private Adoption(
            Blueprint blueprint,
            Schema actual,
            DatabaseChangeLog changelog,
            Database database,
            Predicate<String> isApplied) {
        this.blueprint = blueprint;
        this.actual = actual;
        this.parts = actual.parts();
        this.changelog = changelog;
        this.database = database;
        this.isApplied = isApplied;
    }

    /**
     * Looks for the revisions. Reads the catalogue, and rows only where a NULL may be that must not be.
     *
     * @param isApplied tells whether the history has a revision
     * @throws Refusal when the database is not Seedarr's
     */
    static Adoption find(
            Changelog file,
            DatabaseChangeLog changelog,
            Database database,
            Connection connection,
            Predicate<String> isApplied)
            throws Exception {
        String kind = database.getShortName();
        Adoption adoption = new Adoption(
                Blueprint.of(file, database), Schema.read(connection, kind), changelog, database, isApplied);
        adoption.refuseIfForeign();
        Comparison comparison = new Comparison(connection, kind);
        for (Blueprint.Stage stage : adoption.blueprint.stages()) {
            adoption.differences.put(stage.revision(), comparison.differences(stage.schema(), adoption.actual));
        }
        return adoption;
    }

    /** What file_entries must have is in the precondition of the first revision, in words for people. */
    private void refuseIfForeign() throws Exception {
        ChangeSet first = changelog.getChangeSets().get(0);
        boolean isSeedarrs = blueprint.base().parts().stream()
                .filter(part -> part.key().isEmpty())
                .allMatch(parts::contains);
        if (!isSeedarrs && !isApplied.test(first.getId()) && first.getPreconditions() != null) {
            first.getPreconditions().check(database, changelog, first, null);
        }
    }

    /** Returns the newest revision that is there; empty when none is. */
    Optional<String> newest() {
        List<Blueprint.Stage> stages = blueprint.stages();
        for (int i = stages.size() - 1; i >= 0; i--) {
            if (isThere(stages.get(i))) {
                return Optional.of(stages.get(i).revision());
            }
        }
        return Optional.empty();
    }

    private boolean isThere(Blueprint.Stage stage) {
        boolean leavesSigns = !stage.adds().isEmpty() || !stage.removes().isEmpty();
        return leavesSigns
                && missing(stage).isEmpty()
                && stage.removes().stream().noneMatch(parts::contains);
    }

    private List<Part> missing(Blueprint.Stage stage) {
        return stage.schema().parts().stream()
                .filter(Predicate.not(parts::contains))
                .toList();
    }

    /**
     * Plans to record the newest revision that is there and those before it.
     *
     * @throws Refusal when a later one is there by half, or something is there in another form
     */
    List<String> choose() {
        int newest = newest().map(this::indexOf).orElse(-1);
        refuseNamesTaken();
        for (int i = blueprint.stages().size() - 1; i > newest; i--) {
            Blueprint.Stage stage = blueprint.stages().get(i);
            if (!isApplied.test(stage.revision()) && stage.adds().stream().anyMatch(parts::contains)) {
                throw halfApplied(i, newest);
            }
        }
        return upTo(newest);
    }

    private void refuseNamesTaken() {
        for (Blueprint.Stage stage : blueprint.stages()) {
            for (Part part : stage.adds()) {
                if (actual.notTables().contains(part.table()) && !isApplied.test(stage.revision())) {
                    throw Refusal.failed(
                                    part.table() + " is not a table, but " + stage.revision()
                                            + " makes one of this name",
                                    "another name for it, then the same command again")
                            .leaving("nothing was changed");
                }
            }
        }
    }

    /**
     * Plans to record a revision and those before it.
     *
     * @throws Refusal when it is not there, or something is there in another form
     */
    List<String> choose(String revision) {
        Blueprint.Stage stage = stage(revision);
        if (!isApplied.test(revision) && !missing(stage).isEmpty()) {
            throw Refusal.failed(
                            revision + " is not there; missing: " + list(missing(stage)),
                            "seedarr-db adopt --dry-run, to see what is there")
                    .leaving("nothing was changed");
        }
        return upTo(indexOf(revision));
    }

    private List<String> upTo(int index) {
        List<String> steps = blueprint.stages().subList(0, index + 1).stream()
                .map(Blueprint.Stage::revision)
                .filter(Predicate.not(isApplied))
                .toList();
        if (!steps.isEmpty()) {
            List<String> found = differences.get(steps.get(steps.size() - 1));
            if (!found.isEmpty()) {
                throw Refusal.failed(
                                "this is not quite " + steps.get(steps.size() - 1) + ": " + String.join("; ", found),
                                "mending that by hand" + AGAIN)
                        .leaving("nothing was changed");
            }
        }
        return steps;
    }

    private Blueprint.Stage stage(String revision) {
        int index = indexOf(revision);
        if (index < 0) {
            throw Refusal.failed(
                            revision + " cannot be recognised: its SQL fails in an empty database",
                            "an earlier revision, or mending that one")
                    .leaving("nothing was changed");
        }
        return blueprint.stages().get(index);
    }

    private int indexOf(String revision) {
        List<String> names =
                blueprint.stages().stream().map(Blueprint.Stage::revision).toList();
        return names.indexOf(revision);
    }

    /**
     * Returns the statements that make the indexes that a revision leaves and the database does not have, by name.
     *
     * @throws Refusal when another table has an index of the same name
     */
    Map<String, String> missingIndexes(String revision) {
        Map<String, String> statements = new LinkedHashMap<>();
        for (Schema.Table table : stage(revision).schema().tables().values()) {
            for (Schema.Index index : table.indexes()) {
                Optional<String> owner = ownerOf(index.name());
                if (index.constraint() || owner.equals(Optional.of(table.name()))) {
                    continue;
                }
                if (owner.isPresent()) {
                    throw Refusal.failed(
                                    "the name of the index " + index.name() + " of " + table.name()
                                            + " is taken by one of " + owner.get(),
                                    "another name for that one" + AGAIN)
                            .leaving("nothing was changed");
                }
                Pattern create =
                        Pattern.compile("(?is)\\s*CREATE\\s+(UNIQUE\\s+)?INDEX\\s+(IF\\s+NOT\\s+EXISTS\\s+)?\\W?"
                                + Pattern.quote(index.name()) + "\\b.*");
                statementsUpTo(indexOf(revision)).stream()
                        .filter(sql -> create.matcher(sql).matches())
                        .forEach(sql -> statements.put(index.name(), sql));
            }
        }
        return statements;
    }

    private Optional<String> ownerOf(String index) {
        return actual.tables().values().stream()
                .filter(table ->
                        table.indexes().stream().anyMatch(own -> own.name().equals(index)))
                .map(Schema.Table::name)
                .findFirst();
    }

    private List<String> statementsUpTo(int index) {
        List<String> statements = new ArrayList<>();
        for (ChangeSet changeSet : changelog.getChangeSets().subList(0, index + 1)) {
            statements.addAll(Changelog.statements(changeSet, Plan.Direction.UP, database));
        }
        return statements;
    }

    private Refusal halfApplied(int half, int newest) {
        Blueprint.Stage stage = blueprint.stages().get(half);
        List<Part> missing = missing(stage);
        List<Part> present = blueprint.stages().subList(newest + 1, half + 1).stream()
                .flatMap(later -> later.adds().stream())
                .filter(parts::contains)
                .toList();
        return Refusal.failed(
                        stage.revision() + " is half applied; there: " + list(present) + "; missing: " + list(missing),
                        "that" + AGAIN + "; or go back by hand, and lose what they hold: " + toDrop(present))
                .leaving("nothing was changed; to finish it by hand: " + toMake(stage, half, missing));
    }

    private static String list(List<Part> parts) {
        return Part.whole(parts).stream().map(Part::toString).collect(joining(", "));
    }

    private String toMake(Blueprint.Stage stage, int index, List<Part> missing) {
        List<String> statements = new ArrayList<>();
        for (Part part : Part.whole(missing)) {
            Schema.Table table = stage.schema().tables().get(part.table());
            if (part.isTable()) {
                Pattern create = Pattern.compile("(?is)\\s*CREATE\\s.*\\b" + Pattern.quote(part.table()) + "\\b.*");
                statementsUpTo(index).stream()
                        .filter(sql -> create.matcher(sql).matches())
                        .forEach(statements::add);
            } else if (part.column().isPresent()) {
                String column = part.column().get();
                statements.add("ALTER TABLE " + quoted(part.table()) + " ADD COLUMN " + quoted(part.table(), column)
                        + " " + table.columns().get(column).type() + ";");
            } else {
                statements.add("CREATE UNIQUE INDEX " + freeName(table, part) + " ON " + quoted(part.table()) + " ("
                        + part.key().stream()
                                .map(column -> quoted(part.table(), column))
                                .collect(joining(", "))
                        + ");");
            }
        }
        return oneLine(statements);
    }

    private String freeName(Schema.Table table, Part unique) {
        return table.indexes().stream()
                .filter(index ->
                        !index.constraint() && Set.copyOf(index.columns()).equals(unique.key()))
                .map(Schema.Index::name)
                .filter(name -> ownerOf(name).isEmpty())
                .findFirst()
                .orElse("ix_" + table.name() + "_" + String.join("_", unique.key()));
    }

    private String toDrop(List<Part> present) {
        List<String> statements = new ArrayList<>();
        for (Part part : Part.whole(present)) {
            if (part.isTable()) {
                statements.add("DROP TABLE " + quoted(part.table()) + ";");
            } else {
                Predicate<Schema.Index> uses = part.column()
                        .<Predicate<Schema.Index>>map(
                                column -> index -> index.columns().contains(column))
                        .orElse(index ->
                                index.unique() && Set.copyOf(index.columns()).equals(part.key()));
                actual.tables().get(part.table()).indexes().stream()
                        .filter(uses.and(index -> !index.constraint()))
                        .forEach(index -> statements.add("DROP INDEX " + index.name() + ";"));
                part.column()
                        .ifPresent(column -> statements.add("ALTER TABLE " + quoted(part.table()) + " DROP COLUMN "
                                + quoted(part.table(), column) + ";"));
            }
        }
        return oneLine(statements);
    }

    private String quoted(String table) {
        return database.escapeObjectName(table, Table.class);
    }

    private String quoted(String table, String column) {
        return database.escapeObjectName(column, Column.class);
    }

    private static String oneLine(List<String> statements) {
        return statements.stream()
                .distinct()
                .map(sql -> sql.replaceAll("\\s+", " ").strip())
                .collect(joining(" "));
    }
}
