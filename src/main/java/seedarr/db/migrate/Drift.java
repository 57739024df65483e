package seedarr.db.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import seedarr.db.schema.Schema;
import seedarr.db.schema.Schema.Part;

/**
 * How a database differs from the schema of its revision, by the rule of {@link Adoption}.
 *
 * @param revision what the database is at; in one without history, what adopt would find
 * @param missing what the revision needs and the database has not, or in another form
 * @param own what the database has in addition, which is the application's
 * @param takeover what there is to say when another tool made the database
 */
public record Drift(String revision, List<String> missing, List<String> own, Optional<String> takeover) {

    static Drift between(
            String revision, Schema expected, Schema actual, List<String> differences, Optional<String> takeover) {
        List<String> missing = new ArrayList<>();
        var there = actual.parts();
        Part.whole(expected.parts().stream()
                        .filter(part -> !there.contains(part))
                        .toList())
                .forEach(part -> missing.add("missing: " + part));
        missing.addAll(differences);
        List<String> own = new ArrayList<>();
        for (Schema.Table table : actual.tables().values()) {
            Schema.Table known = expected.tables().get(table.name());
            if (known == null) {
                Optional.of(table.name())
                        .filter(name -> !Catalogue.TOOLS.contains(name))
                        .ifPresent(own::add);
                continue;
            }
            table.columns().keySet().stream()
                    .filter(column -> !known.columns().containsKey(column))
                    .forEach(column -> own.add(table.name() + "." + column));
            names(table).stream().filter(index -> !names(known).contains(index)).forEach(own::add);
            names(known).stream()
                    .filter(index -> !names(table).contains(index))
                    .forEach(index -> missing.add("missing: index " + index + " of " + table.name()));
        }
        return new Drift(revision, missing, own, takeover);
    }

    private static List<String> names(Schema.Table table) {
        return table.indexes().stream()
                .filter(index -> !index.constraint())
                .map(Schema.Index::name)
                .toList();
    }
}
