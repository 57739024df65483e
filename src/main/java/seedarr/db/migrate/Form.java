package seedarr.db.migrate;

import static java.util.Map.entry;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The form of a changelog: one changeset a file, named like it, included once and in order, with a rollback. Read as YAML,
 * because Liquibase stops at the first fault and takes most of these for none.
 */
final class Form {

    private static final String NATIVE = "the statement itself, in a sql change";

    /** Changes that SQLite cannot do or that Liquibase does by rebuilding the table, and what to write instead. */
    private static final Map<String, String> UNSAFE = Map.ofEntries(
            entry("addColumn", "ALTER TABLE … ADD COLUMN in a sql change"),
            entry("dropColumn", "ALTER TABLE … DROP COLUMN in a sql change, indexes first"),
            entry("renameColumn", "ALTER TABLE … RENAME COLUMN in a sql change"),
            entry("mergeColumns", NATIVE),
            entry("addLookupTable", NATIVE),
            entry("modifyDataType", "a new column, filled from the old one, in a sql change"),
            entry("addUniqueConstraint", "CREATE UNIQUE INDEX in a sql change"),
            entry("dropUniqueConstraint", "a unique index from the start, and DROP INDEX in a sql change"),
            entry("addPrimaryKey", "PRIMARY KEY in a new table's CREATE TABLE"),
            entry("dropPrimaryKey", "a new table, filled from the old one, in a sql change"),
            entry("addForeignKeyConstraint", "REFERENCES in CREATE TABLE or ADD COLUMN, in a sql change"),
            entry("dropForeignKeyConstraint", "a new table, filled from the old one, in a sql change"),
            entry("dropAllForeignKeyConstraints", "a new table, filled from the old one, in a sql change"),
            entry("addNotNullConstraint", "NOT NULL with a DEFAULT in ADD COLUMN, in a sql change"),
            entry("dropNotNullConstraint", "a new table, filled from the old one, in a sql change"),
            entry("addCheckConstraint", "CHECK in CREATE TABLE or ADD COLUMN, in a sql change"),
            entry("dropCheckConstraint", "a new table, filled from the old one, in a sql change"),
            entry("addDefaultValue", "DEFAULT in CREATE TABLE or ADD COLUMN, in a sql change"),
            entry("dropDefaultValue", "a new table, filled from the old one, in a sql change"),
            entry("addAutoIncrement", "INTEGER PRIMARY KEY in a new table's CREATE TABLE"),
            entry("createTable", "CREATE TABLE in a sql change; Liquibase makes other types of it on SQLite"),
            entry("createSequence", NATIVE),
            entry("createProcedure", NATIVE),
            entry("executeCommand", "nothing: a revision runs no programs"),
            entry("customChange", "nothing: a revision runs no programs"),
            entry("loadData", "INSERT in a sql change"),
            entry("loadUpdateData", "INSERT … ON CONFLICT in a sql change"));

    private static final Set<String> SETTINGS_THAT_SPLIT = Set.of(
            "runInTransaction",
            "failOnError",
            "runAlways",
            "runOnChange",
            "ignore",
            "context",
            "contextFilter",
            "dbms");

    private final Path root;
    private final Path master;
    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, String> idsAndNumbers = new HashMap<>();

    private Form(Changelog changelog) {
        root = changelog.folder();
        master = root.resolve(changelog.file());
    }

    /** Returns every fault of the form of a changelog. */
    static List<Fault> faultsOf(Changelog changelog) {
        Form form = new Form(changelog);
        try {
            form.check();
        } catch (IOException e) {
            form.fault(form.master, "cannot be read: " + e.getMessage(), "a look at its permissions");
        }
        return form.faults;
    }

