package seedarr.db.changelog;

import liquibase.changelog.StandardChangeLogHistoryService;
import liquibase.exception.LiquibaseException;

/**
 * Liquibase's history in the order in which it was written. Liquibase itself goes by the time first, and after the clock
 * was set back would undo the wrong revision. Found by Liquibase as a service, therefore public.
 */
public final class HistoryInOrder extends StandardChangeLogHistoryService {

    private int lastInScript;

    @Override
    public int getPriority() {
        return PRIORITY_DEFAULT + 1;
    }

    /** Counts from one where there is no table yet: a script creates it. */
    @Override
    public int getNextSequenceValue() throws LiquibaseException {
        return hasDatabaseChangeLogTable() ? super.getNextSequenceValue() : ++lastInScript;
    }
}
