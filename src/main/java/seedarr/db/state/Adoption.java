package seedarr.db.state;

import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import seedarr.db.Refusal;
import seedarr.db.changelog.Revision;
import seedarr.db.changelog.Revision.Direction;
import seedarr.db.state.Schema.Part;
import seedarr.db.state.Schema.Type;
import seedarr.db.state.State.Drift;
import seedarr.db.state.StateReader.Query;

/**
 * What a database has of the revisions that its history does not know. The schema decides: a revision is there when all
 * that it leaves is there, tables, columns and uniqueness. A revision that leaves nothing by which it could be recognised,
 * one that only changes rows for instance, counts as there only in a database without history, and only with a later one.
 */
final class Adoption {

    private final State state;
    private final Query query;
    private final List<Stage> stages;
    private final Schema actual;
    private final Schema base;
    private final boolean hasBase;
    private final Optional<Refusal> foreign;
    /** The place of the newest revision that is in the history; less than 0 where none is. */
    private final int lastApplied;
    /** The place of the newest revision that is there and not in the history; less than 0 where none is. */
    private final int newest;
    /** The place of the newest revision of which anything is there; less than 0 where none is. */
    private final int lastBegun;

    Adoption(State state, Query query) {
        this.state = state;
        this.query = query;
        try {
            actual = Schema.read(query.connection());
        } catch (SQLException e) {
            throw query.target().explain(e);
        }
        stages = query.blueprint().get().stream().map(stage -> stage.in(actual)).toList();
        base = stages.isEmpty() ? new Schema(Map.of()) : stages.get(0).before();
        hasBase = !base.all().isEmpty()
                && actual.lacking(base.parts(Type.TABLE, Type.COLUMN)).isEmpty();
        boolean isSeedarrs = hasBase || state.isApplied(state.revisions().get(0));
        // The first revision's precondition says in words for people what file_entries must have.
        foreign = isSeedarrs
                ? Optional.empty()
                : query.changelog().failedPrecondition(query.target().kind(), query.connection());
        lastApplied = last(stage -> state.isApplied(stage.revision()));
        // In a database with history, only what follows on it counts, one after the other.
        long more =
                stages.stream().skip(lastApplied + 1).takeWhile(Stage::isThere).count();
        newest = lastApplied < 0 ? last(Stage::isThere) : more == 0 ? -1 : lastApplied + (int) more;
        lastBegun = last(stage -> !stage.begun().isEmpty());
    }

    private int last(Predicate<Stage> isWanted) {
        return IntStream.range(0, stages.size())
                .filter(i -> isWanted.test(stages.get(i)))
                .max()
                .orElse(-1);
    }

    Optional<String> found() {
        return newest < 0 || foreign.isPresent() ? Optional.empty() : Optional.of(name(newest));
    }

    private String name(int place) {
        return place < 0 ? Revision.BASE : stages.get(place).revision().name();
    }

    /** Plans to record a revision, or else the newest that is there, and those before it. */
    Plan adopt(Optional<Revision> at) {
        refuseForeign();
        if (at.isEmpty() && lastApplied < 0) {
            refuseNamesTaken();
            refuseHalfApplied();
        }
        return plan(Direction.RECORD, at.map(this::placeOf).orElse(newest));
    }

    private int placeOf(Revision revision) {
        int place = last(stage -> stage.revision().name().equals(revision.name()));
        List<Part> missing = place < 0 || state.isApplied(revision)
                ? List.of()
                : stages.get(place).missing();
        String problem = place < 0
                ? " cannot be recognised: its SQL fails in an empty database"
                : Part.list(" is not there; missing: ", missing);
        if (!problem.isEmpty()) {
            throw Refusal.failed(revision.name() + problem, "seedarr-db adopt --dry-run, to see what is there");
        }
        return place;
    }

    /** Plans to finish and record the revisions up to the newest of which anything is there. */
    Plan finish() {
        refuseForeign();
        if (!hasBase) {
            throw Refusal.failed(
                    "the tables are not there that the first revision builds on: "
                            + Part.list("", base.parts(Type.TABLE)),
                    "a URL that names Seedarr's database");
        }
        refuseNamesTaken();
        int last = Math.max(lastApplied, Math.max(newest, lastBegun));
        stages.stream()
                .limit(last + 1)
                .filter(stage -> !state.isApplied(stage.revision()) && !stage.isThere())
                .forEach(Stage::refuseWhatOnlyAPersonKnows);
        return plan(Direction.FINISH, last);
    }

