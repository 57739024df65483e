package seedarr.db.changelog;

import java.util.List;
import java.util.Map;
import liquibase.changelog.ChangeLogParameters;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.database.DatabaseList;
import liquibase.exception.ChangeLogParseException;
import liquibase.parser.core.yaml.YamlChangeLogParser;
import liquibase.resource.ResourceAccessor;
import seedarr.db.Refusal;

/**
 * Reads the files of a changelog. Names one without a changeset, which Liquibase passes over or does not name, and a key by
 * which a changeset would not be applied once and whole, or that Liquibase does not know and passes over.
 */
final class RevisionParser extends YamlChangeLogParser {

    private static final String NO_LIST =
            "(?s)Empty file .*|.*databaseChangeLog (?:node|does not).*|Syntax error .* cannot be cast to .*Map .*";

    /** What an include, a changeset and its changes may have; behind a colon, the only value. */
    private static final Map<String, String> KEYS = Map.of(
            "include",
            "file relativeToChangelogFile errorIfMissing logicalFilePath labels context contextFilter ignore:false",
            "changeSet",
            "id author logicalFilePath comment comments labels preConditions preconditions changes rollback validCheckSum"
                    + " validCheckSums created objectQuotingStrategy onValidationFail runInTransaction:true failOnError:true"
                    + " runAlways:false runOnChange:false ignore:false",
            "sql",
            "sql dbms splitStatements stripComments endDelimiter comment",
            "sqlFile",
            "path relativeToChangelogFile encoding dbms splitStatements stripComments endDelimiter",
            "tagDatabase",
            "tag keepTagOnRollback");

    @Override
    public DatabaseChangeLog parse(String path, ChangeLogParameters properties, ResourceAccessor resources)
            throws ChangeLogParseException {
        try {
            DatabaseChangeLog changelog = super.parse(path, properties, resources);
            if (changelog.getChangeSets().stream().anyMatch(changeSet -> changeSet.getId() == null)) {
                throw Refusal.failed(path + " has a changeset without an id", "an id: the name of its file");
            }
            if (!changelog.getChangeSets().isEmpty()) {
                return changelog;
            }
        } catch (ChangeLogParseException e) {
            if (!e.getMessage().matches(NO_LIST)) {
                throw e;
            }
        }
        throw Refusal.failed(path + " has no changeset", "a changeset in it, or no include of it");
    }

    /** Replaces nothing: Liquibase does so once more when it loads what was read, and twice would undo an escape. */
    @Override
    protected void replaceParameters(Object node, ChangeLogParameters properties, DatabaseChangeLog file) {
        check("", node, properties.getDatabase(), file.getPhysicalFilePath());
    }

    /**
     * A node is a map, or a list of maps of one key each. In SQL that is not for this kind of database, a property of the
     * other is none that is missing.
     */
    @SuppressWarnings("unchecked")
    private static void check(Object name, Object node, String kind, String file) {
        if (node instanceof List<?> list) {
            list.forEach(each -> check(name, each, kind, file));
        } else if (node instanceof Map<?, ?> map) {
            boolean isForOther =
                    map.get("dbms") instanceof String dbms && !DatabaseList.definitionMatches(dbms, kind, true);
            List<String> known = List.of(KEYS.getOrDefault(name, "").split(" "));
            ((Map<Object, Object>) map).replaceAll((key, value) -> {
                if (KEYS.containsKey(name) && !known.contains(key) && !known.contains(key + ":" + value)) {
                    throw Refusal.failed(
                            file + " has " + key + " in " + name + ", which a revision may not have",
                            "leaving it out, or a look at its spelling: a revision is applied once, whole or not at all");
                }
                check(key, value, kind, file);
                return isForOther && value instanceof String text
                        ? text.replaceAll("\\$\\{(?![:@])", "\\${" + ChangelogProperties.OF_ANY_KIND)
                        : value;
            });
        }
    }
}
