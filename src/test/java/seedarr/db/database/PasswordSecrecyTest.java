package seedarr.db.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import seedarr.db.Refusal;

class PasswordSecrecyTest {

    /** Every piece of every password is made of these two words, so no piece of one may be printed either. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://u:hunter2@h/db",
                "postgres://u:hun%74er2@h/db",
                "postgresql://u:hunter2@swordfish@h/db",
                "postgresql://u:hunter2@swordfish@hunter2@h/db",
                "postgresql://u:hunter2@swordfish:hunter2@h:1/db",
                "postgresql://u:hunter2@swordfish/hunter2@h/db",
                "postgresql://u:hunter2@swordfish?hunter2@h/db",
                "postgresql://u:x@swordfish/y?hunter2=1@h/db",
                "postgresql://u:@swordfish/hunter2@h/db",
                "postgresql://u:hunter2/swordfish?hunter2#swordfish@h/db",
                "postgresql://:hunter2@h/db",
                "postgresql://u:hunter2",
                "postgresql://u:hunter2/db",
                "postgresql://u:hunter2,swordfish/db",
                "postgresql://u:hunter2@h:notaport/db",
                "postgresql://u:hunter2@h:/db",
                "postgresql://u:hunter2@a b/db",
                "postgresql://u:hunter2@h1,h2/db",
                "postgresql://u:hunter2@/db?host=/run",
                "postgresql://u:hunter2@h/db?unknown=swordfish",
                "postgresql://u:hunter2@h/db?sslmode=swordfish",
                "postgresql://u@h/db?password=hunter2",
                "postgresql://u@h/db?password=hunter2&password=swordfish",
                "postgresql://u@h/db?sslpassword=hunter2",
                "postgresql://u@h/db?sslpassword=hunter2&sslmode=x",
                "postgresql://h/db?password=hunter2@swordfish",
                "postgresql://h?password=hunter2@swordfish",
                "postgresql://h?password=hunter2:x@swordfish",
                "postgresql://h:5432/db?password=hunter2@swordfish",
                "postgresql://h:5432?password=hunter2@swordfish",
                "postgresql://[::1]:5432/db?password=hunter2@swordfish",
                "postgresql://u@h:5432/db?password=hunter2@swordfish",
                "jdbc:postgresql://h/db?user=u&password=hunter2",
                "jdbc:postgresql://h/db?user=u&password=hunter2&unknown=x",
                "jdbc:postgresql://h/db?password=hunter2%zz",
                "jdbc:postgresql://h/db?sslpassword=hunter2&port=x",
                "jdbc:postgresql://u:hunter2@h/db",
                "jdbc:postgresql:u:hunter2@h/db",
                "jdbc:postgresql:u:hunter2",
                "jdbc:postgresql://u:hunter2",
                "jdbc:postgresql://u:hunter2/db",
                "jdbc:mysql://u:hunter2@h/db",
                "mysql://u:hunter2@h/db",
                "my-sql://u:hunter2@h/db",
                "postgresql:u:hunter2@h/db",
                "u:hunter2@h/db",
                "postgresql://h:5432/db?options=x&sslpassword=hunter2@swordfish",
                "postgresql://u:hunter2@h/db?port=swordfish",
                "jdbc:postgresql://h:hunter2/db",
                "jdbc:postgresql://h/db?password=hunter2&port=1,swordfish",
                "jdbc:postgresql://h/db?password=hunter2&service=swordfish",
                "hunter2",
                " postgresql://u:hunter2@h/db",
                "sqlite://u:hunter2@h/x.db",
                "sqlite+pysqlcipher://:hunter2@/x.db",
                "sqlite:///x.db?key=hunter2",
                "sqlite:///x.db?timeout=hunter2",
                "sqlite:///x.db?uri=hunter2",
                "sqlite:///file:x.db?key=hunter2&uri=true",
                "jdbc:sqlite:x.db?password=hunter2",
                "jdbc:sqlite:file:x.db?password=hunter2",
            })
    void no_piece_of_a_password_is_printed(String value) {
        assertThat(everythingShown(value, Map.of())).isNotEmpty().doesNotContain("hunter2", "swordfish");
    }

    @Test
    void no_password_from_the_environment_is_printed() {
        Map<String, String> environment = Map.of("PGPASSWORD", "hunter2");
        assertThat(everythingShown("postgresql://u@h/db", environment)).isEqualTo("postgresql://u@h:5432/db");
        assertThat(everythingShown("postgresql://u@h:x/db", environment)).doesNotContain("hunter2");
    }

    /** Returns what toString() gives, or else the stack trace with every cause, and the remedy. */
    private static String everythingShown(String value, Map<String, String> environment) {
        try {
            return DatabaseUrl.parse(value, "DATABASE_URL", Path.of("/work"), environment)
                    .toString();
        } catch (Refusal refusal) {
            StringWriter trace = new StringWriter();
            refusal.printStackTrace(new PrintWriter(trace));
            return trace + refusal.remedy();
        }
    }
}
