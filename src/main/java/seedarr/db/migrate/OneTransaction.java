package seedarr.db.migrate;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.postgresql.core.Parser;
import seedarr.db.Refusal;
import seedarr.db.sql.ExecutedSql;
import seedarr.db.sql.SchemaObject;
import seedarr.db.state.Plan;

/** What SQL may not do: a COMMIT in a revision would leave half of the command behind when the other half fails. */
public final class OneTransaction {

    private static final Set<String> ENDS =
            Set.of("begin,commit,end,abort,rollback,savepoint,release,start,vacuum,prepare transaction".split(","));

    private static final Set<String> JOURNAL = Set.of("journal_mode", "synchronous", "locking_mode");

    private OneTransaction() {}

    static Optional<Refusal> fault(String kind, Plan plan) {
        return Stream.concat(
                        plan.makes().entrySet().stream()
                                .map(made -> fault(kind, made.getKey(), List.of(made.getValue()))),
                        plan.steps().stream().map(step -> fault(kind, step.name(), step.sql(plan.direction()))))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Refuses the first statement that ends the transaction. SQLite runs the first of each text. */
    public static Optional<Refusal> fault(String kind, String name, List<String> sql) {
        return sql.stream()
                .flatMap(text -> kind.equals("sqlite") ? Stream.of(text) : statements(text))
                .map(OneTransaction::named)
                .filter(named -> !named.isEmpty())
                .findFirst()
                .map(named -> Refusal.failed(
                        name + " has the statement " + named + ", but every command is one transaction",
                        "removing it from the revision"));
    }

    /** Cuts SQL as the driver does before it sends it; what it cannot read stays whole. */
    private static Stream<String> statements(String sql) {
        try {
            String plain = Parser.replaceProcessing(sql, true, true);
            return Parser.parseJdbcSql(plain, true, false, true, false, false).stream()
                    .map(query -> query.nativeSql);
        } catch (SQLException e) {
            return Stream.of(sql);
        }
    }

    private static String named(String statement) {
        // A comment in a comment, as PostgreSQL has them, leaves its end.
        List<String> words = ExecutedSql.words(statement).stream()
                .dropWhile(List.of(";", "*", "/")::contains)
                .toList();
        int length = words.indexOf("prepare") == 0 ? 2 : 1;
        String beginning = String.join(" ", words.subList(0, Math.min(length, words.size())));
        // Without its journal, SQLite could not undo the others. A pragma may be named by a string.
        boolean isOfTheJournal = words.contains("pragma")
                && words.stream().anyMatch(word -> JOURNAL.contains(SchemaObject.fold(word.replace("'", ""))));
        return isOfTheJournal ? "PRAGMA" : ENDS.contains(beginning) ? beginning.toUpperCase(Locale.ROOT) : "";
    }
}
