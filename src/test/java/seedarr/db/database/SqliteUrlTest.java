package seedarr.db.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import seedarr.db.Refusal;

class SqliteUrlTest {

    /** Whatever is relative is relative to /base. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sqlite:///./data/seedarr.db                    | /base/data/seedarr.db
            sqlite:///data/seedarr.db                      | /base/data/seedarr.db
            sqlite:////app/backend/data/seedarr.db         | /app/backend/data/seedarr.db
            sqlite+pysqlite:///a.db                        | /base/a.db
            sqlite+aiosqlite:///a.db                       | /base/a.db
            sqlite:///with space/s p.db                    | /base/with space/s p.db
            'sqlite:///x.db '                              | '/base/x.db '
            sqlite:///pct%20name.db                        | /base/pct name.db
            sqlite:///a%2Fb%3Fc.db                         | /base/a/b?c.db
            sqlite:///caf%C3%A9.db                         | /base/café.db
            sqlite:///100%.db                              | /base/100%.db
            sqlite:///%zz.db                               | /base/%zz.db
            sqlite:///a%2520b.db                           | /base/a%20b.db
            sqlite:///~/x.db                               | /base/~/x.db
            sqlite:///$HOME/x.db                           | /base/$HOME/x.db
            sqlite:///a#b+c.db                             | /base/a#b+c.db
            sqlite:///:resource:x.db                       | /base/:resource:x.db
            sqlite:////u:p@h/x.db                          | /u:p@h/x.db
            sqlite:///a.db?x=y?z                           | /base/a.db
            sqlite:///x.db?mode=ro                         | /base/x.db
            sqlite:///x.db?check_same_thread=False         | /base/x.db
            sqlite:///x.db?uri=False&cache=shared&vfs=unix | /base/x.db
            sqlite:///x.db?mode=memory&uri=false           | /base/x.db
            sqlite:///file:x.db                            | /base/file:x.db
            sqlite:///file:x.db?mode=ro                    | /base/file:x.db
            sqlite:///./:memory:                           | /base/:memory:
            sqlite:///link/../x.db                         | /base/x.db
            sqlite:////../x.db                             | /x.db
            jdbc:sqlite:./data/seedarr.db                  | /base/data/seedarr.db
            jdbc:sqlite:/abs/x.db                          | /abs/x.db
            jdbc:sqlite:pct%20name.db                      | /base/pct%20name.db
            jdbc:sqlite:a#b.db                             | /base/a#b.db
            """)
    void a_sqlite_url_names_the_file_that_sqlalchemy_opens(String value, Path file) {
        SqliteFile parsed = parse(value, Path.of("/base"));
        assertThat(parsed.file()).isEqualTo(file);
        assertThat(parsed.lockTimeout()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "timeout=20, 20000",
        "timeout=0.25, 250",
        "timeout=+5, 5000",
        "timeout=1e1, 10000",
        "timeout=-1, 0",
        "timeout=1e99999999, 2147483647",
        "timeout=3&mode=rw&uri=no, 3000"
    })
    void a_timeout_is_a_number_of_seconds(String query, long millis) {
        SqliteFile url = parse("sqlite:///x.db?" + query, Path.of("/base"));
        assertThat(url.lockTimeout()).contains(Duration.ofMillis(millis));
    }

    @Test
    void it_prints_the_absolute_path_after_three_slashes() {
        assertThat(parse("sqlite:///data/x.db?timeout=3", Path.of("/base"))).hasToString("sqlite:////base/data/x.db");
    }

    @Test
    void an_undecoded_file_alone_stops_it_and_both_names_are_said(@TempDir Path folder) throws IOException {
        Path undecoded = Files.createFile(folder.resolve("pct%20name.db"));
        Path decoded = folder.resolve("pct name.db");
        assertThatThrownBy(() -> parse("sqlite:///pct%20name.db", folder))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal)
                            .hasMessage("DATABASE_URL names " + decoded + ", but only " + undecoded + " exists");
                    assertThat(refusal.remedy()).isEqualTo("write %25 for each % of the file name, or rename the file");
                });
        assertThat(parse("sqlite:///pct%2520name.db", folder).file()).isEqualTo(undecoded);
        Files.createFile(decoded);
        assertThat(parse("sqlite:///pct%20name.db", folder).file()).isEqualTo(decoded);
    }

    @Test
    void a_link_to_a_folder_counts_only_where_sqlite_itself_resolves_the_path(@TempDir Path temporary)
            throws IOException {
        Path root = temporary.toRealPath();
        Path folder = Files.createDirectories(root.resolve("work"));
        Path target = Files.createDirectories(root.resolve("elsewhere/deep"));
        Files.createSymbolicLink(folder.resolve("link"), target);
        assertThat(parse("sqlite:///link/../x.db", folder).file()).isEqualTo(folder.resolve("x.db"));
        assertThat(parse("jdbc:sqlite:link/../x.db", folder).file()).isEqualTo(root.resolve("elsewhere/x.db"));
    }

    private static SqliteFile parse(String value, Path folder) {
        return (SqliteFile) DatabaseUrl.parse(value, "DATABASE_URL", folder, Map.of());
    }
}
