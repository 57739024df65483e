package seedarr.db.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import seedarr.db.state.Schema.Part;

/**
 * How a database differs from the schema of its revision, by the rule of {@link Adoption}.
 *
 * @param revision what the database is at; in one without history, what adopt would find
 * @param missing what the revision needs and the database has not, or in another form
 * @param own what the database has in addition, which is the application's
 * @param takeover what there is to say when another tool made the database
 */
public record Drift(String revision, List<Missing> missing, List<String> own, Optional<String> takeover) {

    private static final String FINISH = "seedarr-db adopt --finish, which makes it";

    /**
     * Something that a revision needs.
     *
     * @param remedy what to do
     */
    public record Missing(String what, String remedy) {}

    public static Drift between(
            String revision, Schema expected, Schema actual, List<String> differences, Optional<String> takeover) {
        List<Missing> missing = new ArrayList<>();
        var there = actual.parts();
        List<Part> parts =
                expected.parts().stream().filter(part -> !there.contains(part)).toList();
        for (Part part : Part.whole(parts)) {
            missing.add(new Missing("missing: " + part, FINISH));
        }
        differences.forEach(difference -> missing.add(new Missing(difference, "mending that by hand")));
        List<String> own = new ArrayList<>();
        for (Schema.Table table : actual.tables().values()) {
            Schema.Table known = expected.tables().get(table.name());
            if (known == null) {
                if (!Catalogue.TOOLS.contains(table.name())) {
                    own.add(table.name());
                }
                continue;
            }
            table.columns().keySet().stream()
                    .filter(column -> !known.columns().containsKey(column))
                    .forEach(column -> own.add(table.name() + "." + column));
            table.indexNames().stream()
                    .filter(index -> !known.indexNames().contains(index))
                    .forEach(own::add);
            known.indexNames().stream()
                    .filter(index -> !table.indexNames().contains(index))
                    .forEach(index ->
                            missing.add(new Missing("missing: index " + index + " of " + table.name(), FINISH)));
        }
        return new Drift(revision, missing, own, takeover);
    }
}
