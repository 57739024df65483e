package seedarr.db.changelog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import liquibase.changelog.ChangeSet;
import seedarr.db.Refusal;

/** The settings by which a changeset is not applied once, whole or not at all, or runs other SQL than stands in it. */
public final class Unplannable {

    private Unplannable() {}

    /** Refuses a changeset that has one of them, for then nobody could say beforehand what Liquibase will do. */
    static void refuse(ChangeSet changeSet) {
        settings(changeSet).forEach(setting -> {
            throw Refusal.failed(
                    changeSet.getId() + " has " + setting + ", but a revision is applied once, whole or not at all",
                    "removing it from " + changeSet.getFilePath());
        });
    }

    /** Returns those that a changeset has, as they stand in its file. */
    public static List<String> settings(ChangeSet changeSet) {
        Map<String, Boolean> settings = new LinkedHashMap<>();
        settings.put("runInTransaction: false", !changeSet.isRunInTransaction());
        settings.put("failOnError: false", Boolean.FALSE.equals(changeSet.getFailOnError()));
        settings.put("runAlways: true", changeSet.isAlwaysRun());
        settings.put("runOnChange: true", changeSet.isRunOnChange());
        settings.put("ignore: true", changeSet.isIgnore() || changeSet.isInheritableIgnore());
        settings.put(
                "dbms",
                changeSet.getDbmsSet() != null && !changeSet.getDbmsSet().isEmpty());
        settings.put("a context", !changeSet.getContextFilter().isEmpty());
        settings.put("runWith", changeSet.getRunWith() != null);
        settings.put("modifySql", !changeSet.getSqlVisitors().isEmpty());
        settings.values().removeIf(isSet -> !isSet);
        return List.copyOf(settings.keySet());
    }
}
