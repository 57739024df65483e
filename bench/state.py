"""What a database is after a tool was killed: one of the four states that the revisions have, or something between."""

import glob
import os
import shutil
import sqlite3
import sys
import tempfile

from measure import make_sqlite
from tools import BENCH

REVISIONS = ["001_add_checkpoint_fields", "002_add_tmdb_cache", "003_add_tags_table"]
COLUMNS = ["scanned_at", "analyzed_at", "renamed_at", "metadata_generated_at", "uploaded_at"]
PARTS = [
    COLUMNS + ["idx_file_entries_scanned_at", "idx_file_entries_uploaded_at"],
    ["tmdb_cache", "idx_tmdb_cache_tmdb_id", "idx_tmdb_cache_expires_at"],
    ["tags", "idx_tags_tag_id", "idx_tags_label", "idx_tags_updated_at"],
]


def alembic(connection):
    rows = [row[0] for row in connection.execute("SELECT version_num FROM alembic_version")]
    return REVISIONS[: REVISIONS.index(rows[0]) + 1] if len(rows) == 1 else rows


def dbmate(connection):
    rows = [row[0] for row in connection.execute("SELECT version FROM schema_migrations ORDER BY version")]
    return [next((name for name in REVISIONS if name.startswith(row + "_")), row) for row in rows]


def liquibase(connection):
    return [row[0] for row in connection.execute("SELECT id FROM databasechangelog ORDER BY id")]


def claims(connection, table):
    """The revisions that the tool's own table says are applied; none where the table is not there yet."""
    try:
        return table(connection)
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return []


def judge(file, table, rows):
    """How many revisions are applied, and what is wrong, or None. Looks at a copy: SQLite recovers what it opens."""
    with tempfile.TemporaryDirectory() as folder:
        for part in [file, *glob.glob(file + "-*")]:
            shutil.copy(part, folder)
        connection = sqlite3.connect(os.path.join(folder, os.path.basename(file)))
        try:
            return judge_opened(connection, table, rows)
        except sqlite3.DatabaseError as error:
            return None, str(error)
        finally:
            connection.close()


def judge_opened(connection, table, rows):
    there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    there |= {row[0] for row in connection.execute("SELECT name FROM pragma_table_info('file_entries')")}
    present = [[part for part in parts if part in there] for parts in PARTS]
    count = 0
    while count < len(PARTS) and present[count] == PARTS[count]:
        count += 1
    said = claims(connection, table)
    if any(present[count:]):
        return None, "only " + ", ".join(part for parts in present[count:] for part in parts) + f" beyond revision {count}"
    if said != REVISIONS[:count]:
        return None, f"the schema is that of revision {count}, and its table says {', '.join(said) or 'none'}"
    if connection.execute("SELECT count(*) FROM file_entries").fetchone()[0] != rows:
        return None, "rows are missing"
    sound = connection.execute("PRAGMA quick_check").fetchone()[0]
    return count, None if sound == "ok" else sound


def prove():
    """Stops unless the judgement is right of databases made by hand: whole ones and half-applied ones."""
    up = []
    for name in REVISIONS:
        with open(os.path.join(BENCH, "dbmate", name + ".sql")) as file:
            up.append(file.read().split("-- migrate:down")[0])
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "hand.db")
        make_sqlite(file, 3)
        says = "INSERT INTO schema_migrations VALUES ('00{}')"
        steps = [
            ("SELECT 1", 0, "v1"),
            ("ALTER TABLE file_entries ADD COLUMN scanned_at DATETIME", None, "a column of 001"),
            (up[0].split(";", 1)[1], None, "001 without its row"),
            ("CREATE TABLE schema_migrations (version); " + says.format(1), 1, "001 with its row"),
            (up[2] + says.format(3), None, "003 without 002"),
            (up[1], None, "002 without its row"),
            (says.format(2), 3, "003"),
            (says.format(3), None, "003 twice in the table"),
            ("DELETE FROM schema_migrations; " + "; ".join(says.format(n) for n in (1, 2, 3)), 3, "003 again"),
            ("DELETE FROM file_entries WHERE id = 2", None, "a row that is gone"),
        ]
        for sql, expected, what in steps:
            connection = sqlite3.connect(file)
            connection.executescript(sql)
            connection.close()
            count, wrong = judge(file, dbmate, 3)
            if count != expected or (wrong is None) != (expected is not None):
                sys.exit(f"the judgement is wrong of {what}: {count}, {wrong}")