    private void check() throws IOException {
        Set<Path> included = new HashSet<>();
        Path last = Path.of("0_.yaml");
        Optional<List<Map<?, ?>>> entries = entries(master);
        if (entries.isEmpty()) {
            return;
        }
        for (Map<?, ?> entry : entries.get()) {
            if (entry.containsKey("changeSet") || entry.containsKey("includeAll")) {
                fault(master, "has a " + entry.keySet().iterator().next(), "one include for each revision's own file");
            }
            if (!(entry.get("include") instanceof Map<?, ?> include)) {
                continue;
            }
            String named = String.valueOf(include.get("file"));
            boolean isRelative = "true".equals(String.valueOf(include.get("relativeToChangelogFile")));
            Path file = (isRelative ? master.getParent() : root).resolve(named).normalize();
            if (!Files.isRegularFile(file)) {
                fault(master, "includes " + named + ", which is not there", "the file, or no include of it");
            } else if (!included.add(file)) {
                fault(master, "includes " + named + " twice", "one include of it");
            } else {
                if (number(file).compareTo(number(last)) < 0) {
                    fault(
                            master,
                            "includes " + named + " after " + name(last),
                            "the includes in the order of their numbers");
                }
                last = file;
                checkRevision(file);
            }
        }
        try (var files = Files.walk(master.getParent())) {
            files.filter(file -> file.getFileName().toString().matches(".*\\.(ya?ml|xml|json|sql)"))
                    .map(Path::normalize)
                    .filter(file -> !file.equals(master.normalize()) && !included.contains(file))
                    .sorted()
                    .forEach(file -> fault(file, "is included nowhere", "an include in " + shown(master)));
        }
    }

    private void checkRevision(Path file) throws IOException {
        Optional<List<Map<?, ?>>> entries = entries(file);
        if (entries.isEmpty()) {
            return;
        }
        List<Map<?, ?>> changeSets = entries.get().stream()
                .map(entry -> entry.get("changeSet"))
                .filter(Map.class::isInstance)
                .<Map<?, ?>>map(Map.class::cast)
                .toList();
        if (changeSets.size() != 1) {
            fault(file, "has " + changeSets.size() + " changesets", "one changeset a file");
        }
        for (Map<?, ?> changeSet : changeSets) {
            checkChangeSet(file, changeSet);
        }
        try (var lines = Files.lines(file)) {
            lines.map(String::strip)
                    .filter(line -> line.startsWith(RevisionFile.NOT_DONE))
                    .forEach(line -> faults.add(Fault.warning(shown(file), line.substring(2), "")));
        }
    }

    private void checkChangeSet(Path file, Map<?, ?> changeSet) {
        Object id = changeSet.get("id");
        if (!(id instanceof String)) {
            fault(file, "has the id " + id + ", which YAML takes for no text", "id: " + name(file));
        } else if (!id.equals(name(file))) {
            fault(file, "has the id " + id, "id: " + name(file) + ", as the file is named");
        }
        refuseSecond(file, "the id " + id);
        Matcher number = RevisionFile.NUMBER.matcher(name(file));
        if (number.matches()) {
            refuseSecond(file, "the number " + number.group(1));
        } else {
            fault(file, "has no number in its name", "the next number, as in 004_add_categories.yaml");
        }
        String logical = root.relativize(file).toString();
        if (!logical.equals(changeSet.get("logicalFilePath"))) {
            fault(file, "has " + shown("logicalFilePath", changeSet), "logicalFilePath: " + logical);
        }
        for (String setting : SETTINGS_THAT_SPLIT) {
            boolean isDefault = Objects.equals(changeSet.get(setting), setting.matches("runInTransaction|failOnError"));
            if (changeSet.containsKey(setting) && !isDefault) {
                fault(
                        file,
                        "has " + shown(setting, changeSet),
                        "no " + setting + ": a revision is applied once, whole or not at all");
            }
        }
        if (!String.valueOf(changeSet.get("preConditions")).matches("(?s)((?!on(Fail|Error)=(?!HALT)).)*")) {
            fault(file, "has a precondition that lets it be skipped", "onFail: HALT and onError: HALT");
        }
        checkChanges(file, changeSet);
        unsafeIn(file, changeSet.get("rollback"));
        if (!isFilledIn(changeSet.get("rollback"))) {
            fault(file, "has no rollback", "a rollback block with the SQL that undoes the changes");
        }
    }

