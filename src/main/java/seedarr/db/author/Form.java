package seedarr.db.author;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import liquibase.changelog.ChangeLogParameters;
import liquibase.changelog.ChangeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import seedarr.db.Refusal;
import seedarr.db.author.Proof.Fault;
import seedarr.db.changelog.Changelog;
import seedarr.db.changelog.Work;

/**
 * The form of a changelog: one changeset a file, named like it, included once and in order, with a rollback. Liquibase takes
 * most of these faults for none, and stops at the first of the others; so each file is parsed alone.
 */
record Form(Changelog changelog, Path master, List<ChangeLogParameters> properties, Set<Fault> faults) {

    /** What a released revision is called is how it is found again: then it is too late to change it. */
    private static final String IF_NEW = ", but only if it was never released";

    static Set<Fault> faultsOf(Changelog changelog) {
        Path master = changelog.folder().resolve(changelog.file()).normalize();
        List<ChangeLogParameters> properties = changelog.inLiquibase(
                () -> List.of(changelog.properties("sqlite"), changelog.properties("postgresql")));
        // Most faults are the same for both kinds of database.
        Form form = new Form(changelog, master, properties, new LinkedHashSet<>());
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
            String problem = refusal.getMessage().replace(file + " ", "").replace(shown(file) + " ", "");
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
                    fault(file, "has no number in its name", "the next number, as in 004_add_categories.yaml" + IF_NEW);
                } else if (order < 0) {
                    fault(master, named + " after " + name(last), "the includes in the order of their numbers");
                } else if (order == 0) {
                    String problem = "has the number " + name(file).replaceFirst("_.*", "") + ", which ";
                    fault(file, problem + shown(last) + " has as well", "the next free number" + IF_NEW);
                }
                last = file;
            }
        }
        return included;
    }

    private void checkFiles(Set<Path> included) {
        try (var files = Files.walk(master.getParent())) {
            files.filter(file -> file.getFileName().toString().matches(".*\\.(ya?ml|xml|json)"))
                    .filter(file -> !file.equals(master) && !included.contains(file))
                    .sorted()
                    .forEach(file -> fault(file, "is included nowhere", "an include in " + shown(master)));
        } catch (IOException | UncheckedIOException e) {
            fault(master, "is in a folder that cannot be read", "a look at its permissions");
        }
    }

    private void checkRevision(Path file) {
        String text = read(file);
        yaml(file, text);
        changelog.inLiquibase(() -> {
            for (ChangeLogParameters each : properties) {
                List<ChangeSet> changeSets = Changelog.parse(shown(file), each).getChangeSets();
                String problem = "has " + changeSets.size() + " changesets";
                expect(changeSets.size() == 1, file, problem, "one changeset a file");
                changeSets.forEach(changeSet -> check(file, changeSet, each.getDatabase()));
            }
            return file;
        });
        text.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(RevisionFile.NOT_DONE))
                .forEach(line -> fault(file, line.substring(2), ""));
    }

    private void check(Path file, ChangeSet changeSet, String kind) {
        String name = name(file);
        String id = changeSet.getId();
        expect(id.equals(name), file, "has the id " + id, "id: " + name + ", as the file is named" + IF_NEW);
        expect(changeSet.getAuthor() != null, file, "has no author", "author: seedarr");
        String path = changeSet.getLogicalFilePath();
        String problem = path == null ? "has no logicalFilePath" : "has logicalFilePath: " + path;
        expect(shown(file).equals(path), file, problem, "logicalFilePath: " + shown(file) + IF_NEW);
        var condition = changeSet.getPreconditions();
        boolean halts = condition == null || (condition.getOnFail() + " " + condition.getOnError()).equals("HALT HALT");
        expect(halts, file, "has a precondition that lets it be skipped", "onFail: HALT and onError: HALT");
        for (boolean isUp : List.of(true, false)) {
            Work work = new Work(changeSet, isUp, kind);
            String end = ", which is neither SQLite nor PostgreSQL";
            work.forNeither().forEach(dbms -> fault(file, "has dbms: " + dbms + end, "dbms: sqlite"));
            work.gaps(name).forEach(gap -> fault(file, gap.split("\n")[0], gap.split("\n")[1]));
        }
    }

    /** Returns the number in a file's name; less than nothing where there is none. */
    static BigInteger number(Path file) {
        String digits = name(file).replaceFirst("^(\\d+)_.*|.*", "$1");
        return digits.isEmpty() ? BigInteger.ONE.negate() : new BigInteger(digits);
    }

    private void expect(boolean isSo, Path file, String problem, String remedy) {
        if (!isSo) {
            fault(file, problem, remedy);
        }
    }

    private void fault(Path file, String problem, String remedy) {
        faults.add(new Fault(shown(file), problem, remedy));
    }

    private String shown(Path file) {
        Path root = changelog.folder();
        return file.startsWith(root) ? root.relativize(file).toString() : file.toString();
    }

    static String name(Path file) {
        return file.getFileName().toString().replaceFirst("\\.[^.]+$", "");
    }
}
