package seedarr.db.author;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import liquibase.change.AbstractSQLChange;
import liquibase.change.Change;
import liquibase.change.core.EmptyChange;
import liquibase.change.core.SQLFileChange;
import liquibase.change.core.TagDatabaseChange;
import liquibase.changelog.ChangeSet;
import liquibase.precondition.core.PreconditionContainer;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import seedarr.db.Refusal;
import seedarr.db.changelog.Changelog;
import seedarr.db.changelog.Unplannable;

/**
 * The form of a changelog: one changeset a file, named like it, included once and in order, with a rollback. Liquibase takes
 * most of these faults for none, and stops at the first of the others; so each file is parsed alone.
 */
final class Form {

    /** What a changeset and its changes may have; what of it is refused for another reason is told by that. */
    private static final Map<String, String> KEYS = Map.of(
            "changeSet",
            "id author logicalFilePath comment comments labels preConditions preconditions changes rollback validCheckSum"
                    + " validCheckSums created runInTransaction failOnError runAlways runOnChange ignore context contextFilter"
                    + " dbms runWith modifySql objectQuotingStrategy onValidationFail",
            "sql",
            "sql dbms splitStatements stripComments endDelimiter comment",
            "sqlFile",
            "path relativeToChangelogFile encoding dbms splitStatements stripComments endDelimiter",
            "tagDatabase",
            "tag keepTagOnRollback");

    private final Changelog changelog;
    private final Path master;
    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, String> idsAndNumbers = new HashMap<>();

    private Form(Changelog changelog) {
        this.changelog = changelog;
        master = changelog.folder().resolve(changelog.file()).normalize();
    }

    /** Returns every fault of the form of a changelog. */
    static List<Fault> faultsOf(Changelog changelog) {
        Form form = new Form(changelog);
        try {
            Optional<List<Map<?, ?>>> entries = form.entries();
            if (entries.isPresent()) {
                Set<Path> included = form.checkMaster(entries.get());
                for (Path file : included) {
                    form.checkRevision(file);
                }
                form.checkFiles(included);
            }
        } catch (NoSuchFileException e) {
            form.fault(form.master, "is not there", "--defaults-file, to name another changelog");
        } catch (IOException | YAMLException e) {
            form.fault(
                    form.master, "cannot be read as YAML in UTF-8", "saving it as such, or a look at its permissions");
        }
        return form.faults;
    }

