"""A million rows in SQLite: the command beside the sqlite3 shell, the backup beside cp, the check beside PRAGMA quick_check."""

import os
import shutil

from measure import Command, beside, copier, less, make_sqlite, measure, remove

QUICK = ["--no-backup", "--no-check"]


def big_tables(tools):
    rows = tools.arguments.rows
    make_sqlite(tools.path("big-v1.db"), rows)
    for size, source in ("big", "big-v1.db"), ("small", "v1.db"):
        shutil.copyfile(tools.path(source), tools.path(size + "-001.db"))
        tools.seedarr("", "update", "001", *QUICK, on=size + "-001.db").run()
    print(f"## {rows} rows\n")
    if not tools.shell:
        print("sqlite3 is not there: its tables are left out.\n")
    else:
        by_shell(tools, "update 001", ["update", "001"], "big-v1.db", "v1.db")
        by_shell(tools, "rollback base", ["rollback", "base"], "big-001.db", "small-001.db")
    copies(tools)
    for name in "big-v1.db", "big-001.db", "work.db", "work2.db", "copied.db", "backed.db", "unbacked.db", "unchecked.db":
        remove(tools.path(name))


def by_shell(tools, name, words, big, small):
    """The command on many rows beside the shell with the same statements, and the command on one row."""
    script = tools.path("script.sql")
    with open(script, "w") as file:
        file.write(tools.seedarr("", *words, "--sql", on=big).output())
    own = tools.seedarr(f"seedarr-db {name} {' '.join(QUICK)}", *words, *QUICK, on="work.db",
                        before=copier(tools.path(big), tools.path("work.db")))
    one = tools.seedarr("the same on one row", *words, *QUICK, on="work1.db",
                        before=copier(tools.path(small), tools.path("work1.db")))
    peer = Command("sqlite3, its SQL", ["sqlite3", tools.path("work2.db"), f".read {script}"],
                   copier(tools.path(big), tools.path("work2.db")))
    measure([own, peer, one], min(tools.arguments.runs, 7))
    beside(f"SQLite: {name}", own, peer, one, "sqlite3")


def copies(tools):
    """The backup and the check: what an update takes longer with them than without."""
    source, copied = tools.path("big-001.db"), tools.path("copied.db")

    def update(*words, on):
        return tools.seedarr("", "update", *words, on=on, before=copier(source, tools.path(on)))

    plain = update(*QUICK, on="unbacked.db")
    backed = update("--no-check", on="backed.db")
    checked = update("--no-backup", on="unchecked.db")
    copy = Command("cp and sync", ["sh", "-c", f"cp {source} {copied} && sync {copied}"], lambda: remove(copied))
    commands = [copy, plain, backed, checked]
    check = Command("sqlite3, PRAGMA quick_check", ["sqlite3", source, "PRAGMA quick_check"])
    if tools.shell:
        commands.append(check)
    measure(commands, min(tools.arguments.runs, 7))
    size = f"{os.path.getsize(source) / 1e6:.0f} MB"
    less(f"backup of {size}", "the backup: update with it less update without", backed, plain, copy, "cp")
    if tools.shell:
        less(f"check of {size}", "the check: update with it less update without", checked, plain, check, "sqlite3")
