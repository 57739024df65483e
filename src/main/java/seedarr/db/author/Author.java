package seedarr.db.author;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import seedarr.db.Refusal;
import seedarr.db.changelog.Changelog;
import seedarr.db.changelog.Revision;
import seedarr.db.database.Session;
import seedarr.db.database.Target;
import seedarr.db.migrate.Migrations;
import seedarr.db.state.Catalogue;

/** What whoever adds revisions asks of a changelog: is it right, and write the next one. */
public record Author(Changelog changelog) {

    /** Returns every fault of the changelog: of its form, and of its revisions, each of which is proved. Opens no database. */
    public List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        try {
            faults.addAll(Form.faultsOf(changelog));
            faults.addAll(Proof.faultsOf(changelog));
        } catch (Refusal refusal) {
            if (Session.isStopping()) {
                throw refusal;
            }
            if (faults.stream().allMatch(Fault::isWarning)) {
                faults.add(Fault.of(changelog.file(), refusal.getMessage(), refusal.remedy()));
            }
        }
        return faults;
    }

    /** Writes a new revision with its SQL to be filled in, and includes it; returns its file. */
    public Path write(String message) {
        return new RevisionFile(changelog).write(message);
    }

    /**
     * Writes a new revision that makes the schema of a model, and includes it.
     *
     * @param database what to compare; without it, a scratch database at the last revision
     * @return the file and what is in it; empty where nothing differs
     */
    public Optional<Generated> generate(String message, Optional<Target> database, Target model) {
        ModelDifference difference = database.map(target -> {
                    refuseUnlessUpToDate(target);
                    return difference(target, model);
                })
                .orElseGet(() -> {
                    try (Scratch scratch = new Scratch(changelog)) {
                        scratch.run(state -> state.up(Revision.HEAD));
                        return difference(scratch.target(), model);
                    }
                });
        if (difference.up().isEmpty()) {
            return difference.notDone().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Generated(Optional.empty(), difference));
        }
        return Optional.of(
                new Generated(Optional.of(new RevisionFile(changelog).write(message, difference)), difference));
    }

    /**
     * What was generated.
     *
     * @param file empty where nothing could be done
     */
    public record Generated(Optional<Path> file, ModelDifference difference) {}

    private void refuseUnlessUpToDate(Target target) {
        if (!new Migrations(changelog, target).state().isUpToDate()) {
            throw Refusal.failed(
                    target + " is not up to date, so its differences are not those of the model",
                    "seedarr-db status, to see what is missing");
        }
    }

    private static ModelDifference difference(Target database, Target model) {
        for (Target target : List.of(database, model)) {
            if (!target.kind().equals("sqlite")) {
                throw Refusal.usage(
                        target + " cannot be compared: only SQLite databases can", "create_all on a SQLite file");
            }
        }
        try (Session before = database.read(Duration.ofSeconds(5));
                Session after = model.read(Duration.ofSeconds(5))) {
            if (!Catalogue.hasTablesOfAnApplication(after.connection())) {
                throw Refusal.failed(
                        model + (model.isThere() ? " has no tables" : " is not there"),
                        "create_all on it first, see README");
            }
            return ModelDifference.between(before.connection(), after.connection(), Catalogue.TOOLS);
        } catch (SQLException e) {
            throw model.explain(e);
        }
    }
}
