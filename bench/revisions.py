"""`verify` on a changelog that grows, and `status` on one that was changed after packaging."""

import os
import shutil

from measure import Command, measure, ratio, remove, table

CHANGED = 78
REVISION = """databaseChangeLog:
  - changeSet:
      id: {name}
      author: seedarr
      logicalFilePath: changelog/{name}.yaml
      comment: >-
        A revision of the benchmark.
      changes:
        - sql:
            sql: |-
{up}
        - tagDatabase: {{ tag: {name} }}
      rollback:
        - sql:
            sql: |-
{down}
"""


def statements(number):
    """The SQL up and down of one revision: five kinds in turn, each group of five about a table of its own."""
    kind, own, file = number % 5, f"shelf_{number - number % 5:03}", "file_entries"
    if kind == 0 or number < 5:
        own = f"shelf_{number:03}"
        return ("a table and its indexes",
                [f"CREATE TABLE {own} (id ${{type.id}}, label VARCHAR(50) NOT NULL, note TEXT, seen_at ${{type.datetime}}, "
                 "PRIMARY KEY (id))",
                 f"CREATE UNIQUE INDEX idx_{own}_label ON {own} (label)",
                 f"CREATE INDEX idx_{own}_seen_at ON {own} (seen_at)"],
                [f"DROP INDEX idx_{own}_seen_at", f"DROP INDEX idx_{own}_label", f"DROP TABLE {own}"])
    if kind == 1:
        return ("columns", [f"ALTER TABLE {own} ADD COLUMN weight INTEGER NOT NULL DEFAULT 0",
                            f"ALTER TABLE {file} ADD COLUMN place_{number:03} VARCHAR(100)"],
                [f"ALTER TABLE {file} DROP COLUMN place_{number:03}", f"ALTER TABLE {own} DROP COLUMN weight"])
    if kind == 2:
        return ("a unique constraint and a foreign key",
                [f"CREATE TABLE {own}_item (id ${{type.id}}, shelf_id INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (id), "
                 f"UNIQUE (shelf_id, position), FOREIGN KEY (shelf_id) REFERENCES {own} (id))"],
                [f"DROP TABLE {own}_item"])
    if kind == 3:
        return ("an index", [f"CREATE INDEX idx_{own}_weight ON {own} (weight, note)"], [f"DROP INDEX idx_{own}_weight"])
    return ("an UPDATE with a WHERE",
            [f"ALTER TABLE {own} ADD COLUMN state VARCHAR(20)", f"UPDATE {own} SET state = 'seen' WHERE seen_at IS NOT NULL"],
            [f"ALTER TABLE {own} DROP COLUMN state"])


def write(home, count):
    """Adds revisions to the changelog of an installation until it has so many."""
    with open(os.path.join(home, "changelog", "master.yaml"), "a") as master:
        for number in range(4, count + 1):
            what, up, down = statements(number)
            name = f"{number:03}_{what.lower().replace(' ', '_')}"

            def block(lines):
                return "\n".join(f"              {line};" for line in lines)

            with open(os.path.join(home, "changelog", name + ".yaml"), "w") as file:
                file.write(REVISION.format(name=name, up=block(up), down=block(down)))
            master.write(f"  - include: {{ file: {name}.yaml, relativeToChangelogFile: true }}\n")


def installation(tools, name, count):
    """A copy of the distribution with so many revisions, and the index of them that packaging makes."""
    home = tools.path(name)
    shutil.copytree(tools.home, home, symlinks=True)
    write(home, count)
    java = os.path.join(tools.java_home, "bin", "java")
    Command("the index", [java, "-cp", os.path.join(home, "lib", "seedarr-db.jar"), "seedarr.db.cli.Packaging", "index"]).run()
    return home


def verify(tools):
    sizes = [int(size) for size in tools.arguments.revisions.split(",")]
    commands = [tools.seedarr(str(size), "verify", "--offline", home=installation(tools, f"verify-{size}", size)) for size in sizes]
    commands[0].run()
    measure(commands, tools.arguments.verify_runs, warm=False)
    print("## A changelog that grows\n")
    rows = [[c.name, f"{c.median():.1f}", f"{ratio(c, last):.1f}" if last else ""] for c, last in zip(commands, [None, *commands])]
    table(["revisions", "verify --offline, seconds", "to the one before"], rows)
    changed(tools)
    for size in sizes:
        shutil.rmtree(tools.path(f"verify-{size}"))


def changed(tools):
    """`status` of a database at the newest revision: with the index that fits, and after a file was changed."""
    packaged = installation(tools, "packaged", CHANGED)
    shutil.copyfile(tools.path("v1.db"), tools.path("changed.db"))
    tools.seedarr("", "update", "--no-backup", home=packaged, on="changed.db").run()
    edited = tools.path("edited")
    shutil.copytree(packaged, edited, symlinks=True)
    files = sorted(os.listdir(os.path.join(edited, "changelog")))
    with open(os.path.join(edited, "changelog", files[-2]), "a") as file:
        file.write("# changed after packaging\n")
    commands = [tools.seedarr("as packaged", "status", "--check", home=packaged, on="changed.db"),
                tools.seedarr("a file of it changed", "status", "--check", home=edited, on="changed.db")]
    measure(commands, min(tools.arguments.runs, 7))
    table([f"status with {CHANGED} revisions", "ms", "to as packaged"],
          [[c.name, c.ms(), f"{ratio(c, commands[0]):.2f}"] for c in commands])
    remove(tools.path("changed.db"))
    shutil.rmtree(packaged)
    shutil.rmtree(edited)
