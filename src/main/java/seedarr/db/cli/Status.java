package seedarr.db.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import seedarr.db.ExitCode;
import seedarr.db.changelog.Revision;
import seedarr.db.state.State;

final class Status extends Subcommand {

    final Argument<Boolean> check =
            flag("--check", "Exit with 3 unless all is applied and nothing is edited or unknown.");
    final Argument<Boolean> json = flag("--json", "Print JSON.");

    Status(SeedarrDb root) {
        super(root, "Show what is applied, pending, edited since, and unknown.");
    }

    @Override
    int run(PrintWriter out) {
        State state = migrations().state();
        if (json.get()) {
            out.println(Json.of(facts(state)));
        } else if (!isQuiet()) {
            print(state, out);
        }
        return check.get() && !state.isUpToDate() ? ExitCode.NO : ExitCode.DONE;
    }

    private Map<String, Object> facts(State state) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("database", target().toString());
        facts.put("exists", target().isThere());
        facts.put("current", state.current());
        facts.put("upToDate", state.isUpToDate());
        facts.put("applied", names(state.applied()));
        facts.put("pending", names(state.pending()));
        facts.put("edited", names(state.edited()));
        facts.put("unknown", state.unknown());
        facts.put("adoptable", state.unrecorded());
        facts.put("notAdoptable", state.notAdoptable());
        facts.put("alembic", state.alembicVersions());
        return facts;
    }

    private void print(State state, PrintWriter out) {
        out.println("database  " + target() + (target().isThere() ? "" : " (not there yet)"));
        out.println("current   " + state.current());
        List<String> names = new ArrayList<>(names(state.revisions()));
        for (String version : state.alembicVersions()) {
            if (!names.contains(version)) {
                out.println("alembic   " + version + ", which this changelog does not know");
            } else if (state.isUnmanaged()) {
                out.println("alembic   " + version);
            }
        }
        names.addAll(state.unknown());
        for (Revision revision : state.revisions()) {
            String name = Text.padded(revision.name(), names);
            String line = state.appliedAt(revision)
                    .map(at -> (state.edited().contains(revision) ? text().red("edited ") : text().green("applied"))
                            + "  " + name + "  " + at)
                    .orElseGet(() -> text().yellow("pending") + "  " + revision.name());
            out.println("  " + line);
        }
        state.unknown().forEach(name -> out.println("  " + text().red("unknown") + "  " + name));
        out.println(verdict(state));
    }

    private static String verdict(State state) {
        if (!state.unknown().isEmpty()) {
            return "ahead of this changelog: use the release of seedarr-db that applied what is unknown here";
        }
        if (!state.edited().isEmpty()) {
            return "edited after it was applied: use the changelog that applied it, and put changes into a new revision";
        }
        if (state.takeover().isPresent()) {
            return state.takeover().get();
        }
        int pending = state.pending().size();
        return pending == 0 ? "up to date" : pending + " pending: seedarr-db update";
    }

    private static List<String> names(List<Revision> revisions) {
        return revisions.stream().map(Revision::name).toList();
    }
}
