package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README is run: its console blocks, one after the other in one folder, print what stands there. */
class DocumentsTest {

    private static final String BLOCK = "```console\n";

    @TempDir
    Path folder;

    @Test
    void the_readme_shows_what_the_commands_print() throws Exception {
        Files.createDirectory(folder.resolve("data"));
        new Sqlite(folder.resolve("data/seedarr.db")).execute(Sqlite.V1);
        AdoptionContract.Kind.CONTAINER_LATER.make(new Sqlite(folder.resolve("data/old.db")));
        String readme = Files.readString(Path.of("README.md"));
        StringBuilder expected = new StringBuilder();
        StringBuilder actual = new StringBuilder();
        Command command = Command.in(folder);
        for (String block : blocks(readme)) {
            expected.append(normal(block));
            for (String line :
                    block.lines().filter(text -> text.startsWith("$ ")).toList()) {
                actual.append(line).append('\n');
                if (line.startsWith("$ export DATABASE_URL=")) {
                    command = command.on(line.substring(line.indexOf('=') + 1));
                } else {
                    String[] words = line.substring("$ ./seedarr-db ".length()).split(" ");
                    actual.append(normal(command.run(words).out()));
                }
            }
        }
        assertThat(actual).hasToString(expected.toString());
    }

    @Test
    void the_readme_names_every_command() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        String help = Command.in(folder).succeed("--help");
        List<String> commands = help.substring(help.indexOf("Commands:"), help.indexOf("\n\nThe database"))
                .lines()
                .skip(1)
                .filter(line -> line.matches("  \\S.*"))
                .map(line -> line.strip().split(" ")[0])
                .toList();
        assertThat(commands)
                .hasSizeGreaterThan(7)
                .allSatisfy(name -> assertThat(readme).contains(name));
    }

    private static List<String> blocks(String readme) {
        List<String> blocks = new ArrayList<>();
        for (int start = readme.indexOf(BLOCK); start >= 0; start = readme.indexOf(BLOCK, start)) {
            start += BLOCK.length();
            blocks.add(readme.substring(start, readme.indexOf("```", start)));
        }
        return blocks;
    }

    private String normal(String text) {
        return text.replace(folder.toString(), "/srv/seedarr")
                .replaceAll("\\d+ ms", "N ms")
                .replaceAll("\\d{8}T\\d{6}Z", "TIME")
                .replaceAll("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d", "DATE");
    }
}
