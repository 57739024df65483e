"""How long a start takes, how much memory a command takes, and the size of the bundle."""

import glob
import os
import shutil

from measure import copier, first_line, make_sqlite, measure, ratio, remove, table
from tools import ROOT


def start_up(tools):
    jvm = tools.jvm(tools.java_home)
    status = tools.seedarr("seedarr-db status", "status")
    nothing = tools.seedarr("seedarr-db update, nothing to do", "update")
    full = tools.seedarr("seedarr-db update --no-backup, all of v1", "update", "--no-backup", on="full.db",
                         before=copier(tools.path("v1.db"), tools.path("full.db")))
    official = tools.official("Liquibase CLI status", "status")
    commands = [jvm, tools.seedarr("seedarr-db --version", "--version"), tools.seedarr("seedarr-db --help", "--help"),
                status, nothing, full]
    likes = [[status, official], [nothing], [full]]
    if tools.migrator:
        peers = [tools.dbmate("dbmate status", "status"),
                 tools.dbmate("dbmate up, nothing to do", "up"),
                 tools.dbmate("dbmate up, all of v1", "up", on="dbmate-full.db",
                              before=copier(tools.path("v1.db"), tools.path("dbmate-full.db")))]
        commands += peers
        for like, peer in zip(likes, peers):
            like.append(peer)
    against = {}
    if tools.has_alembic:
        peers = [tools.alembic("alembic current", "current"),
                 tools.alembic("alembic upgrade head, nothing to do", "upgrade", "head"),
                 tools.alembic("alembic upgrade head, all of v1", "upgrade", "head", on="alembic-full.db",
                               before=copier(tools.path("v1.db"), tools.path("alembic-full.db")))]
        commands += peers
        against = {command: peer for like, peer in zip(likes, peers) for command in like}
    commands.append(official)
    measure(commands, tools.arguments.runs)
    print("## Start-up\n")
    table(["command", "ms", "to java -version", "to Alembic's"],
          [[c.name, c.ms(), f"{ratio(c, jvm):.2f}", f"{ratio(c, against[c]):.2f}" if c in against else ""] for c in commands])
    for home in tools.arguments.also_java:
        other_java(tools, home)


def other_java(tools, home):
    print(f"{first_line(os.path.join(home, 'bin', 'java'), '-version')}; {tools.recorded[home]}:\n")
    jvm = tools.jvm(home)
    commands = [jvm, tools.seedarr("seedarr-db --version", "--version", java=home),
                tools.seedarr("seedarr-db status", "status", java=home),
                tools.seedarr("seedarr-db update, nothing to do", "update", java=home),
                tools.seedarr("seedarr-db update --no-backup, all of v1", "update", "--no-backup", on="full.db", java=home,
                              before=copier(tools.path("v1.db"), tools.path("full.db")))]
    measure(commands, tools.arguments.runs)
    table(["command", "ms", "to java -version"], [[c.name, c.ms(), f"{ratio(c, jvm):.2f}"] for c in commands])


def memory(tools):
    rows = tools.arguments.many
    many, head = tools.path("many-v1.db"), tools.path("many-head.db")
    make_sqlite(many, rows)
    shutil.copyfile(many, head)
    tools.seedarr("", "update", "--no-backup", on="many-head.db").run()
    commands = [
        tools.seedarr("status, one row", "status"),
        tools.seedarr(f"status, {rows} rows", "status", on="many-head.db"),
        tools.seedarr("update, one row", "update", on="one.db", before=copier(tools.path("v1.db"), tools.path("one.db"))),
        tools.seedarr(f"update, {rows} rows", "update", on="many.db", before=copier(many, tools.path("many.db"))),
    ]
    measure(commands, 2, warm=False)
    print("## Memory\n")
    table(["command", "peak resident MiB"], [[c.name, f"{c.peak / 1024:.0f}"] for c in commands])
    for name in "many-v1.db", "many-head.db", "many.db":
        remove(tools.path(name))


def bundle(tools):
    bundles = glob.glob(os.path.join(ROOT, "target", "seedarr-db-*-linux*.tar.gz"))
    if bundles:
        print(f"The bundle, packed: {os.path.getsize(bundles[0]) / 2**20:.1f} MiB.\n")
    else:
        print("The bundle is not there, left out: mvn package -Pbundle -DskipTests makes it.\n")
