package seedarr.db;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The walls between the rooms. */
class ArchitectureTest {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("seedarr.db");

    @Test
    void dependencies_flow_from_cli_to_migrate_to_backup_to_database_and_schema() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("cli")
                .definedBy("seedarr.db.cli..")
                .layer("migrate")
                .definedBy("seedarr.db.migrate..")
                .layer("backup")
                .definedBy("seedarr.db.backup..")
                .layer("database")
                .definedBy("seedarr.db.database..")
                .layer("schema")
                .definedBy("seedarr.db.schema..")
                .layer("root")
                .definedBy("seedarr.db")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("migrate")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("backup")
                .mayOnlyBeAccessedByLayers("cli", "migrate")
                .whereLayer("backup")
                .mayOnlyAccessLayers("database", "root")
                .whereLayer("database")
                .mayOnlyBeAccessedByLayers("cli", "migrate", "backup")
                .whereLayer("database")
                .mayOnlyAccessLayers("root")
                .whereLayer("schema")
                .mayOnlyBeAccessedByLayers("cli", "migrate")
                .whereLayer("root")
                .mayNotAccessAnyLayer()
                .whereLayer("schema")
                .mayOnlyAccessLayers("root")
                .check(MAIN);
    }

    @Test
    void there_are_no_cycles() {
        slices().matching("seedarr.db.(*)..").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void only_migrate_knows_liquibase() {
        noClasses()
                .that()
                .resideOutsideOfPackage("seedarr.db.migrate..")
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
