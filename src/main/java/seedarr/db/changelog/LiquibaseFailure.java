package seedarr.db.changelog;

import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import liquibase.exception.ChangeLogParseException;
import liquibase.exception.DatabaseException;
import liquibase.exception.PreconditionFailedException;
import seedarr.db.Refusal;
import seedarr.db.database.Target;

/** Turns what Liquibase throws into a sentence. */
public final class LiquibaseFailure {

    /** What sqlCheck says; the precondition's query answers with the reason. */
    private static final Pattern GOT = Pattern.compile("Expected '.*' got '(.*)'", Pattern.DOTALL);

    /** Liquibase names every changelog from the master down to the one that has the change. */
    private static final Pattern UNKNOWN =
            Pattern.compile("(?s).*Error parsing (.+?) ?: Unknown (?:change type|precondition) '([^']*)'.*");

    private static final String STATUS = "seedarr-db status, to see where the database stands";

    private LiquibaseFailure() {}

    /**
     * @param running the revision that was being applied or undone, if any
     */
    public static Refusal translate(Throwable thrown, Changelog changelog, Target target, Optional<String> running) {
        Optional<Refusal> refusal = find(thrown, Refusal.class);
        Optional<SQLException> sql = find(thrown, SQLException.class);
        if (refusal.isEmpty() && sql.isPresent()) {
            // Liquibase's message has the statement at its end.
            String statement = find(thrown, DatabaseException.class)
                    .map(Throwable::getMessage)
                    .orElse("");
            Refusal explained = target.explain(sql.get(), statement);
            return running.map(name -> Refusal.failed(name + " failed: " + explained.getMessage(), explained.remedy())
                            .because(thrown))
                    .orElse(explained);
        }
        return translate(thrown, changelog);
    }

    public static Refusal translate(Throwable thrown, Changelog changelog) {
        Optional<Refusal> refusal = find(thrown, Refusal.class);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Optional<PreconditionFailedException> precondition = find(thrown, PreconditionFailedException.class);
        if (precondition.isPresent()) {
            return reason(precondition.get());
        }
        Optional<ChangeLogParseException> parse = find(thrown, ChangeLogParseException.class);
        if (parse.isPresent()) {
            Matcher unknown = UNKNOWN.matcher(parse.get().getMessage());
            if (unknown.matches()) {
                return Refusal.failed(
                                unknown.group(1) + " has " + unknown.group(2)
                                        + ", but a revision is SQL and nothing else",
                                SqlEquivalent.of(unknown.group(2)))
                        .because(thrown);
            }
            return Refusal.failed(
                            "the changelog cannot be read: "
                                    + firstLine(parse.get().getMessage()),
                            "mending " + changelog.folder().resolve(changelog.file()) + " or what it includes")
                    .because(thrown);
        }
        String message = root(thrown).getMessage();
        return Refusal.failed(firstLine(message == null ? root(thrown).toString() : message), STATUS)
                .because(thrown);
    }

    /** The precondition's sentence ends in what to do: "… . Do this". */
    public static Refusal reason(PreconditionFailedException failed) {
        String message = failed.getFailedPreconditions().get(0).getMessage();
        Matcher got = GOT.matcher(message);
        boolean isSentence = got.find() && got.group(1).contains(" ");
        String sentence = isSentence ? got.group(1) : firstLine(message);
        int end = isSentence ? sentence.lastIndexOf(". ") : -1;
        Refusal refusal = end < 0
                ? Refusal.failed(sentence, STATUS)
                : Refusal.failed(
                        sentence.substring(0, end),
                        sentence.substring(end + 2, end + 3).toLowerCase(Locale.ROOT) + sentence.substring(end + 3));
        return refusal.because(failed);
    }

    public static <T extends Throwable> Optional<T> find(Throwable thrown, Class<T> type) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
        }
        return Optional.empty();
    }

    private static Throwable root(Throwable thrown) {
        return thrown.getCause() == null ? thrown : root(thrown.getCause());
    }

    private static String firstLine(String message) {
        String first = message.strip().lines().findFirst().orElse("").strip();
        // What failed stands below.
        return first.equals("Validation Failed:") ? message.strip().replaceAll("\\s+", " ") : first;
    }
}
