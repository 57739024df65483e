package seedarr.db.migrate;

import static java.util.stream.Collectors.toMap;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import liquibase.changelog.ChangeSet;
import liquibase.database.Database;
import liquibase.datatype.DataTypeFactory;
import seedarr.db.database.Target;
import seedarr.db.schema.ExecutedSql;
import seedarr.db.schema.Schema;
import seedarr.db.schema.Schema.Part;

/**
 * The schema that each revision leaves, found out by running the changelog's own CREATE, ALTER and DROP in an empty SQLite database in
 * memory. On PostgreSQL it is the same with that database's types, for a revision makes the same on both.
 *
 * @param base what is there when the first revision is undone again
 * @param stages one for each revision, oldest first
 */
record Blueprint(Schema base, List<Stage> stages) {

    /**
     * A revision and what it leaves.
     *
     * @param adds what was not there before it
     * @param removes what is not there after it
     * @param onlyIndexes the names of its indexes, where it adds nothing else
     */
    record Stage(String revision, Schema schema, Set<Part> adds, Set<Part> removes, Set<String> onlyIndexes) {

        /** Returns whether there is anything that was not there before it. */
        boolean hasNew() {
            return !adds.isEmpty() || !onlyIndexes.isEmpty();
        }
    }

    /** Returns the schema of a revision; of the last that could be run, where that one could not. */
    Schema at(String revision) {
        Schema schema = base;
        for (Stage stage : stages) {
            if (revision.equals(Revision.BASE)) {
                break;
            }
            schema = stage.schema();
            if (stage.revision().equals(revision)) {
                break;
            }
        }
        return schema;
    }

    /**
     * Runs the changelog, up to the first revision that fails, if one does: that one and what follows it cannot be
     * recognised. To be called in {@link Changelog#inLiquibase}.
     */
    static Blueprint of(Changelog changelog, String kind) throws Exception {
        Database sqlite = Changelog.unconnected("sqlite");
        Database database = Changelog.unconnected(kind);
        List<ChangeSet> changeSets = changelog.parse(sqlite).getChangeSets();
        List<Stage> stages = new ArrayList<>();
        Schema base = new Schema(Map.of(), Set.of());
        try (Connection memory = Target.memory()) {
            try {
                run(changeSets.get(0), Plan.Direction.UP, sqlite, memory);
                run(changeSets.get(0), Plan.Direction.DOWN, sqlite, memory);
                base = read(memory, database);
                Schema before = base;
                for (ChangeSet changeSet : changeSets) {
                    run(changeSet, Plan.Direction.UP, sqlite, memory);
                    Schema after = read(memory, database);
                    stages.add(stage(changeSet.getId(), before, after));
                    before = after;
                }
            } catch (SQLException e) {
                return new Blueprint(base, stages);
            }
        }
        return new Blueprint(base, stages);
    }

    private static Stage stage(String revision, Schema before, Schema after) {
        Set<Part> adds = without(after.parts(), before.parts());
        Set<String> indexes = new LinkedHashSet<>(adds.isEmpty() ? after.indexNames() : Set.of());
        indexes.removeAll(before.indexNames());
        return new Stage(revision, after, adds, without(before.parts(), after.parts()), indexes);
    }

    private static void run(ChangeSet changeSet, Plan.Direction direction, Database sqlite, Connection memory)
            throws SQLException {
        try (Statement statement = memory.createStatement()) {
            for (String sql : Changelog.statements(changeSet, direction, sqlite)) {
                // What changes rows leaves no schema, and may take long.
                if (ExecutedSql.changesSchema(sql)) {
                    statement.execute(sql);
                }
            }
        }
    }

    private static Set<Part> without(Set<Part> parts, Set<Part> others) {
        Set<Part> rest = new LinkedHashSet<>(parts);
        rest.removeAll(others);
        return rest;
    }

    /** Writes the schemas; what {@link #read(DataInputStream)} reads. */
    void write(DataOutputStream out) throws IOException {
        write(base, out);
        out.writeInt(stages.size());
        for (Stage stage : stages) {
            out.writeUTF(stage.revision());
            write(stage.schema(), out);
        }
    }

    static Blueprint read(DataInputStream in) throws IOException {
        Schema base = readSchema(in);
        Schema before = base;
        List<Stage> stages = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            String revision = in.readUTF();
            Schema after = readSchema(in);
            stages.add(stage(revision, before, after));
            before = after;
        }
        return new Blueprint(base, stages);
    }

    private static void write(Schema schema, DataOutputStream out) throws IOException {
        out.writeInt(schema.tables().size());
        for (Schema.Table table : schema.tables().values()) {
            out.writeUTF(table.name());
            out.writeInt(table.columns().size());
            for (Schema.Column column : table.columns().values()) {
                out.writeUTF(column.name());
                out.writeUTF(column.type());
                out.writeBoolean(column.notNull());
                out.writeBoolean(column.generated());
            }
            out.writeInt(table.indexes().size());
            for (Schema.Index index : table.indexes()) {
                out.writeUTF(index.name());
                write(index.columns(), out);
                out.writeBoolean(index.unique());
                out.writeBoolean(index.constraint());
            }
            write(table.primaryKey(), out);
        }
        write(schema.notTables(), out);
    }

    private static Schema readSchema(DataInputStream in) throws IOException {
        Map<String, Schema.Table> tables = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            String name = in.readUTF();
            Map<String, Schema.Column> columns = new LinkedHashMap<>();
            for (int columnsLeft = in.readInt(); columnsLeft > 0; columnsLeft--) {
                Schema.Column column =
                        new Schema.Column(in.readUTF(), in.readUTF(), in.readBoolean(), in.readBoolean());
                columns.put(column.name(), column);
            }
            List<Schema.Index> indexes = new ArrayList<>();
            for (int indexesLeft = in.readInt(); indexesLeft > 0; indexesLeft--) {
                indexes.add(new Schema.Index(in.readUTF(), readNames(in), in.readBoolean(), in.readBoolean()));
            }
            tables.put(name, new Schema.Table(name, columns, indexes, readNames(in)));
        }
        return new Schema(tables, new LinkedHashSet<>(readNames(in)));
    }

    private static void write(Collection<String> names, DataOutputStream out) throws IOException {
        out.writeInt(names.size());
        for (String name : names) {
            out.writeUTF(name);
        }
    }

    private static List<String> readNames(DataInputStream in) throws IOException {
        List<String> names = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            names.add(in.readUTF());
        }
        return names;
    }

    private static Schema read(Connection memory, Database database) throws SQLException {
        Schema schema = Schema.read(memory, "sqlite");
        if (!database.getShortName().equals("sqlite")) {
            schema.tables().replaceAll((name, table) -> translated(table, database));
        }
        return schema;
    }

    private static Schema.Table translated(Schema.Table table, Database database) {
        Map<String, Schema.Column> columns = table.columns().values().stream()
                .map(column -> new Schema.Column(
                        column.name(), translated(column.type(), database), column.notNull(), column.generated()))
                .collect(toMap(Schema.Column::name, column -> column, (a, b) -> a, LinkedHashMap::new));
        return new Schema.Table(table.name(), columns, table.indexes(), table.primaryKey());
    }

    private static String translated(String type, Database database) {
        return DataTypeFactory.getInstance()
                .fromDescription(type, database)
                .toDatabaseDataType(database)
                .getType();
    }
}
