package seedarr.db.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import seedarr.db.ExitCode;
import seedarr.db.Refusal;
import seedarr.db.author.Proof;
import seedarr.db.author.Proof.Fault;
import seedarr.db.backup.Damage;
import seedarr.db.changelog.Revision;
import seedarr.db.database.Session;
import seedarr.db.state.State;
import seedarr.db.state.State.Drift;

/** The commands that only read. */
final class Answers {

    private static List<String> names(List<Revision> revisions) {
        return revisions.stream().map(Revision::name).toList();
    }

    static final class Status extends AnyCommand {

        final Supplier<Boolean> check = flag("--check", "Exit with 3 if a revision is pending, edited or unknown.");

        @Override
        void run() {
            State state = reader().state();
            answer.with("database", target())
                    .with("exists", target().isThere())
                    .with("current", state.current())
                    .with("upToDate", state.isUpToDate())
                    .with("applied", names(state.applied()))
                    .with("pending", names(state.pending()))
                    .with("edited", names(state.edited()))
                    .with("unknown", state.unknownNames())
                    .with("others", state.others().stream().map(State.Row::name).toList())
                    .with("adoptable", state.unrecorded())
                    .with("notAdoptable", state.notAdoptable())
                    .with("alembic", state.alembicVersions());
            if (!check.get() || !root().quiet.get()) {
                show(state);
            }
            exitCode = check.get() && !state.isUpToDate() ? ExitCode.NO : ExitCode.DONE;
        }

        private void show(State state) {
            show(place(" (not there yet)"));
            show("current   " + state.current());
            List<String> names = new ArrayList<>(names(state.revisions()));
            for (String version : state.alembicVersions()) {
                boolean isKnown = names.contains(version);
                if (!isKnown || state.isUnmanaged()) {
                    show("alembic   " + version + (isKnown ? "" : ", which this changelog does not know"));
                }
            }
            names.addAll(state.unknownNames());
            for (Revision revision : state.revisions()) {
                String name = Terminal.padded(revision.name(), names);
                var at = state.appliedAt(revision);
                boolean isEdited = state.edited().contains(revision);
                String applied = isEdited ? painted(RED, "edited ") : painted(GREEN, "applied");
                String word = at.isEmpty() ? painted(YELLOW, "pending") : applied;
                show(("  " + word + "  " + name + "  " + at.orElse("")).stripTrailing());
            }
            state.unknownNames().forEach(name -> show("  " + painted(RED, "unknown") + "  " + name));
            state.others().forEach(row -> show("  another's  " + row.name() + ", of " + row.file()));
            show(verdict(state));
        }

        private static String verdict(State state) {
            if (!state.unknown().isEmpty() || !state.edited().isEmpty()) {
                String what = state.unknown().isEmpty() ? "edited after it was applied" : "ahead of this changelog";
                return what + ": use " + state.wayOn();
            }
            int pending = state.pending().size();
            String next = state.pending().stream()
                    .flatMap(revision -> revision.halfWritten(Revision.Direction.UP).stream())
                    .findFirst()
                    .map(refusal -> pending + " pending, but " + refusal.getMessage())
                    .orElse(pending + " pending: seedarr-db update");
            return state.takeover().orElse(pending == 0 ? "up to date" : next);
        }
    }

    static final class Current extends AnyCommand {
        @Override
        void run() {
            State state = reader().state();
            answer.with("current", state.current());
            show(state.current());
            state.takeover().ifPresent(this::note);
        }
    }

    static final class History extends AnyCommand {

        private final List<String> names = new ArrayList<>();

        @Override
        void run() {
            State state = reader().state();
            state.takeover().ifPresent(this::note);
            names.addAll(names(state.revisions()));
            names.addAll(state.unknownNames());
            state.others().forEach(row -> names.add(row.name()));
            List<Json> revisions = new ArrayList<>();
            for (Revision each : state.revisions()) {
                revisions.add(row(each.name(), state.appliedAt(each), "").with("description", each.comment()));
            }
            answer.with("database", target())
                    .with("revisions", revisions)
                    .with("unknown", rows(state.unknown(), row -> "  unknown to this changelog"))
                    .with("others", rows(state.others(), row -> "  another changelog's: " + row.file()));
        }

