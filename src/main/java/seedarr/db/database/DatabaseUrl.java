package seedarr.db.database;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

public sealed interface DatabaseUrl permits SqliteUrl {
    static DatabaseUrl parse(String value, String source, Path folder, Map<String, String> environment) {
        return new SqliteUrl(
                folder.resolve(value.replaceFirst("^(sqlite:///|jdbc:sqlite:)", ""))
                        .normalize(),
                false,
                false,
                Optional.empty());
    }
}