    private void checkChanges(Path file, Map<?, ?> changeSet) {
        List<?> changes = changeSet.get("changes") instanceof List<?> list ? list : List.of();
        Object tag = null;
        unsafeIn(file, changes);
        for (Object change : changes) {
            Map<?, ?> named = change instanceof Map<?, ?> map ? map : Map.of();
            tag = named.get("tagDatabase") instanceof Map<?, ?> tagged ? tagged.get("tag") : null;
        }
        if (!name(file).equals(tag)) {
            fault(
                    file,
                    tag == null ? "does not end in a tagDatabase" : "has the tag " + tag,
                    "- tagDatabase: { tag: " + name(file) + " } as the last change");
        }
        if (changes.size() < 2 || changes.stream().noneMatch(Form::isFilledIn)) {
            fault(file, "changes nothing", "its SQL");
        }
    }

    private void unsafeIn(Path file, Object changes) {
        for (Object change : changes instanceof List<?> list ? list : List.of()) {
            for (Object type : change instanceof Map<?, ?> map ? map.keySet() : Set.of()) {
                Optional.ofNullable(UNSAFE.get(type))
                        .ifPresent(instead -> fault(file, "has " + type + ", which is not safe on SQLite", instead));
            }
        }
    }

    private static BigInteger number(Path file) {
        Matcher number = RevisionFile.NUMBER.matcher(name(file));
        return number.matches() ? new BigInteger(number.group(1)) : BigInteger.ZERO;
    }

    private void refuseSecond(Path file, String what) {
        String first = idsAndNumbers.putIfAbsent(what, shown(file));
        if (first != null) {
            fault(file, "has " + what + ", which " + first + " has as well", "the next free number");
        }
    }

    /** Whether there is anything in a block but white space and comments. */
    private static boolean isFilledIn(Object block) {
        if (block instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .filter(entry -> !Set.of("dbms", "splitStatements", "stripComments", "endDelimiter", "tagDatabase")
                            .contains(entry.getKey()))
                    .anyMatch(entry -> isFilledIn(entry.getValue()));
        }
        if (block instanceof List<?> list) {
            return list.stream().anyMatch(Form::isFilledIn);
        }
        return block != null
                && !block.equals("empty")
                && !block.toString().replaceAll("(?s)--[^\n]*|/\\*.*?\\*/", "").isBlank();
    }

    private static LoaderOptions options() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return options;
    }

    /** Returns what is in the list of a file, or reports why there is none. */
    private Optional<List<Map<?, ?>>> entries(Path file) {
        try {
            Object document = new Yaml(new SafeConstructor(options())).load(Files.readString(file));
            if (document instanceof Map<?, ?> map && map.get("databaseChangeLog") instanceof List<?> list) {
                return Optional.of(list.stream()
                        .filter(Map.class::isInstance)
                        .<Map<?, ?>>map(Map.class::cast)
                        .toList());
            }
            fault(file, "has no list databaseChangeLog", "what the other files have");
        } catch (MarkedYAMLException e) {
            String line = e.getProblemMark() == null
                    ? ""
                    : "line " + (e.getProblemMark().getLine() + 1) + ": ";
            fault(file, "is no YAML: " + line + e.getProblem(), "mending that line");
        } catch (NoSuchFileException e) {
            fault(file, "is not there", "--defaults-file, to name another changelog");
        } catch (YAMLException | IOException e) {
            fault(file, "cannot be read as YAML in UTF-8", "saving it as such");
        }
        return Optional.empty();
    }

    private void fault(Path file, String problem, String remedy) {
        faults.add(Fault.of(shown(file), problem, remedy));
    }

    private static String shown(String setting, Map<?, ?> changeSet) {
        return changeSet.containsKey(setting) ? setting + ": " + changeSet.get(setting) : "no " + setting;
    }

    private String shown(Path file) {
        return file.startsWith(root) ? root.relativize(file).toString() : file.toString();
    }

    private static String name(Path file) {
        return file.getFileName().toString().replaceFirst("\\.[^.]+$", "");
    }
}
