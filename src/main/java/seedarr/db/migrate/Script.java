package seedarr.db.migrate;

import java.util.regex.Pattern;

/** Makes of what Liquibase's {@code …Sql} commands write one script that is applied whole or not at all. */
final class Script {

    /** Within one transaction the lock row has no use, and it would name this host. */
    private static final Pattern LOCK = Pattern.compile("(?i)UPDATE \\S*databasechangeloglock SET .*");

    private static final Pattern REVISION = Pattern.compile("-- (?:Rolling Back ChangeSet|Changeset).*::(.*)::.*");

    private Script() {}

    /**
     * Returns the script for the database's own shell: {@code sqlite3} or {@code psql}. It stops at the first error, which
     * undoes all of it.
     */
    static String of(String liquibaseOutput, String kind) {
        StringBuilder script = new StringBuilder();
        script.append(kind.equals("sqlite") ? ".bail on\nBEGIN IMMEDIATE;\n" : "\\set ON_ERROR_STOP on\nBEGIN;\n");
        boolean inStatement = false;
        for (String line : liquibaseOutput.lines().toList()) {
            if (!inStatement && line.startsWith("--")) {
                var revision = REVISION.matcher(line);
                if (revision.matches()) {
                    script.append("\n-- ").append(revision.group(1)).append('\n');
                }
            } else if (inStatement || !(line.isBlank() || LOCK.matcher(line).matches())) {
                script.append(line).append('\n');
                inStatement = !line.endsWith(";");
            }
        }
        return script.append("\nCOMMIT;\n").toString();
    }
}
