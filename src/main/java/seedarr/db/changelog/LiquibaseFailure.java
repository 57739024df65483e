package seedarr.db.changelog;

import java.io.FileNotFoundException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import liquibase.exception.ChangeLogParseException;
import liquibase.exception.DatabaseException;
import liquibase.exception.PreconditionFailedException;
import seedarr.db.Refusal;
import seedarr.db.database.Target;

/** Turns what Liquibase throws into a sentence. */
public final class LiquibaseFailure {

    /** What sqlCheck says; the precondition's query answers with the reason and what to do: "… . Do this". */
    private static final Pattern SENTENCE = Pattern.compile("(?s)Expected '.*' got '(.*)\\. (.)(.*)'");

    /** Liquibase names every changelog from the master down to the one that has the change. */
    private static final Pattern UNKNOWN =
            Pattern.compile("(?s).*Error parsing (.+?) ?: Unknown (?:change type|precondition) '([^']*)'.*");

    private LiquibaseFailure() {}

    /** Explains what a database did not do; empty where something else failed. */
    public static Optional<Refusal> explain(Throwable thrown, Target target) {
        // Liquibase's message has the statement at its end.
        Optional<String> statement = find(thrown, DatabaseException.class).map(Throwable::getMessage);
        return find(thrown, SQLException.class)
                .filter(sql -> find(thrown, Refusal.class).isEmpty())
                .map(sql -> target.explain(sql, statement.orElse("")));
    }

    /** Returns what else was thrown while Liquibase worked as a refusal; one that was thrown comes back as it is. */
    public static Refusal translate(Throwable thrown, Changelog changelog) {
        return find(thrown, Refusal.class)
                .orElseGet(() -> find(thrown, PreconditionFailedException.class)
                        .map(LiquibaseFailure::reason)
                        .or(() -> find(thrown, ChangeLogParseException.class).map(e -> unreadable(e, changelog)))
                        .or(() -> find(thrown, FileNotFoundException.class).map(e -> unreadable(e, changelog)))
                        .orElseGet(() -> failed(causes(thrown)
                                .map(cause -> Objects.requireNonNullElse(cause.getMessage(), cause.toString()))
                                .reduce("", (outer, inner) -> inner)))
                        .because(thrown));
    }

    private static Refusal unreadable(Exception failed, Changelog changelog) {
        Matcher unknown = UNKNOWN.matcher(failed.getMessage());
        return unknown.matches()
                ? Refusal.failed(
                        unknown.group(1) + " has " + unknown.group(2) + ", but a revision is SQL and nothing else",
                        inSql(unknown.group(2)))
                : Refusal.failed(
                        "the changelog cannot be read: " + firstLine(failed.getMessage()),
                        "mending " + changelog.folder().resolve(changelog.file()) + " or what it includes");
    }

    /** Returns what to write instead of a change or a precondition; SQLite has no statement for some. */
    private static String inSql(String name) {
        String sql = switch (name) {
            case "dropColumn" -> "ALTER TABLE … DROP COLUMN, indexes first,";
            case "addUniqueConstraint" -> "CREATE UNIQUE INDEX";
            case "addPrimaryKey", "addAutoIncrement" -> "PRIMARY KEY in a new table's CREATE TABLE";
            case "addForeignKeyConstraint", "addCheckConstraint", "addDefaultValue", "addNotNullConstraint" ->
                "REFERENCES, CHECK, or NOT NULL with a DEFAULT, in CREATE TABLE or ADD COLUMN";
            default ->
                name.matches("modifyDataType|drop.*(Key|Constraint|Constraints|DefaultValue)")
                        ? "a new column or table, filled from the old one,"
                        : "the statement itself";
        };
        return sql + " in a sql change" + (name.endsWith("Precondition") ? ", or a sqlCheck" : "");
    }

    private static Refusal reason(PreconditionFailedException failed) {
        String message = failed.getFailedPreconditions().get(0).getMessage();
        Matcher said = SENTENCE.matcher(message);
        return said.find()
                ? Refusal.failed(said.group(1), said.group(2).toLowerCase(Locale.ROOT) + said.group(3))
                : failed(message);
    }

    private static Refusal failed(String message) {
        return Refusal.failed(firstLine(message), "seedarr-db status, to see where the database stands");
    }

    /** Returns the first of a kind among what was thrown and its causes. */
    public static <T extends Throwable> Optional<T> find(Throwable thrown, Class<T> type) {
        return causes(thrown).filter(type::isInstance).map(type::cast).findFirst();
    }

    private static Stream<Throwable> causes(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause);
    }

    private static String firstLine(String message) {
        return message.strip().lines().findFirst().orElse("").strip();
    }
}