    /** Returns the files that the master includes, and that are there, in its order. */
    private Set<Path> checkMaster(List<Map<?, ?>> entries) {
        Set<Path> included = new LinkedHashSet<>();
        Path last = Path.of("0_.yaml");
        for (Map<?, ?> entry : entries) {
            if (entry.containsKey("changeSet") || entry.containsKey("includeAll")) {
                fault(master, "has a " + entry.keySet().iterator().next(), "one include for each revision's own file");
            }
            if (!(entry.get("include") instanceof Map<?, ?> include)) {
                continue;
            }
            String named = String.valueOf(include.get("file"));
            boolean isRelative = "true".equals(String.valueOf(include.get("relativeToChangelogFile")));
            Path file = (isRelative ? master.getParent() : changelog.folder())
                    .resolve(named)
                    .normalize();
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
            }
        }
        return included;
    }

    /** Returns what is in the master's list: Liquibase puts what is included in the place of the includes. */
    private Optional<List<Map<?, ?>>> entries() throws IOException {
        try {
            if (yaml(master) instanceof Map<?, ?> map && map.get("databaseChangeLog") instanceof List<?> list) {
                return Optional.of(list.stream()
                        .filter(Map.class::isInstance)
                        .<Map<?, ?>>map(Map.class::cast)
                        .toList());
            }
            fault(master, "has no list databaseChangeLog", "what the other files have");
        } catch (MarkedYAMLException e) {
            notYaml(master, e);
        }
        return Optional.empty();
    }

    /** Of a key that is there twice, Liquibase takes the last, and SQL is lost without a word. */
    private static Object yaml(Path file) throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(new SafeConstructor(options)).load(Files.readString(file));
    }

    private void notYaml(Path file, MarkedYAMLException error) {
        String line = error.getProblemMark() == null
                ? ""
                : "line " + (error.getProblemMark().getLine() + 1) + ": ";
        fault(file, "is no YAML: " + line + error.getProblem(), "mending that line");
    }

    private void checkFiles(Set<Path> included) throws IOException {
        try (var files = Files.walk(master.getParent())) {
            files.filter(file -> file.getFileName().toString().matches(".*\\.(ya?ml|xml|json|sql)"))
                    .map(Path::normalize)
                    .filter(file -> !file.equals(master) && !included.contains(file))
                    .sorted()
                    .forEach(file -> fault(file, "is included nowhere", "an include in " + shown(master)));
        }
    }

    private void checkRevision(Path file) throws IOException {
        List<ChangeSet> changeSets = List.of();
        try {
            checkKeys(file, yaml(file));
            changeSets = changelog.inLiquibase(() -> changelog.changeSets(shown(file)));
            if (changeSets.size() != 1) {
                fault(file, "has " + changeSets.size() + " changesets", "one changeset a file");
            }
        } catch (MarkedYAMLException e) {
            notYaml(file, e);
        } catch (Refusal refusal) {
            fault(file, refusal.getMessage().replace(shown(file) + " has ", "has "), refusal.remedy());
        }
        for (ChangeSet changeSet : changeSets) {
            check(file, changeSet);
        }
        Files.readString(file)
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith(RevisionFile.NOT_DONE))
                .forEach(line -> faults.add(Fault.warning(shown(file), line.substring(2), "")));
    }

    /** Liquibase passes over a key that it does not know, and what it was for does not happen. */
    private void checkKeys(Path file, Object node) {
        if (node instanceof List<?> list) {
            list.forEach(each -> checkKeys(file, each));
        } else if (node instanceof Map<?, ?> map) {
            map.forEach((name, value) -> {
                List<String> known = List.of(KEYS.getOrDefault(name, "").split(" "));
                if (KEYS.containsKey(name) && value instanceof Map<?, ?> settings) {
                    settings.keySet().stream()
                            .filter(key -> !known.contains(key))
                            .forEach(key -> fault(
                                    file,
                                    "has " + key + " in " + name + ", which means nothing there",
                                    "a look at its spelling"));
                }
                checkKeys(file, value);
            });
        }
    }

    private void check(Path file, ChangeSet changeSet) {
        String name = name(file);
        if (!changeSet.getId().equals(name)) {
            fault(file, "has the id " + changeSet.getId(), "id: " + name + ", as the file is named");
        }
        if (changeSet.getAuthor() == null) {
            fault(file, "has no author", "author: seedarr");
        }
        refuseSecond(file, "the id " + changeSet.getId());
        if (number(file).signum() < 0) {
            fault(file, "has no number in its name", "the next number, as in 004_add_categories.yaml");
        } else {
            refuseSecond(file, "the number " + name.substring(0, name.indexOf('_')));
        }
        if (!shown(file).equals(changeSet.getLogicalFilePath())) {
            String other = changeSet.getLogicalFilePath();
            fault(
                    file,
                    other == null ? "has no logicalFilePath" : "has logicalFilePath: " + other,
                    "logicalFilePath: " + shown(file));
        }
        for (String setting : Unplannable.settings(changeSet)) {
            fault(
                    file,
                    "has " + setting,
                    "no " + setting.replaceFirst(":.*", "") + ": a revision is applied once, whole or not at all");
        }
        PreconditionContainer conditions = changeSet.getPreconditions();
        if (conditions != null
                && !(conditions.getOnFail() == PreconditionContainer.FailOption.HALT
                        && conditions.getOnError() == PreconditionContainer.ErrorOption.HALT)) {
            fault(file, "has a precondition that lets it be skipped", "onFail: HALT and onError: HALT");
        }
        List<Change> changes = changeSet.getChanges();
        Change end = changes.isEmpty() ? null : changes.get(changes.size() - 1);
        String tag = end instanceof TagDatabaseChange last ? last.getTag() : null;
        if (!name.equals(tag)) {
            fault(
                    file,
                    tag == null ? "does not end in a tagDatabase" : "has the tag " + tag,
                    "- tagDatabase: { tag: " + name + " } as the last change");
        }
        if (changes.stream().noneMatch(Form::isFilledIn)) {
            fault(file, "changes nothing", "its SQL");
        }
        if (changeSet.getRollback().getChanges().stream().noneMatch(Form::isFilledIn)) {
            fault(file, "has no rollback", "a rollback block with the SQL that undoes the changes");
        }
    }

    /** Whether there is anything in a change but white space and comments. */
    private static boolean isFilledIn(Change change) {
        if (change instanceof AbstractSQLChange sql && !(change instanceof SQLFileChange)) {
            String text = String.valueOf(sql.getSql());
            return !text.equals("empty")
                    && !text.replaceAll("(?s)--[^\n]*|/\\*.*?\\*/", "").isBlank();
        }
        return !(change instanceof TagDatabaseChange || change instanceof EmptyChange);
    }

    private void refuseSecond(Path file, String what) {
        String first = idsAndNumbers.putIfAbsent(what, shown(file));
        if (first != null) {
            fault(file, "has " + what + ", which " + first + " has as well", "the next free number");
        }
    }

    /** Returns the number in a file's name; less than nothing where there is none. */
    private static BigInteger number(Path file) {
        Matcher number = RevisionFile.NUMBER.matcher(name(file));
        return number.matches() ? new BigInteger(number.group(1)) : BigInteger.ONE.negate();
    }

    private void fault(Path file, String problem, String remedy) {
        faults.add(Fault.of(shown(file), problem, remedy));
    }

    private String shown(Path file) {
        Path root = changelog.folder();
        return file.startsWith(root) ? root.relativize(file).toString() : file.toString();
    }

    private static String name(Path file) {
        return file.getFileName().toString().replaceFirst("\\.[^.]+$", "");
    }
}
