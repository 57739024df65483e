package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * The documents are run: the console blocks of each, one after the other in a folder of its own, print what stands there.
 * With {@code -Dupdate-documents}, what a command printed otherwise is written into the document.
 */
class DocumentsTest {

    private static final Path PICTURE = Path.of("docs/terminal.svg");
    private static final Pattern CONSOLE =
            Pattern.compile("(?s)((?:<!-- folder: (\\S+) -->\n+)?```console\n)(.*?)(?=```)");
    private static final Pattern CODE = Pattern.compile("(?s)```.*?```");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)|src(?:set)?=\"([^\"]+)\"");
    private static final Pattern SHELL = Pattern.compile("(?s)```sh\n.*?```|(?<!`)`[^`\n]+`(?!`)");
    private static final Pattern CALL =
            Pattern.compile("(?<![\\w/-]|entrypoint )(?:\\./)?seedarr-db((?: +(?:\"[^\"]*\"|[\\w@%+=:,./-]+))+)");
    /** The application is stopped when these lines are needed, so they start a container of their own. */
    private static final String CONTAINER = "docker compose run --rm --entrypoint seedarr-db seedarr ";

    @TempDir
    Path folders;

    private Path folder;
    private String shown = "/srv/seedarr";
    private Command command;
    private int exitCode;

    static List<Path> documents() throws Exception {
        List<Path> documents = new ArrayList<>(List.of(Path.of("bench/RESULTS.md")));
        for (Path place : List.of(Path.of(""), Path.of("docs"))) {
            try (Stream<Path> files = Files.list(place)) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
            }
        }
        return documents;
    }

    @ParameterizedTest
    @MethodSource("documents")
    void a_document_shows_what_the_commands_print(Path document) throws Exception {
        prepare(document.getFileName().toString());
        String written = Files.readString(document);
        String actual = CONSOLE.matcher(written).replaceAll(block -> {
            if (block.group(2) != null) {
                prepare(block.group(2));
            }
            return Matcher.quoteReplacement(block.group(1) + run(block.group(3)));
        });
        if (!actual.equals(written)) {
            Files.writeString(document, actual);
        }
    }

    /** The picture holds a line of the terminal in each text. */
    @Test
    void the_picture_shows_what_the_commands_print() throws Exception {
        prepare("terminal.svg");
        String lines = Pattern.compile("(?m)^<text .*</text>$")
                .matcher(Files.readString(PICTURE))
                .results()
                .map(line -> line.group().replaceAll("<[^>]*>", "") + "\n")
                .reduce("", String::concat);
        assertThat(lines).contains("$ seedarr-db update\n");
        assertThat(run(lines)).as("docs/terminal.py draws it anew").isEqualTo(lines);
    }

    /** Makes the folder of a document, or of a part of it, as it is before the first command. */
    private void prepare(String name) {
        try {
            folder = Files.createTempDirectory(folders, "");
            Folder installation = new Folder(folder).withChangelog();
            command = Command.in(folder).with(folder.resolve("liquibase.properties"));
            Sqlite database =
                    new Sqlite(Files.createDirectory(folder.resolve("data")).resolve("seedarr.db"));
            switch (name) {
                case "from-alembic.md" -> AdoptionContract.Kind.CONTAINER_LATER.make(database);
                case "when-a-release-went-wrong.md", "updated" -> {
                    shown = "/app/backend";
                    database.makeV1();
                    command.on(database.url()).succeed("update");
                    command = command.on("sqlite:///./data/seedarr.db");
                }
                case "revisions.md" -> {
                    // As the models of the example make it.
                    Sqlite model = new Sqlite(folder.resolve("model.db"));
                    command.on(model.url()).succeed("update");
                    model.execute("ALTER TABLE file_entries ADD COLUMN retry_count INTEGER DEFAULT '0' NOT NULL");
                }
                case "two-people" ->
                    installation
                            .add(
                                    "004_add_retry_count",
                                    "ALTER TABLE file_entries ADD COLUMN retry_count INTEGER DEFAULT '0' NOT NULL",
                                    "ALTER TABLE file_entries DROP COLUMN retry_count")
                            .add(
                                    "004_add_categories",
                                    "CREATE TABLE categories (id ${type.id}, PRIMARY KEY (id))",
                                    "DROP TABLE categories");
                default -> database.makeV1();
            }
        } catch (Exception e) {
            throw new IllegalStateException(name, e);
        }
    }

    /** Returns the block as it would be now: the same text where a command prints the same. */
    private String run(String block) {
        StringBuilder now = new StringBuilder();
        for (String step : block.split("(?m)^(?=\\$ )")) {
            if (step.isEmpty()) {
                continue;
            }
            int end = step.indexOf('\n') + 1;
            String call = step.substring(0, end);
            String printed = tidy(print(call.substring(2).strip()));
            String written = step.substring(end);
            boolean isSame = printed.equals(tidy(written));
            if (!isSame && System.getProperty("update-documents") == null) {
                assertThat(printed).as(call).isEqualTo(written);
            }
            now.append(call).append(isSame ? written : printed);
        }
        return now.toString();
    }

    private String print(String line) {
        String call = line.replaceFirst("^" + CONTAINER, "seedarr-db ");
        if (line.startsWith("export DATABASE_URL=")) {
            command = command.on(line.substring(line.indexOf('=') + 1));
            return "";
        }
        if (line.equals("echo $?")) {
            return exitCode + "\n";
        }
        try {
            if (call.matches("(\\./)?seedarr-db .*")) {
                String program = call.substring(0, call.indexOf(' '));
                Command.Result result = command.with("SEEDARR_DB_COMMAND", program)
                        .run(Stream.of(words(call.substring(program.length())))
                                .map(this::here)
                                .toArray(String[]::new));
                exitCode = result.exitCode();
                return result.out() + result.err();
            }
            Process shell = new ProcessBuilder("sh", "-c", line)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            exitCode = shell.waitFor();
            return printed;
        } catch (Exception e) {
            throw new IllegalStateException(line, e);
        }
    }

    private static String[] words(String call) {
        return Pattern.compile("\"([^\"]*)\"|\\S+")
                .matcher(call)
                .results()
                .map(word -> word.group(1) != null ? word.group(1) : word.group())
                .toArray(String[]::new);
    }

    /** Returns the word that names here what a document's word names there; the backups of a document are all of one time. */
    private String here(String word) {
        String name = word.substring(word.lastIndexOf('/') + 1);
        if (!name.matches(".*\\d{8}T\\d{6}Z.*")) {
            return word.replace(shown, folder.toString());
        }
        String[] backups =
                folder.resolve("data").toFile().list((data, file) -> tidy(file).equals(name));
        assertThat(backups).as(word).hasSize(1);
        return "data/" + backups[0];
    }

    private String tidy(String printed) {
        return printed.replace(folder.toString(), shown)
                .replaceAll("\\d+ ms", "4 ms")
                .replaceAll("\\d{8}T\\d{6}Z", "20261124T080000Z")
                .replaceAll("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d", "2026-11-24 08:00:00");
    }

    @Test
    void the_readme_has_two_screens_and_says_first_what_decides() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        assertThat(readme.lines().count()).isLessThanOrEqualTo(120);
        assertThat(readme.lines().limit(8)).anySatisfy(line -> assertThat(line).contains("Seedarr 2.0"));
        assertThat(readme).contains("\n./seedarr-db update\n").contains("\nmvn verify\n");
    }

    /** A help block is run as any other, so all options are documented where each command has its block. */
    @Test
    void every_command_is_in_the_readme_and_has_its_help_in_operating() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        String operating = Files.readString(Path.of("docs/operating.md"));
        assertThat(operating).containsOnlyOnce("$ seedarr-db --help\n");
        assertThat(whole().getSubcommands().keySet()).hasSizeGreaterThan(7).allSatisfy(name -> {
            assertThat(operating).containsOnlyOnce("$ seedarr-db " + name + " --help\n");
            assertThat(readme).containsPattern("(?m)^\\| `" + name + "[ `]");
        });
    }

    /** Also where it is not run: in a block for a shell, a table or a sentence. */
    @ParameterizedTest
    @MethodSource("documents")
    void every_call_in_a_document_is_one_that_the_program_understands(Path document) throws Exception {
        String commands = String.join("|", whole().getSubcommands().keySet());
        for (MatchResult code :
                SHELL.matcher(Files.readString(document)).results().toList()) {
            // A command that stands alone in a sentence is one of seedarr-db.
            String calls = code.group().replaceFirst("^`(?=(" + commands + ") )", "`seedarr-db ");
            for (MatchResult call : CALL.matcher(calls).results().toList()) {
                String line = call.group(1).replaceFirst("(?<=[ -])N$", "1");
                assertThatCode(() -> whole().parseArgs(words(line)))
                        .as("seedarr-db%s", line)
                        .doesNotThrowAnyException();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void every_link_leads_somewhere(Path document) throws Exception {
        String text = CODE.matcher(Files.readString(document)).replaceAll("");
        for (MatchResult link : LINK.matcher(text).results().toList()) {
            String target = link.group(1) != null ? link.group(1) : link.group(2);
            if (target.matches("https?:.*")) {
                continue;
            }
            String[] parts = target.split("#", 2);
            Path file = parts[0].isEmpty()
                    ? document
                    : document.resolveSibling(parts[0]).normalize();
            assertThat(file).as(target).exists();
            if (parts.length == 2) {
                assertThat(anchors(file)).as(target).contains(parts[1]);
            }
        }
    }

    /** The anchors of a file's headings, as GitHub makes them. */
    private static List<String> anchors(Path file) throws Exception {
        return CODE.matcher(Files.readString(file))
                .replaceAll("")
                .lines()
                .filter(line -> line.matches("#+ .*"))
                .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
                .map(line -> line.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
                .toList();
    }

    private static CommandLine whole() {
        PrintWriter nowhere = new PrintWriter(PrintWriter.nullWriter());
        return new CommandLine(
                new SeedarrDb(new Terminal(nowhere, nowhere, Map.of(), Path.of(""), Path.of(""), false)).spec);
    }
}
