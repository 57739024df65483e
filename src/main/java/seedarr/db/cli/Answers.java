package seedarr.db.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

        final Supplier<Boolean> check =
                flag("--check", "Exit with 3 unless all is applied and nothing is edited or unknown.");

        @Override
        void run() {
            State state = reader().state();
            answer.with("database", target().toString())
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
                String applied =
                        isEdited ? terminal().red("edited ") : terminal().green("applied");
                String word = at.isEmpty() ? terminal().yellow("pending") : applied;
                show(("  " + word + "  " + name + "  " + at.orElse("")).stripTrailing());
            }
            state.unknownNames().forEach(name -> show("  " + terminal().red("unknown") + "  " + name));
            state.others().forEach(row -> show("  another's  " + row.name() + ", of " + row.file()));
            show(verdict(state));
        }

        private static String verdict(State state) {
            if (!state.unknown().isEmpty()) {
                return "ahead of this changelog: use " + state.wayOn();
            }
            if (!state.edited().isEmpty()) {
                return "edited after it was applied: use " + state.wayOn();
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

        @Override
        void run() {
            State state = reader().state();
            state.takeover().ifPresent(this::note);
            answer.with("database", target().toString())
                    .with(
                            "revisions",
                            state.revisions().stream()
                                    .map(revision -> new Json()
                                            .with("revision", revision.name())
                                            .with(
                                                    "appliedAt",
                                                    state.appliedAt(revision).map(Json::time))
                                            .with("description", revision.comment()))
                                    .toList())
                    .with("unknown", rows(state.unknown()))
                    .with("others", rows(state.others()));
            List<String> names = new ArrayList<>(names(state.revisions()));
            names.addAll(state.unknownNames());
            state.others().forEach(row -> names.add(row.name()));
            for (Revision revision : state.revisions()) {
                String time = state.appliedAt(revision).orElse("-");
                show(Terminal.padded(revision.name(), names) + "  " + time);
            }
            state.unknown().forEach(row -> show(row, names, "unknown to this changelog"));
            state.others().forEach(row -> show(row, names, "another changelog's: " + row.file()));
        }

        private static List<Json> rows(List<State.Row> rows) {
            return rows.stream()
                    .map(row -> new Json()
                            .with("revision", row.name())
                            .with("appliedAt", Json.time(row.appliedAt()))
                            .with("file", row.file()))
                    .toList();
        }

        private void show(State.Row row, List<String> names, String whose) {
            show(Terminal.padded(row.name(), names) + "  " + row.appliedAt() + "  " + whose);
        }
    }

    static final class Show extends AnyCommand {

        final Supplier<String> name =
                parameter("REV", String.class, null, "A revision, or a prefix that only one has.");

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
            CommandLine whole = SeedarrDb.whole(terminal());
            try {
                ((SeedarrDb) whole.getCommand()).revisions = changelog().revisions("sqlite");
            } catch (Refusal refusal) {
                // Then none are completed.
            }
            terminal().out().print(AutoComplete.bash("seedarr-db", whole));
        }
    }

    static final class Verify extends AnyCommand {

        final Supplier<Boolean> offline = flag("--offline", "Leave the database out.");

        @Override
        void run() {
            started("proving the changelog");
            List<Fault> found = new ArrayList<>(Proof.faultsOf(changelog()));
            boolean isProved = found.stream().allMatch(Fault::isWarning);
            Optional<Drift> drift = offline.get() ? Optional.empty() : drift(found);
            started("");
            long count = found.stream().filter(fault -> !fault.isWarning()).count();
            answer.with("comparedWith", drift.map(Drift::revision))
                    .with("faults", facts(found, false))
                    .with("warnings", facts(found, true))
                    .with("own", drift.map(Drift::own).orElse(List.of()));
            found.forEach(this::show);
            if (isProved) {
                tell("changelog  proved: every revision up, down and up again");
            }
            drift.ifPresent(this::tell);
            if (!offline.get() && !target().isThere()) {
                tell("database   " + target() + " is not there yet");
            }
            tell(count == 0 ? terminal().green("no faults") : count == 1 ? "1 fault" : count + " faults");
            exitCode = count == 0 ? ExitCode.DONE : ExitCode.NO;
        }

        private static List<Json> facts(List<Fault> found, boolean areWarnings) {
            return found.stream()
                    .filter(fault -> fault.isWarning() == areWarnings)
                    .map(fault -> new Json()
                            .with("place", fault.place())
                            .with("problem", fault.problem())
                            .with("remedy", fault.remedy()))
                    .toList();
        }

        private void show(Fault fault) {
            String label = fault.isWarning()
                    ? terminal().yellow("warning: ")
                    : terminal().red("fault: ");
            String remedy = fault.isWarning() ? "" : "\n  try: " + fault.remedy();
            show(label + fault.place() + ": " + fault.problem() + remedy);
        }

        private void tell(Drift drift) {
            if (drift.missing().isEmpty()) {
                tell("database   " + target() + " has all that " + drift.revision() + " needs");
            }
            if (!drift.own().isEmpty()) {
                tell("own        " + String.join(", ", drift.own()));
            }
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
