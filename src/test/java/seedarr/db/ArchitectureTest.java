package seedarr.db;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The walls between the rooms. */
class ArchitectureTest {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("seedarr.db");

    /** The rooms, and which others each may know; package-info of seedarr.db is the map. */
    private static final Map<String, List<String>> MAY_KNOW = Map.of(
            "cli", List.of("author", "migrate", "state", "changelog", "backup", "sql", "database"),
            "author", List.of("migrate", "state", "changelog", "sql", "database"),
            "migrate", List.of("state", "changelog", "backup", "sql", "database"),
            "state", List.of("changelog", "sql", "database"),
            "changelog", List.of("sql", "database"),
            "backup", List.of("database"),
            "sql", List.of(),
            "database", List.of());

    @Test
    void dependencies_go_one_way() {
        MAY_KNOW.forEach((room, known) -> {
            String[] others = MAY_KNOW.keySet().stream()
                    .filter(other -> !other.equals(room) && !known.contains(other))
                    .map(ArchitectureTest::classesOf)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(classesOf(room))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(others))
                    .check(MAIN);
            noClasses()
                    .that()
                    .resideInAPackage("seedarr.db")
                    .should()
                    .dependOnClassesThat(resideInAPackage(classesOf(room)))
                    .check(MAIN);
        });
    }

    @Test
    void every_class_is_in_a_room() {
        Set<String> rooms = MAIN.stream()
                .map(type -> type.getPackageName().replaceFirst("^seedarr\\.db\\.?", ""))
                .collect(Collectors.toSet());
        Set<String> known = new HashSet<>(MAY_KNOW.keySet());
        known.add("");
        assertThat(rooms).isEqualTo(known);
    }

    private static String classesOf(String room) {
        return "seedarr.db." + room + "..";
    }

    @Test
    void only_those_know_liquibase_that_serve_run_or_check_revisions() {
        noClasses()
                .that()
                .resideOutsideOfPackages(classesOf("changelog"), classesOf("migrate"), classesOf("author"))
                .should()
                .dependOnClassesThat(resideInAnyPackage("liquibase..", "org.liquibase.."))
                .check(MAIN);
    }

    @Test
    void there_is_no_sql_in_cli() {
        noClasses()
                .that()
                .resideInAPackage("seedarr.db.cli..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..", "org.postgresql.."))
                .check(MAIN);
    }

    @Test
    void only_cli_knows_picocli() {
        noClasses()
                .that()
                .resideOutsideOfPackage("seedarr.db.cli..")
                .should()
                .dependOnClassesThat(resideInAPackage("picocli.."))
                .check(MAIN);
    }

    @Test
    void the_process_is_touched_in_one_class_alone() {
        Set<String> process = Set.of(
                "java.lang.System.exit",
                "java.lang.System.out",
                "java.lang.System.err",
                "java.lang.System.in",
                "java.lang.System.getenv",
                "java.lang.System.console",
                "java.lang.Runtime.exit",
                "java.lang.Runtime.halt");
        List<String> accesses = MAIN.stream()
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(access -> process.contains(access.getTargetOwner().getName() + "." + access.getName()))
                .sorted(Comparator.comparing(JavaAccess::getLineNumber))
                .map(access -> access.getOrigin().getOwner().getSimpleName() + "."
                        + access.getOrigin().getName() + ": " + access.getName())
                .toList();
        assertThat(accesses).containsExactlyInAnyOrder("SeedarrDb.start: getenv", "SeedarrDb.main: exit");
    }
}
