package seedarr.db.migrate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import seedarr.db.sql.ExecutedSql;
import seedarr.db.sql.OwnedNames;
import seedarr.db.sql.SchemaObject;

/**
 * Tells what a migration did to what is the user's. What any revision's SQL makes, alters or drops by name is the
 * changelog's ({@link OwnedNames}), all else is the user's.
 *
 * <p>SQLite drops or breaks much without a word: {@code DROP TABLE} takes indexes and triggers along and looks at no view
 * (sqlite.org/lang_droptable.html); {@code DROP COLUMN} overlooks {@code UPDATE OF}, columns that a trigger writes, foreign
 * keys of other tables and names in double quotes (sqlite.org/lang_altertable.html, sqlite.org/quirks.html). PostgreSQL
 * drops indexes, triggers, rules, policies and constraints along, and with CASCADE anything.
 *
 * @param gone the tables that are gone, and the columns of those that are not
 */
record Guard(Snapshot before, Snapshot after, List<SchemaObject> gone) {

    /** What only the application has, so that it cannot be told here whether something works. */
    private static final String OF_THE_APPLICATION = "(?s)no such (function|collation sequence|module): .*";

    /**
     * Returns what of the user's is gone, or does not work any more, in sentences. What was broken before is not told.
     *
     * @param changelog all of the changelog's SQL
     * @param sql the SQL that was run between the two moments
     */
    static List<String> harm(Snapshot before, Snapshot after, List<String> changelog, List<String> sql) {
        OwnedNames ran = new OwnedNames(sql);
        Map<SchemaObject, SchemaObject> left = before.leftIn(after, ran);
        // A virtual table makes and drops its shadows.
        List<SchemaObject> missing = before.objects().stream()
                .filter(object -> !left.containsKey(object) && !object.shadow())
                .toList();
        List<SchemaObject> gone = missing.stream()
                .filter(object -> object.isA("table")
                        || object.isA("column") && after.find("table", object.table(), object.table()) != null)
                .toList();
        Guard guard = new Guard(before, after, gone);
        // All of the changelog takes time to read, and is of interest only where something is missed.
        boolean isNamed = missing.stream().allMatch(object -> ran.has(object) || guard.goesWithItsTable(object));
        OwnedNames owned = isNamed ? ran : new OwnedNames(changelog);
        List<String> harm = new ArrayList<>();
        for (SchemaObject object : before.objects()) {
            SchemaObject now = left.get(object);
            String reason = now != null
                    ? guard.reasonItIsBroken(object, now)
                    : object.shadow() || owned.has(object) ? "" : guard.reasonItIsMissed(object);
            if (!reason.isEmpty()) {
                harm.add(object.type() + " " + object.label() + " " + reason);
            }
        }
        harm.addAll(after.orphansSince(before, ran));
        return harm;
    }

    private boolean goesWithItsTable(SchemaObject missing) {
        return missing.isA("column") && !gone.contains(missing);
    }

    private String reasonItIsMissed(SchemaObject object) {
        if (object.isA("column")) {
            return goesWithItsTable(object) ? "" : "would be lost";
        }
        // These may go with all that they are about; what SQLAlchemy names so, the application made.
        boolean isNamedBySqlalchemy = object.isA("index")
                && SchemaObject.fold(object.name()).startsWith("ix_" + SchemaObject.fold(object.table()) + "_");
        if ((object.isA("constraint") || object.isA("default") || isNamedBySqlalchemy)
                && ExecutedSql.words(object.sql()).stream()
                        .noneMatch(word -> after.find("column", word, object.table()) != null)) {
            return "";
        }
        // A trigger may have the name of its table.
        boolean isOnItsOwn = object.name().equals(object.table()) && !object.isA("trigger");
        return "would be dropped" + (isOnItsOwn ? "" : " with " + object.table());
    }

    private String reasonItIsBroken(SchemaObject object, SchemaObject now) {
        String old = before.error(object);
        boolean cannotBeTold = !old.isEmpty() && old.matches(OF_THE_APPLICATION);
        if (!old.isEmpty() && !cannotBeTold) {
            return "";
        }
        String error = cannotBeTold ? "" : after.error(now);
        String broken = error.isEmpty() ? "" : "would no longer work: " + error;
        Set<String> names = new HashSet<>();
        if (!gone.isEmpty()) {
            names.addAll(cannotBeTold || !error.isEmpty() ? ExecutedSql.words(object.sql()) : overlookedNames(object));
        }
        if (names.isEmpty() && !object.virtual()) {
            return broken;
        }
        // What was rewritten for the change has the name less often.
        List<String> written = unquotedWords(object);
        List<String> rewritten = unquotedWords(now);
        names.removeIf(
                name -> Collections.frequency(rewritten, name) < Math.max(1, Collections.frequency(written, name)));
        List<String> used = gone.stream()
                .filter(each -> object.virtual()
                        ? isIndexed(each, object)
                        : names.contains(SchemaObject.fold(each.name()))
                                && (each.isA("table") || mentions(object, each.table(), new HashSet<>())))
                .map(SchemaObject::label)
                .sorted()
                .toList();
        return used.isEmpty() ? broken : "uses " + String.join(", ", used);
    }

    /**
     * Returns the names that SQLite does not look up when what they name goes: those of UPDATE OF, and those in double quotes,
     * of which it makes text.
     */
    private static List<String> overlookedNames(SchemaObject object) {
        List<String> names = new ArrayList<>();
        if (object.isA("view") || object.isA("trigger")) {
            ExecutedSql.tokens(object.sql())
                    .filter(token -> token.startsWith("\""))
                    .forEach(token -> names.addAll(ExecutedSql.words(token)));
        }
        if (object.isA("trigger")) {
            List<String> words = ExecutedSql.words(object.sql());
            names.addAll(words.subList(0, words.indexOf("on") + 1));
        }
        return names;
    }

    /** Whether a full-text index has its content in a table (sqlite.org/fts5.html, External Content Tables). */
    private static boolean isIndexed(SchemaObject gone, SchemaObject index) {
        List<String> words = unquotedWords(index);
        List<String> content = List.of("content", "=", SchemaObject.fold(gone.table()));
        return Collections.indexOfSubList(words, content) > 0
                && (gone.isA("table") || words.contains(SchemaObject.fold(gone.name())));
    }

    /** Whether an object, or a view that it reads, has a table's name in its text. */
    private boolean mentions(SchemaObject object, String table, Set<SchemaObject> seen) {
        List<String> words = unquotedWords(object);
        return words.contains(SchemaObject.fold(table))
                || words.stream()
                        .map(word -> before.find("view", word, word))
                        .filter(view -> view != null && seen.add(view))
                        .anyMatch(view -> mentions(view, table, seen));
    }

    private static List<String> unquotedWords(SchemaObject object) {
        return ExecutedSql.words(object.sql().replaceAll("['\"]", " "));
    }
}
