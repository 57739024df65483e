package seedarr.db.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import seedarr.db.ExitCode;
import seedarr.db.changelog.Revision;
import seedarr.db.state.State;

final class History extends Subcommand {

    final Argument<Boolean> json = flag("--json", "Print JSON.");

    History(SeedarrDb root) {
        super(root, "List every revision, and when it was applied (UTC).");
    }

    @Override
    int run(PrintWriter out) {
        State state = migrations().state();
        warnOfOtherTools(state);
        if (json.get()) {
            out.println(Json.of(state.revisions().stream()
                    .map(revision -> facts(state, revision))
                    .toList()));
            return ExitCode.DONE;
        }
        List<String> names = new ArrayList<>();
        state.revisions().forEach(revision -> names.add(revision.name()));
        names.addAll(state.unknown());
        for (Revision revision : state.revisions()) {
            out.println(Text.padded(revision.name(), names) + "  "
                    + state.appliedAt(revision).orElse("-"));
        }
        for (int i = 0; i < state.unknown().size(); i++) {
            out.println(Text.padded(state.unknown().get(i), names) + "  "
                    + state.unknownAppliedAt().get(i) + "  unknown to this changelog");
        }
        return ExitCode.DONE;
    }

    private static Map<String, Object> facts(State state, Revision revision) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("revision", revision.name());
        facts.put("appliedAt", state.appliedAt(revision));
        facts.put("description", revision.comment());
        return facts;
    }
}