    private Plan plan(Direction direction, int last) {
        List<Revision> steps = stages.subList(0, last + 1).stream()
                .map(Stage::revision)
                .filter(Predicate.not(state::isApplied))
                .toList();
        if (!steps.isEmpty()) {
            refuse("this is not quite " + name(last), stages.get(last).after().differences(actual, query));
        }
        boolean isToMake = last >= 0 && (direction == Direction.FINISH || !steps.isEmpty());
        Map<String, String> makes = isToMake ? Finish.statements(query, stages.subList(0, last + 1)) : Map.of();
        return new Plan(direction, steps, makes);
    }

    static void refuse(String problem, Collection<String> details) {
        if (!details.isEmpty()) {
            throw Refusal.failed(
                    problem + ": " + String.join("; ", details), "mending that by hand, then seedarr-db adopt");
        }
    }

    void refuseForeign() {
        // Alembic's batch mode copies a table, drops it and renames the copy: when stopped, it leaves the rows there.
        for (Part copy : actual.parts(Type.TABLE)) {
            String table = copy.name().replaceFirst("^_alembic_tmp_", "");
            if (!actual.hasTable(table)) {
                throw Refusal.failed(
                        "Alembic was stopped while it made " + table + " anew: its rows are in " + copy,
                        "ALTER TABLE " + copy + " RENAME TO " + table + " in sqlite3, then the same command again");
            }
        }
        if (foreign.isPresent()) {
            throw foreign.get();
        }
    }

    /** Another thing of the same name is nobody's half revision. */
    private void refuseNamesTaken() {
        for (Stage stage : stages) {
            for (Part part : stage.signs()) {
                List<Part> columns = stage.after().of(part.table(), Type.COLUMN);
                boolean isAnother = part.type() == Type.TABLE
                        && actual.has(part)
                        && 2 * columns.stream().filter(actual::has).count() < columns.size();
                if (isAnother || actual.has(Type.VIEW, part.table(), part.table())) {
                    throw Refusal.failed(
                            part.table() + " is not what " + stage.revision().name() + " makes under this name: "
                                    + (isAnother ? "most of its columns are others" : "it is no table"),
                            "another name for it, then the same command again");
                }
            }
        }
    }

    /** The oldest revision that lacks something is named. */
    private void refuseHalfApplied() {
        if (lastBegun > newest) {
            List<Stage> rest = stages.subList(newest + 1, lastBegun + 1);
            Stage end = stages.get(lastBegun);
            Stage oldest = rest.stream()
                    .filter(stage -> !stage.missing().isEmpty())
                    .findFirst()
                    .orElse(end);
            Stream<Part> there = rest.stream().flatMap(stage -> stage.begun().stream());
            String problem = oldest.begun().isEmpty() ? " is missing, but a later revision is not" : " is half applied";
            throw Refusal.failed(
                    oldest.revision().name()
                            + problem
                            + Part.list("; there: ", there.toList())
                            + Part.list("; missing: ", end.missing())
                            + Part.list("; still there: ", end.left()),
                    "seedarr-db adopt --finish");
        }
    }

    /** Compares the schema with that of the newest revision in the history, or else of the newest that is there. */
    Drift drift() {
        int last = lastApplied < 0 ? newest : lastApplied;
        Schema expected = last < 0 ? base : stages.get(last).after();
        Map<String, String> missing = new LinkedHashMap<>();
        if (lastApplied >= 0 && state.overtaken().isPresent()) {
            // What it would have made is not lost.
            missing.put(state.overtaken().get(), "seedarr-db update, which applies it now");
            return new Drift(name(last), missing, List.of());
        }
        actual.lacking(expected.parts(Type.TABLE, Type.COLUMN, Type.UNIQUE, Type.INDEX))
                .forEach(part -> missing.put("missing: " + part, "seedarr-db adopt --finish, which makes it"));
        expected.differences(actual, query).forEach(difference -> missing.put(difference, "mending that by hand"));
        List<String> own = expected.lacking(actual.parts(Type.TABLE, Type.COLUMN, Type.INDEX)).stream()
                .filter(part -> !Schema.TOOLS.contains(part.table()))
                .map(part -> part.type() == Type.INDEX ? part.name() : part.toString())
                .toList();
        return new Drift(name(last), missing, own);
    }
}