        private List<Json> rows(List<State.Row> rows, Function<State.Row, String> whose) {
            return rows.stream()
                    .map(row -> row(row.name(), Optional.of(row.appliedAt()), whose.apply(row))
                            .with("file", row.file()))
                    .toList();
        }

        private Json row(String name, Optional<String> at, String whose) {
            show(Terminal.padded(name, names) + "  " + at.orElse("-") + whose);
            return new Json().with("revision", name).with("appliedAt", at.map(Json::time));
        }
    }

    static final class Show extends AnyCommand {

        final Supplier<String> name = option("REV", "The revision: its name, a unique prefix, or head.");

        @Override
        void run() {
            Revision revision = Revision.find(name.get(), changelog().revisions(target().kind()));
            answer.with("revision", revision.name())
                    .with("description", revision.comment())
                    .with("up", revision.up())
                    .with("down", revision.down());
            String up = String.join("", revision.up());
            String down = String.join("", revision.down());
            String about = revision.halfWritten(Revision.Direction.UP)
                    .map(refusal -> revision.comment() + "\nhalf written: " + refusal.getMessage())
                    .orElse(revision.comment());
            if (!root().json.get()) {
                terminal().out().print(String.join("\n", revision.name(), about, "", "-- up", up, "-- down", down));
            }
        }
    }

    static final class Completion extends AnyCommand {
        @Override
        void run() {
            SeedarrDb whole = new SeedarrDb(terminal());
            try {
                whole.completed.addAll(0, names(changelog().revisions("sqlite")));
            } catch (Refusal refusal) {
                // Then none are completed.
            }
            terminal().out().print(AutoComplete.bash("seedarr-db", new CommandLine(whole.spec)));
        }
    }

    static final class Verify extends AnyCommand {

        final Supplier<Boolean> offline = flag("--offline", "Prove the changelog only, without the database.");

        @Override
        void run() {
            started("proving the changelog");
            List<Fault> all = new ArrayList<>(Proof.faultsOf(changelog()));
            boolean isProved = all.stream().allMatch(Fault::isWarning);
            Optional<Drift> drift = offline.get() ? Optional.empty() : drift(all);
            started("");
            List<Json> faults = new ArrayList<>();
            List<Json> warnings = new ArrayList<>();
            for (Fault fault : all) {
                boolean isWarning = fault.isWarning();
                (isWarning ? warnings : faults)
                        .add(new Json()
                                .with("place", fault.place())
                                .with("problem", fault.problem())
                                .with("remedy", fault.remedy()));
                show((isWarning ? painted(YELLOW, "warning: ") : painted(RED, "fault: "))
                        + fault.place() + ": " + fault.problem()
                        + (isWarning ? "" : "\n  try: " + fault.remedy()));
            }
            List<String> own = drift.map(Drift::own).orElse(List.of());
            answer.with("comparedWith", drift.map(Drift::revision))
                    .with("faults", faults)
                    .with("warnings", warnings)
                    .with("own", own);
            if (isProved) {
                tell("changelog  proved: every revision up, down and up again");
            }
            if (drift.isPresent() && drift.get().missing().isEmpty()) {
                tell("database   " + target() + " has all that " + drift.get().revision() + " needs");
            }
            if (!own.isEmpty()) {
                tell("own        " + String.join(", ", own));
            }
            if (!offline.get() && !target().isThere()) {
                tell("database   " + target() + " is not there yet");
            }
            int count = faults.size();
            tell(count == 0 ? painted(GREEN, "no faults") : count + (count == 1 ? " fault" : " faults"));
            exitCode = count == 0 ? ExitCode.DONE : ExitCode.NO;
        }

        private Optional<Drift> drift(List<Fault> faults) {
            String place = target().toString();
            started("looking for damage");
            try {
                try (Session session = reader().session()) {
                    Damage.refuse(target(), session);
                }
                return reader().ask(state -> {
                    Optional<Drift> drift = state.drift();
                    drift.ifPresent(found ->
                            found.missing().forEach((what, remedy) -> faults.add(new Fault(place, what, remedy))));
                    state.takeover().ifPresent(sentence -> faults.add(new Fault(place, sentence, "")));
                    return drift;
                });
            } catch (Refusal refusal) {
                faults.add(new Fault(place, refusal.getMessage(), refusal.remedy()));
                return Optional.empty();
            }
        }
    }
}
