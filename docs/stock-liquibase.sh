#!/bin/sh
# Prints what stock Liquibase does on SQLite, and what SQLite does without a word. design.md says what follows.
# sh docs/stock-liquibase.sh     (after `mvn package`; needs sqlite3)
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

liquibase() {
  ${limit:-} java "-Dorg.sqlite.lib.path=$root/target/lib/org/sqlite/native/Linux/$(uname -m)" -cp "$root/target/lib/seedarr-db.jar" \
    liquibase.integration.commandline.LiquibaseCommandLine --search-path=. --url=jdbc:sqlite:try.db --changelog-file=try.yaml \
    --analytics-enabled=false "$@" >log 2>&1 && echo "exit code 0" || echo "exit code $?: $(grep -m1 'is required' log)"
}

# A changelog of changesets, each of one change in YAML's short form.
changelog() {
  echo "databaseChangeLog:" >try.yaml
  number=0
  for change; do
    number=$((number + 1))
    printf -- '- changeSet: { id: r%s, author: a, changes: [%s, { tagDatabase: { tag: r%s } }] }\n' $number "$change" $number >>try.yaml
  done
}

try() {
  printf '\n== %s\n' "$1"
  rm -f try.db
}

table='CREATE TABLE t (id INTEGER PRIMARY KEY, a DATETIME, b VARCHAR(9) COLLATE NOCASE CHECK (b <> 1), UNIQUE (b));
CREATE INDEX part ON t (b) WHERE b > 5; CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END'
schema() { sqlite3 try.db "SELECT sql FROM sqlite_schema WHERE tbl_name = 't' AND sql IS NOT NULL"; }

try "addColumn, and what is left of the table"
sqlite3 try.db "$table"
schema
changelog '{ addColumn: { tableName: t, columns: [{ column: { name: c, type: int } }] } }'
liquibase update
schema

try "dropColumn by columnName: is the column gone?"
sqlite3 try.db "$table"
changelog '{ dropColumn: { tableName: t, columnName: a } }'
liquibase update
sqlite3 try.db "SELECT 'column ' || name FROM pragma_table_info('t')"

try "dropColumn by columns"
sqlite3 try.db "$table"
changelog '{ dropColumn: { tableName: t, columns: [{ column: { name: a } }] } }'
liquibase update

try "createTable with datetime and autoIncrement"
changelog '{ createTable: { tableName: t, columns: [{ column: { name: id, type: int, autoIncrement: true, constraints: { primaryKey: true } } }, { column: { name: a, type: datetime } }] } }'
liquibase update
schema

one='{ sql: { sql: "CREATE TABLE one (a INT)" } }' two='{ sql: { sql: "CREATE TABLE two (a INT)" } }'
changelog "$one" "$two"
tables() { sqlite3 try.db "SELECT 'table ' || name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"; }

try "status of a database that is not there"
liquibase status
tables

try "updateToTag with a tag that is not there"
liquibase update-to-tag --tag=r7
tables

try "rollback-count 5 with one applied"
changelog '{ sql: { sql: "CREATE TABLE one (a INT)" } }'
sed -i 's/changes:/rollback: [{ sql: { sql: DROP TABLE one } }], changes:/' try.yaml
liquibase update
liquibase rollback-count --count=5
tables

try "a lock row that a killed run left: the next run, after 20 seconds"
liquibase update
sqlite3 try.db "UPDATE DATABASECHANGELOGLOCK SET LOCKED = 1, LOCKEDBY = 'gone', LOCKGRANTED = 1767225600000"
changelog "$one" "$two"
limit='timeout 20' liquibase update
tables
tail -1 log

sql() { sqlite3 :memory: "$1" 2>&1 || :; }

try "SQLite itself: DROP COLUMN, with a trigger elsewhere that writes the column"
sql "CREATE TABLE t (id, a); CREATE TABLE o (x); CREATE TRIGGER writes AFTER INSERT ON o BEGIN UPDATE t SET a = 1; END;
ALTER TABLE t DROP COLUMN a; SELECT 'dropped, with the trigger ' || name FROM sqlite_schema WHERE type = 'trigger';"
sql "CREATE TABLE t (id, a); CREATE TABLE o (x); CREATE TRIGGER writes AFTER INSERT ON o BEGIN UPDATE t SET a = 1; END;
ALTER TABLE t DROP COLUMN a; INSERT INTO o VALUES (1)"

try "SQLite itself: DROP TABLE, with a trigger elsewhere that writes it"
sql "CREATE TABLE t (id, a); CREATE TABLE o (x); CREATE TRIGGER writes AFTER INSERT ON o BEGIN INSERT INTO t (id) VALUES (1); END;
DROP TABLE t; SELECT 'dropped, with the trigger ' || name FROM sqlite_schema WHERE type = 'trigger';"
