package seedarr.db.changelog;

import liquibase.ContextExpression;
import liquibase.Labels;
import liquibase.changelog.ChangeLogParameters;
import liquibase.changelog.DatabaseChangeLog;
import seedarr.db.Refusal;

/** The changelog's own properties and nothing else: what {@code ${…}} in it means for a kind of database. */
final class ChangelogProperties extends ChangeLogParameters {

    /** Begins each name. Liquibase has taken in all of the environment, where no name has this character. */
    private static final String OWN = "=";

    /** Begins a name in SQL for the other kind of database, whose own properties this kind may not have. */
    static final String OF_ANY_KIND = "@";

    ChangelogProperties(String kind) {
        setDatabase(kind);
    }

    @Override
    public void set(
            String name,
            Object value,
            ContextExpression context,
            Labels labels,
            String dbms,
            boolean global,
            DatabaseChangeLog file) {
        super.set(OWN + name, value, context, labels, dbms, global, file);
        super.set(OWN + OF_ANY_KIND + name, value, context, labels, null, global, file);
    }

    /** Returns a value. Refuses a name without one: no database is to get the name instead. */
    @Override
    public Object getValue(String name, DatabaseChangeLog file) {
        String plain = name.replaceFirst("^" + OF_ANY_KIND, "");
        Object own = super.getValue(OWN + plain, file);
        Object value = own == null ? super.getValue(OWN + name, file) : own;
        if (value == null) {
            throw Refusal.failed(
                    file.getPhysicalFilePath() + " has ${" + plain + "}, which is no property of the changelog",
                    "a property " + plain + " for either kind of database, or ${:" + plain + "} where none is meant");
        }
        return value;
    }
}
