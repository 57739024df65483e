package seedarr.db.author;

import static java.util.Comparator.comparing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import seedarr.db.Refusal;
import seedarr.db.changelog.Changelog;
import seedarr.db.changelog.Revision;
import seedarr.db.database.Session;
import seedarr.db.database.SqliteError;
import seedarr.db.database.SqliteFile;
import seedarr.db.database.Target;
import seedarr.db.database.Waiting;
import seedarr.db.sql.ExecutedSql;
import seedarr.db.sql.SchemaObject;
import seedarr.db.state.StateReader;

/**
 * What leads from one SQLite schema to another, and back: with ALTER TABLE where a table stays, for that is what keeps its
 * rows. The order of a table's columns is no difference.
 *
 * @param up the statements that lead to the other schema, without semicolons
 * @param down the statements that lead back, in the order of work
 * @param notDone differences that ALTER TABLE cannot make, with both definitions
 * @param isDestructive whether the way up drops rows, values or a uniqueness
 */
public record ModelDifference(List<String> up, List<String> down, List<String> notDone, boolean isDestructive) {

    /** What is still to be filled in. */
    public static final ModelDifference UNWRITTEN = new ModelDifference(
            List.of("-- the SQL of this revision"), List.of("-- the SQL that undoes it"), List.of(), false);

    /** What depends on the others comes after them, and goes before them. */
    private static final List<String> TYPES =
            List.of("table", "virtual table", "column", "constraint", "index", "view", "trigger");

    /**
     * Compares with the schema of a model.
     *
     * @param database what to compare; without it, what the changelog's SQL makes
     */
    public static ModelDifference of(Changelog changelog, Optional<Target> database, Target model) {
        Map<String, SchemaObject> after = objects(model);
        Map<String, SchemaObject> before =
                database.map(ModelDifference::objects).orElseGet(() -> atHead(changelog));
        if (database.isPresent()
                && !new StateReader(changelog, database.get()).state().isUpToDate()) {
            throw Refusal.failed(
                    database.get() + " is not up to date, so its differences are not those of the model",
                    "seedarr-db status, to see what is missing");
        }
        if (after.isEmpty()) {
            String problem = model.isThere() ? " has no tables" : " is not there";
            throw Refusal.failed(model + problem, "create_all on it first, see docs/revisions.md");
        }
        return between(before, after, model);
    }

    private static Map<String, SchemaObject> objects(Target target) {
        if (!target.kind().equals("sqlite")) {
            throw Refusal.usage(
                    target + " cannot be compared: only SQLite databases can", "create_all on a SQLite file");
        }
        try (Session session = target.read(Waiting.atMost(Duration.ofSeconds(5)))) {
            return Picture.objects(SchemaObject.read(session.connection()));
        } catch (SQLException e) {
            throw target.explain(e);
        }
    }

    private static Map<String, SchemaObject> atHead(Changelog changelog) {
        try (Connection memory = SqliteFile.memory();
                Statement statement = memory.createStatement()) {
            for (Revision revision : changelog.revisions("sqlite")) {
                revision.halfWritten(Revision.Direction.UP).ifPresent(refusal -> {
                    throw refusal;
                });
                for (String sql : revision.schemaUp()) {
                    statement.execute(sql);
                }
            }
            return Picture.objects(SchemaObject.read(memory));
        } catch (SQLException e) {
            throw SqliteError.failed("the changelog does not come up", e, "seedarr-db verify --offline");
        }
    }

