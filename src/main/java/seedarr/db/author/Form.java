package seedarr.db.author;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import liquibase.changelog.ChangeLogParameters;
import liquibase.changelog.ChangeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import seedarr.db.Refusal;
import seedarr.db.changelog.Changelog;
import seedarr.db.changelog.Gaps;

/**
 * The form of a changelog: one changeset a file, named like it, included once and in order, with a rollback. Liquibase takes
 * most of these faults for none, and stops at the first of the others; so each file is parsed alone.
 */
record Form(
        Changelog changelog,
        Path master,
        Collection<String> released,
        Map<String, ChangeLogParameters> properties,
        List<Fault> faults) {

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

    static List<Fault> faultsOf(Changelog changelog, Collection<String> released) {
        Path master = changelog.folder().resolve(changelog.file()).normalize();
        Form form = new Form(changelog, master, released, new LinkedHashMap<>(), new ArrayList<>());
        for (String kind : List.of("sqlite", "postgresql")) {
            form.properties.put(kind, changelog.inLiquibase(() -> changelog.properties(kind)));
        }
        form.inFile(master, () -> {
            Set<Path> included = form.checkMaster(entries(master, read(master)));
            included.forEach(file -> form.inFile(file, () -> form.checkRevision(file)));
            form.checkFiles(included);
        });
        return form.faults;
    }

    /** Takes refusals for faults of a file. */
    private void inFile(Path file, Runnable check) {
        try {
            check.run();
        } catch (Refusal refusal) {
            String problem = refusal.getMessage()
                    .replace(file + " ", "")
                    .replaceFirst("^" + Pattern.quote(shown(file) + " "), "");
            fault(file, problem, refusal.remedy());
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw Refusal.failed(file + " is not there", "--defaults-file, to name another changelog");
        } catch (IOException e) {
            throw Refusal.failed(
                    file + " cannot be read as text in UTF-8", "saving it as such, or a look at its permissions");
        }
    }

    /** Of a key that is there twice, Liquibase takes the last, and SQL is lost without a word. */
    private static Object yaml(Path file, String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            return new Yaml(new SafeConstructor(options)).load(text);
        } catch (YAMLException e) {
            String problem = e instanceof MarkedYAMLException marked && marked.getProblemMark() != null
                    ? "line " + (marked.getProblemMark().getLine() + 1) + ": " + marked.getProblem()
                    : e.getMessage();
            throw Refusal.failed(file + " is no YAML: " + problem, "mending that line");
        }
    }

    /** Returns what is in the list of the master: Liquibase puts what is included in the place of the includes. */
    static List<?> entries(Path master, String text) {
        if (yaml(master, text) instanceof Map<?, ?> map && map.get("databaseChangeLog") instanceof List<?> list) {
            return list;
        }
        throw Refusal.failed(master + " has no list databaseChangeLog", "what the other files have");
    }

    /** Returns the files that the master includes, and that are there, in its order. */
    private Set<Path> checkMaster(List<?> entries) {
        Set<Path> included = new LinkedHashSet<>();
        Path last = Path.of("none");
        for (Object each : entries) {
            Map<?, ?> entry = each instanceof Map<?, ?> map ? map : Map.of();
            if (entry.containsKey("changeSet") || entry.containsKey("includeAll")) {
                fault(master, "has a " + entry.keySet().iterator().next(), "one include for each revision's own file");
            }
            if (!(entry.get("include") instanceof Map<?, ?> include)) {
                continue;
            }
            String named = "includes " + include.get("file");
            boolean isRelative = "true".equals(String.valueOf(include.get("relativeToChangelogFile")));
            Path folder = isRelative ? master.getParent() : changelog.folder();
            Path file = folder.resolve(String.valueOf(include.get("file"))).normalize();
            if (!Files.isRegularFile(file)) {
                fault(master, named + ", which is not there", "the file, or no include of it");
            } else if (!included.add(file)) {
                fault(master, named + " twice", "one include of it");
            } else {
                int order = number(file).compareTo(number(last));
                if (number(file).signum() < 0) {
                    fault(file, "has no number in its name", "the next number, as in 004_add_categories.yaml");
                } else if (order < 0) {
                    fault(master, named + " after " + name(last), "the includes in the order of their numbers");
                } else if (order == 0) {
                    String problem = "has the number " + name(file).replaceFirst("_.*", "") + ", which ";
                    expectIdentity(
                            false, file, name(file), problem + shown(last) + " has as well", "the next free number");
                }
                last = file;
            }
        }
        return included;
    }

    private void checkFiles(Set<Path> included) {
        try (var files = Files.walk(master.getParent())) {
            files.filter(file -> file.getFileName().toString().matches(".*\\.(ya?ml|xml|json|sql)"))
                    .filter(file -> !file.equals(master) && !included.contains(file))
                    .sorted()
                    .forEach(file -> fault(file, "is included nowhere", "an include in " + shown(master)));
        } catch (IOException | UncheckedIOException e) {
            fault(master, "is in a folder that cannot be read", "a look at its permissions");
        }
    }

    private void checkRevision(Path file) {
        String text = read(file);
        checkKeys(file, yaml(file, text));
        changelog.inLiquibase(() -> {
            for (String kind : properties.keySet()) {
                List<ChangeSet> changeSets = changelog.changeSets(shown(file), properties.get(kind));
                expect(
                        changeSets.size() == 1,
                        file,
                        "has " + changeSets.size() + " changesets",
                        "one changeset a file");
                changeSets.forEach(changeSet -> check(file, changeSet, kind));
            }
            return file;
        });
        text.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(RevisionFile.NOT_DONE))
                .forEach(line -> fault(file, line.substring(2), ""));
    }

    /** Liquibase passes over a key that it does not know, and what it was for does not happen. */
    private void checkKeys(Path file, Object node) {
        if (node instanceof List<?> list) {
            list.forEach(each -> checkKeys(file, each));
        } else if (node instanceof Map<?, ?> map) {
            map.forEach((name, value) -> {
                if (KEYS.containsKey(name) && value instanceof Map<?, ?> settings) {
                    Set<Object> unknown = new LinkedHashSet<>(settings.keySet());
                    unknown.removeAll(List.of(KEYS.get(name).split(" ")));
                    String where = " in " + name + ", which means nothing there";
                    unknown.forEach(
                            key -> faults.add(new Fault(shown(file), "has " + key + where, "a look at its spelling")));
                    String dbms = String.valueOf(settings.get("dbms"));
                    boolean isForAny = !settings.containsKey("dbms")
                            || Gaps.isFor(dbms, "sqlite")
                            || Gaps.isFor(dbms, "postgresql");
                    expect(
                            isForAny,
                            file,
                            "has dbms: " + dbms + ", which is neither SQLite nor PostgreSQL",
                            "dbms: sqlite");
                }
                checkKeys(file, value);
            });
        }
    }

    private void check(Path file, ChangeSet changeSet, String kind) {
        String name = name(file);
        String id = changeSet.getId();
        expectIdentity(id.equals(name), file, id, "has the id " + id, "id: " + name + ", as the file is named");
        expect(changeSet.getAuthor() != null, file, "has no author", "author: seedarr");
        String path = changeSet.getLogicalFilePath();
        String problem = path == null ? "has no logicalFilePath" : "has logicalFilePath: " + path;
        expectIdentity(shown(file).equals(path), file, id, problem, "logicalFilePath: " + shown(file));
        String once = "leaving it out: a revision is applied once, whole or not at all";
        Changelog.unplannable(changeSet).forEach(setting -> fault(file, "has " + setting, once));
        var condition = changeSet.getPreconditions();
        boolean halts = condition == null || (condition.getOnFail() + " " + condition.getOnError()).equals("HALT HALT");
        expect(halts, file, "has a precondition that lets it be skipped", "onFail: HALT and onError: HALT");
        Stream.of(true, false)
                .flatMap(isUp -> Gaps.of(changeSet, isUp, kind, name).stream())
                .map(gap -> gap.split("\n"))
                .forEach(gap -> fault(file, gap[0], gap[1]));
    }

    /** Returns the number in a file's name; less than nothing where there is none. */
    static BigInteger number(Path file) {
        String digits = name(file).replaceFirst("^(\\d+)_.*|.*", "$1");
        return digits.isEmpty() ? BigInteger.ONE.negate() : new BigInteger(digits);
    }

    /** What a revision that was applied somewhere is called is how it is found again: then it is too late to change it. */
    private void expectIdentity(boolean isSo, Path file, String id, String problem, String remedy) {
        boolean isReleased = released.contains(id);
        expect(isSo, file, problem, isReleased ? "" : remedy + ", unless it is released as it is");
    }

    private void expect(boolean isSo, Path file, String problem, String remedy) {
        if (!isSo) {
            fault(file, problem, remedy);
        }
    }

    private void fault(Path file, String problem, String remedy) {
        Fault fault = new Fault(shown(file), problem, remedy);
        if (!faults.contains(fault)) {
            faults.add(fault);
        }
    }

    private String shown(Path file) {
        Path root = changelog.folder();
        return file.startsWith(root) ? root.relativize(file).toString() : file.toString();
    }

    private static String name(Path file) {
        return file.getFileName().toString().replaceFirst("\\.[^.]+$", "");
    }
}
