package seedarr.db.migrate;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import seedarr.db.Refusal;
import seedarr.db.database.PostgresTransaction;
import seedarr.db.sql.ExecutedSql;
import seedarr.db.sql.SchemaObject;
import seedarr.db.state.Plan;

/** What SQL may not do: a COMMIT in a revision would leave half of the command behind when the other half fails. */
public final class OneTransaction {

    private static final String ENDS =
            "(?s)(begin|commit|end|abort|rollback|savepoint|release|start|vacuum|prepare transaction)\\b.*";

    /** PostgreSQL does this in transactions of its own. */
    private static final String APART =
            "(?s)(create (unique )?index|drop index|reindex .*|alter table .* detach partition .*) ?\\bconcurrently\\b.*";

    private static final Set<String> JOURNAL = Set.of("journal_mode", "synchronous", "locking_mode");

    private OneTransaction() {}

    static void refuseToEnd(String kind, Plan plan) {
        Stream.concat(
                        plan.steps().stream().map(step -> fault(kind, step.name(), step.sql(plan.direction()))),
                        plan.makes().entrySet().stream()
                                .map(made -> fault(kind, made.getKey(), List.of(made.getValue()))))
                .flatMap(Optional::stream)
                .forEach(refusal -> {
                    throw refusal;
                });
    }

    /** Refuses the first statement that ends the transaction, or cannot be in one. SQLite runs the first of each text. */
    public static Optional<Refusal> fault(String kind, String name, List<String> sql) {
        return sql.stream()
                .flatMap(
                        text -> kind.equals("sqlite") ? Stream.of(text) : PostgresTransaction.statements(text).stream())
                .map(OneTransaction::named)
                .filter(named -> !named.isEmpty())
                .findFirst()
                .map(named -> Refusal.failed(
                        name + " has the statement " + named + ", but every command is one transaction",
                        named.endsWith("CONCURRENTLY")
                                ? "the same without CONCURRENTLY"
                                : "removing it from the revision"));
    }

    private static String named(String statement) {
        // A comment in a comment, as PostgreSQL has them, leaves its end.
        List<String> words = ExecutedSql.words(statement).stream()
                .dropWhile(List.of(";", "*", "/")::contains)
                .toList();
        String text = String.join(" ", words);
        // Without its journal, SQLite could not undo the others. A pragma may be named by a string.
        boolean isOfTheJournal = words.contains("pragma")
                && words.stream().anyMatch(word -> JOURNAL.contains(SchemaObject.fold(word.replace("'", ""))));
        String ending = isOfTheJournal ? "pragma" : text.matches(ENDS) ? text.replaceFirst(ENDS, "$1") : "";
        return text.matches(APART)
                ? words.get(0).toUpperCase(Locale.ROOT) + " … CONCURRENTLY"
                : ending.toUpperCase(Locale.ROOT);
    }
}