    private static ModelDifference between(
            Map<String, SchemaObject> before, Map<String, SchemaObject> after, Target model) {
        List<String> notDone = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        List<Picture.Change> changes = new ArrayList<>(Picture.changes(before, after));
        changes.sort(comparing(change -> TYPES.indexOf(change.object().type())));
        takeRenames(changes, notDone);
        for (Picture.Change change : changes) {
            SchemaObject object = change.object();
            SchemaObject table = before.get(change.table());
            boolean isKept = change.before() != null && change.after() != null;
            if (object.isA("constraint") || isKept && object.isA("column")) {
                notDone.add("table " + object.table() + ": " + change.texts());
                continue;
            }
            if (change.before() != null) {
                Step made = Step.makes(change.before(), table);
                steps.add(0, new Step(made.key, made.back, made.there));
            }
            if (change.after() != null) {
                steps.add(Step.makes(change.after(), table));
            }
        }
        try (Connection memory = SqliteFile.memory();
                Statement rehearsal = memory.createStatement()) {
            for (String type : TYPES) {
                if (type.equals("trigger")) {
                    new Seed().into(memory, Picture.EMPTY.later(Optional.empty(), memory), 3, 1);
                }
                for (SchemaObject object : before.values()) {
                    if (object.isA(type) && !Picture.PARTS.contains(type)) {
                        rehearsal.execute(object.sql());
                    }
                }
            }
            Picture atFirst = Picture.EMPTY.later(Optional.empty(), memory);
            for (Step step : List.copyOf(steps)) {
                if (!step.works(rehearsal, notDone)) {
                    // Then the old one stays as well.
                    steps.removeIf(each -> each.key.equals(step.key));
                }
            }
            List<String> up = steps.stream().map(Step::there).toList();
            List<String> down = new ArrayList<>();
            steps.forEach(step -> down.add(0, step.back));
            List<String> lost = atFirst.lostIn(atFirst.later(Optional.empty(), memory));
            return new ModelDifference(up, down, notDone, !lost.isEmpty());
        } catch (SQLException e) {
            throw model.explain(e);
        }
    }

    /** Takes out what a rename explains: a constraint says of a column that comes what one said of the same that goes. */
    private static void takeRenames(List<Picture.Change> changes, List<String> notDone) {
        List<Picture.Change> all = List.copyOf(changes);
        for (Picture.Change gone : all) {
            for (Picture.Change come : all) {
                String old = ExecutedSql.words(gone.object().sql()).get(0);
                String name = ExecutedSql.words(come.object().sql()).get(0);
                boolean isRename = gone.object().isA("column") && gone.isRenamed(come, old, name);
                for (Picture.Change part : isRename ? all : List.<Picture.Change>of()) {
                    all.stream()
                            .filter(each -> part.object().isA("constraint") && part.isRenamed(each, old, name))
                            .filter(each -> part.table().equals(gone.table()))
                            .forEach(each -> {
                                notDone.add("table " + part.object().table() + ": "
                                        + new Picture.Change(part.before(), each.after()).texts()
                                        + ", a rename: ALTER TABLE … RENAME COLUMN " + old + " TO " + name);
                                changes.removeAll(List.of(gone, come, part, each));
                            });
                }
            }
        }
    }

    /** A statement, and what undoes it; the key is what it is about, a type and a name. */
    private record Step(String key, String there, String back) {

        static Step makes(SchemaObject object, SchemaObject table) {
            // Without the tabs and the spaces at line ends of SQLAlchemy, unless a literal has such.
            String tidy = object.sql().replaceAll("[ \t]+(?=\n)", "").replace("\t", "  ");
            boolean isSame = ExecutedSql.words(tidy).equals(ExecutedSql.words(object.sql()));
            String sql = isSame ? tidy : object.sql();
            if (object.isA("column")) {
                String alter = "ALTER TABLE " + table.nameInText();
                String column = ExecutedSql.tokens(sql).findFirst().orElseThrow();
                return new Step(object.key(), alter + " ADD COLUMN " + sql, alter + " DROP COLUMN " + column);
            }
            String type = object.type().replace("virtual ", "").toUpperCase(Locale.ROOT);
            return new Step(object.key(), sql, "DROP " + type + " " + object.nameInText());
        }

        /** Rehearses it there, back and there again in a copy with rows, because SQLite alone knows what it can do. */
        boolean works(Statement rehearsal, List<String> notDone) throws SQLException {
            rehearsal.execute("SAVEPOINT step");
            try {
                for (String sql : List.of(there, back, there)) {
                    rehearsal.execute(sql);
                }
                if (back.startsWith("DROP VIEW ")) {
                    rehearsal.execute("EXPLAIN SELECT * FROM " + back.substring("DROP VIEW ".length()));
                }
                return true;
            } catch (SQLException e) {
                rehearsal.execute("ROLLBACK TO step");
                String message = SqliteError.message(e);
                notDone.add(Picture.oneLine(there) + ", and back " + Picture.oneLine(back) + " (" + message + ")"
                        + (there.contains(" ADD COLUMN ") && message.contains("NOT NULL column")
                                ? ": a server_default in the model gives rows a value"
                                : ""));
                return false;
            } finally {
                rehearsal.execute("RELEASE step");
            }
        }
    }
}
