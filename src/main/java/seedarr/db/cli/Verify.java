package seedarr.db.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import seedarr.db.ExitCode;
import seedarr.db.Refusal;
import seedarr.db.author.Author;
import seedarr.db.author.Fault;
import seedarr.db.state.Drift;

final class Verify extends Subcommand {

    final Argument<Boolean> offline = flag("--offline", "Leave the database out.");
    final Argument<Boolean> json = flag("--json", "Print JSON.");

    Verify(SeedarrDb root) {
        super(root, "Prove the changelog, and compare the database with its revision.");
    }

    @Override
    int run(PrintWriter out) {
        List<Fault> faults = new ArrayList<>(new Author(changelog()).faults());
        boolean isProved = faults.stream().allMatch(Fault::isWarning);
        Optional<Drift> drift = offline.get() ? Optional.empty() : drift(faults);
        if (json.get()) {
            out.println(Json.of(facts(faults, drift)));
        } else {
            print(faults, out);
            if (!isQuiet()) {
                summarize(faults, isProved, drift, out);
            }
        }
        return faults.stream().allMatch(Fault::isWarning) ? ExitCode.DONE : ExitCode.NO;
    }

    private Optional<Drift> drift(List<Fault> faults) {
        try {
            Optional<Drift> drift = migrations().drift();
            String place = target().toString();
            drift.ifPresent(found -> {
                found.missing()
                        .forEach(missing -> faults.add(new Fault(place, missing.what(), missing.remedy(), false)));
                if (found.missing().isEmpty()) {
                    found.takeover().ifPresent(sentence -> faults.add(new Fault(place, sentence, "", true)));
                }
            });
            return drift;
        } catch (Refusal refusal) {
            faults.add(new Fault(target().toString(), refusal.getMessage(), refusal.remedy(), false));
            return Optional.empty();
        }
    }

    private static Map<String, Object> facts(List<Fault> faults, Optional<Drift> drift) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("comparedWith", drift.map(Drift::revision));
        facts.put("faults", facts(faults, false));
        facts.put("warnings", facts(faults, true));
        facts.put("own", drift.map(Drift::own).orElse(List.of()));
        return facts;
    }

    private static List<Map<String, Object>> facts(List<Fault> faults, boolean areWarnings) {
        return faults.stream()
                .filter(fault -> fault.isWarning() == areWarnings)
                .map(fault -> {
                    Map<String, Object> facts = new LinkedHashMap<>();
                    facts.put("place", fault.place());
                    facts.put("problem", fault.problem());
                    facts.put("remedy", fault.remedy());
                    return facts;
                })
                .toList();
    }

    private void print(List<Fault> faults, PrintWriter out) {
        for (Fault fault : faults) {
            out.println((fault.isWarning() ? text().yellow("warning: ") : text().red("fault: ")) + fault.place() + ": "
                    + fault.problem());
            if (!fault.isWarning()) {
                out.println("  try: " + fault.remedy());
            }
        }
    }

    private void summarize(List<Fault> faults, boolean isProved, Optional<Drift> drift, PrintWriter out) {
        if (isProved) {
            out.println("changelog  proved: every revision up, down and up again");
        }
        drift.ifPresent(found -> {
            if (found.missing().isEmpty()) {
                out.println("database   " + target() + " has all that " + found.revision() + " needs");
            }
            if (!found.own().isEmpty()) {
                out.println("own        " + String.join(", ", found.own()));
            }
        });
        if (!offline.get() && !target().isThere()) {
            out.println("database   " + target() + " is not there yet");
        }
        long count = faults.stream().filter(fault -> !fault.isWarning()).count();
        out.println(count == 0 ? text().green("no faults") : count == 1 ? "1 fault" : count + " faults");
    }
}
