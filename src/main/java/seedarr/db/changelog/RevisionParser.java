package seedarr.db.changelog;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import liquibase.changelog.ChangeLogParameters;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.database.DatabaseList;
import liquibase.exception.ChangeLogParseException;
import liquibase.parser.core.yaml.YamlChangeLogParser;
import liquibase.resource.ResourceAccessor;
import seedarr.db.Refusal;

/** Reads the files of a changelog, and names one without a changeset, which Liquibase passes over or does not name. */
final class RevisionParser extends YamlChangeLogParser {

    private static final String NO_LIST =
            "(?s)Empty file .*|.*databaseChangeLog (?:node|does not).*|Syntax error .* cannot be cast to .*Map .*";

    /** For the service locator. */
    public RevisionParser() {}

    @Override
    public DatabaseChangeLog parse(String path, ChangeLogParameters properties, ResourceAccessor resources)
            throws ChangeLogParseException {
        try {
            DatabaseChangeLog changelog = super.parse(path, properties, resources);
            if (!changelog.getChangeSets().isEmpty()) {
                return changelog;
            }
        } catch (ChangeLogParseException e) {
            if (!e.getMessage().matches(NO_LIST)) {
                throw e;
            }
        }
        throw Refusal.failed(path + " has no changeset", "adding one to it, or leaving its include out");
    }

    /**
     * Replaces nothing yet: Liquibase does so once more when it loads what was read, and twice would undo an escape. What is
     * for another kind of database is escaped, for its properties need not be there.
     */
    @Override
    @SuppressWarnings("unchecked")
    protected void replaceParameters(Object node, ChangeLogParameters properties, DatabaseChangeLog file)
            throws ChangeLogParseException {
        if (node instanceof Map<?, ?> map
                && map.get("dbms") instanceof String dbms
                && !DatabaseList.definitionMatches(dbms, properties.getDatabase(), true)) {
            ((Map<Object, Object>) map)
                    .replaceAll((key, value) -> value instanceof String text ? text.replace("${", "${:") : value);
        }
        Collection<?> inner =
                node instanceof Map<?, ?> map ? map.values() : node instanceof List<?> list ? list : List.of();
        for (Object each : inner) {
            replaceParameters(each, properties, file);
        }
    }
}
