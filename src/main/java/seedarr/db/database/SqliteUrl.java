package seedarr.db.database;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

public record SqliteUrl(Path file, boolean readOnly, boolean mustExist, Optional<Duration> timeout)
        implements DatabaseUrl {
    @Override
    public String toString() {
        return "sqlite:///" + file;
    }
}
