package seedarr.db.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.Yaml;

/** Each command that reports prints one object, with the keys that docs/operating.md lists. */
class JsonTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void each_command_has_the_keys_of_the_table(TestDatabase.Kind kind) throws Exception {
        TestDatabase database = kind.empty(folder);
        database.makeV1();
        new Folder(folder).withChangelog();
        Command command =
                Command.in(folder).with(folder.resolve("liquibase.properties")).on(database.url());
        Sqlite model = new Sqlite(folder.resolve("model.db"));
        command.on(model.url()).succeed("update");
        model.execute("CREATE TABLE more (id INTEGER NOT NULL, PRIMARY KEY (id))");
        List<String> calls = new ArrayList<>(List.of(
                "update",
                "rollback -1",
                "rollback-count 1",
                "status",
                "current",
                "history",
                "show 001",
                "verify",
                "release-locks",
                "revision -m more --autogenerate --model " + model.url()));
        if (kind == TestDatabase.Kind.SQLITE) {
            Path copy = Files.copy(((Sqlite) database).file(), folder.resolve("copy.db"));
            calls.addAll(List.of("restore " + copy, "backups --keep 1"));
        }
        Map<String, String> table = table();
        calls.add("frob");
        for (String call : calls) {
            String name = call.equals("frob") ? "an error" : call.split(" ")[0];
            Command.Result result = command.run((call + " --json").split(" "));
            assertThat(result.out().lines()).as(call).hasSize(1);
            assertThat(keys(result.out())).as(call).isEqualTo(table.get(name));
        }
        AdoptionContract.Kind.CONTAINER_LATER.make(database = kind.empty(folder));
        command = command.on(database.url());
        String rehearsed = command.succeed("adopt", "--dry-run", "--json");
        assertThat(keys(rehearsed)).isEqualTo(table.get("adopt"));
        assertThat(rehearsed).contains("{\"revision\": \"003_add_tags_table\", \"done\": \"recorded\"");
        assertThat(keys(command.succeed("adopt", "--json"))).isEqualTo(table.get("adopt"));
        assertThat(command.succeed("history", "--json"))
                .containsPattern("\"appliedAt\": \"20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\"");
    }

    private static String keys(String json) {
        return String.join(
                ", ", new TreeSet<>(new Yaml().<Map<String, Object>>load(json).keySet()));
    }

    /** Returns the keys by command, in the order of the alphabet. */
    private static Map<String, String> table() throws Exception {
        Map<String, String> table = new TreeMap<>();
        String operating = Files.readString(Path.of("docs/operating.md"));
        int start = operating.indexOf("| `--json` of | keys |");
        for (String line : operating
                .substring(start)
                .lines()
                .takeWhile(line -> line.startsWith("|"))
                .toList()) {
            String[] cells = line.replaceAll("[`]|^\\| *| *\\|$", "").split(" *\\| *");
            for (String name : cells[0].split(", ")) {
                table.put(name, String.join(", ", new TreeSet<>(List.of(cells[1].split(", ")))));
            }
        }
        return table;
    }
}
