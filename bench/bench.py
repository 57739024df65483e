#!/usr/bin/env python3
"""Times the distribution that `mvn package` made beside its peers, and prints the tables of RESULTS.md.

    JAVA_HOME=… python3 bench/bench.py [--runs 15] [--rows 1000000] [--many 10000000] > bench/RESULTS.md

Every table's commands run in turn (A B C A B C …), each before the counted runs once; medians of the wall time, from the
start of the process to its end. A ratio is the median of the ratios of one turn, so a slower minute counts for both.
The peers are what is installed: Alembic (`alembic`), `sqlite3`, `psql` with a server's programs; the official Liquibase
CLI is its class, from the distribution's own jar. What is missing is left out, and said.
"""

import argparse
import glob
import os
import platform
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FLAGS = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmn8m"]
V1 = """CREATE TABLE file_entries (
  id INTEGER NOT NULL, file_path VARCHAR(1000) NOT NULL, status VARCHAR(18) NOT NULL, error_message TEXT,
  created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, PRIMARY KEY (id), UNIQUE (file_path))"""
ROW = "'/srv/media/Series/Season 01/episode ' || {0} || '.mkv', 'UPLOADED', NULL, '2024-05-01 10:00:00', '2024-05-01 11:00:00'"


class Command:
    """A command, what it is called in a table, its environment, and what is done before each run, which is not timed."""

    def __init__(self, name, line, before=None, **variables):
        self.name, self.line, self.before = name, line, before
        self.environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", **variables)
        self.seconds, self.peak = [], 0

    def run(self):
        if self.before:
            self.before()
        start = time.perf_counter()
        process = subprocess.Popen(
            self.line, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        error = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{self.name}: exit code {process.returncode}\n{error.decode()}")
        return seconds, usage.ru_maxrss

    def median(self):
        return statistics.median(self.seconds)


def measure(commands, runs):
    for command in commands:
        command.run()
    for _ in range(runs):
        for command in commands:
            seconds, peak = command.run()
            command.seconds.append(seconds)
            command.peak = max(command.peak, peak)


def ratio(command, *others):
    return statistics.median(
        own / sum(turn) for own, turn in zip(command.seconds, zip(*(other.seconds for other in others)))
    )


def table(header, rows):
    print("| " + " | ".join(header) + " |")
    print("|" + " --- |" * len(header))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def output(*line, **variables):
    return subprocess.run(
        line, env=dict(os.environ, **variables), capture_output=True, text=True, check=True
    )


def first_line(*line):
    result = output(*line)
    return (result.stdout + result.stderr).strip().splitlines()[0]


def make_sqlite(file, rows):
    connection = sqlite3.connect(file)
    connection.execute(V1)
    connection.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO file_entries SELECT i, "
        + ROW.format("i") + " FROM n",
        (rows,),
    )
    connection.commit()
    connection.close()


def copier(source, target):
    def copy():
        shutil.copyfile(source, target)
        # What was written before is not this command's to wait for.
        os.sync()
        for left in glob.glob(target + ".*.bak"):
            os.remove(left)

    return copy


class Bench:
    def __init__(self, arguments, scratch):
        self.arguments, self.scratch = arguments, scratch
        self.java = os.path.join(os.environ["JAVA_HOME"], "bin", "java")
        archives = [a for a in glob.glob(os.path.join(ROOT, "target", "seedarr-db-*.tar.gz")) if "linux" not in a]
        with tarfile.open(archives[0]) as archive:
            archive.extractall(scratch)
        self.home = glob.glob(os.path.join(scratch, "seedarr-db-*"))[0]
        self.program = os.path.join(self.home, "bin", "seedarr-db")

    def path(self, name):
        return os.path.join(self.scratch, name)

    def url(self, name):
        return "sqlite:///" + self.path(name)

    def seedarr(self, name, *words, on="head.db", before=None):
        return Command(name, [self.program, *words], before, DATABASE_URL=self.url(on))

    def alembic(self, name, *words, on="alembic.db", before=None):
        line = ["alembic", "-c", os.path.join(ROOT, "bench", "alembic", "alembic.ini"), *words]
        return Command(name, line, before, DATABASE_URL=self.url(on))

    def official(self, name, *words, on="official.db"):
        arch = platform.machine().replace("amd64", "x86_64")
        line = [self.java, f"-Dorg.sqlite.lib.path={self.home}/lib/org/sqlite/native/Linux/{arch}",
                "--enable-native-access=ALL-UNNAMED", "-cp", os.path.join(self.home, "lib", "seedarr-db.jar"),
                "liquibase.integration.commandline.LiquibaseCommandLine",
                "--search-path=" + self.home, "--url=jdbc:sqlite:" + self.path(on),
                "--changelog-file=changelog/master.yaml", "--analytics-enabled=false", *words]
        return Command(name, line)

    def prepare(self):
        make_sqlite(self.path("v1.db"), 1)
        for name in ("head.db", "alembic.db", "official.db"):
            shutil.copyfile(self.path("v1.db"), self.path(name))
        self.seedarr("", "update", "--no-backup").run()
        self.official("", "update").run()
        if shutil.which("alembic"):
            self.alembic("", "upgrade", "head").run()

    def machine(self):
        cpu = re.search(r"model name\s*: (.*)", open("/proc/cpuinfo").read())
        peers = [first_line(self.java, "-version"), first_line("sqlite3", "--version").split()[0] if shutil.which("sqlite3") else None]
        print("# Results\n")
        print(f"`bench/bench.py` on {time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, {cpu[1] if cpu else platform.machine()}, "
              f"{platform.system()} {platform.release()}.\n")
        print(f"- Java: {peers[0]}; with the flags of the launcher, `{' '.join(FLAGS)}`")
        print(f"- sqlite3: {peers[1] or 'not there'}")
        print(f"- Alembic: {first_line('alembic', '--version') if shutil.which('alembic') else 'not there'}; "
              "an environment without models, `bench/alembic`")
        print("- Liquibase CLI: 4.33.0, its class from the distribution's jar, Java's defaults")
        print(f"- {self.arguments.runs} counted runs in turn; milliseconds are medians, ratios medians of the ratios of a turn\n")

    def start_up(self):
        jvm = Command("java -version", [self.java, *FLAGS, "-version"])
        version = self.seedarr("seedarr-db --version", "--version")
        usage = self.seedarr("seedarr-db --help", "--help")
        status = self.seedarr("seedarr-db status", "status")
        nothing = self.seedarr("seedarr-db update, nothing to do", "update")
        full = self.seedarr("seedarr-db update --no-backup, all of v1", "update", "--no-backup", on="full.db",
                            before=copier(self.path("v1.db"), self.path("full.db")))
        commands = [jvm, version, usage, status, nothing, full]
        against = {}
        if shutil.which("alembic"):
            current = self.alembic("alembic current", "current")
            upgrade = self.alembic("alembic upgrade head, nothing to do", "upgrade", "head")
            whole = self.alembic("alembic upgrade head, all of v1", "upgrade", "head", on="alembic-full.db",
                                 before=copier(self.path("v1.db"), self.path("alembic-full.db")))
            commands += [current, upgrade, whole]
            against = {status: current, nothing: upgrade, full: whole}
        commands.append(self.official("Liquibase CLI status", "status"))
        measure(commands, self.arguments.runs)
        print("## Start-up\n")
        table(["command", "ms", "to java -version", "to Alembic's"],
              [[c.name, f"{1000 * c.median():.0f}", f"{ratio(c, jvm):.2f}",
                f"{ratio(c, against[c]):.2f}" if c in against else ""] for c in commands])

    def memory(self):
        rows = self.arguments.many
        make_sqlite(self.path("many-v1.db"), rows)
        shutil.copyfile(self.path("many-v1.db"), self.path("many-head.db"))
        self.seedarr("", "update", "--no-backup", on="many-head.db").run()
        commands = [
            self.seedarr("status, one row", "status"),
            self.seedarr(f"status, {rows} rows", "status", on="many-head.db"),
            self.seedarr("update, one row", "update", on="one.db", before=copier(self.path("v1.db"), self.path("one.db"))),
            self.seedarr(f"update, {rows} rows", "update", on="many.db",
                         before=copier(self.path("many-v1.db"), self.path("many.db"))),
        ]
        measure(commands, 2)
        print("## Memory\n")
        table(["command", "peak resident MiB"], [[c.name, f"{c.peak / 1024:.0f}"] for c in commands])
        for name in glob.glob(self.path("many*")):
            os.remove(name)

    def big_tables(self):
        rows = self.arguments.rows
        make_sqlite(self.path("big-v1.db"), rows)
        shutil.copyfile(self.path("big-v1.db"), self.path("big-001.db"))
        self.seedarr("", "update", "001", "--no-backup", on="big-001.db").run()
        shutil.copyfile(self.path("v1.db"), self.path("small-001.db"))
        self.seedarr("", "update", "001", "--no-backup", on="small-001.db").run()
        print(f"## {rows} rows\n")
        self.pair("SQLite", "sqlite3", "update 001", ["update", "001"], "big-v1.db", "v1.db")
        self.pair("SQLite", "sqlite3", "rollback base", ["rollback", "base"], "big-001.db", "small-001.db")
        target = self.path("copied.db")

        def forget():
            for name in glob.glob(target + "*"):
                os.remove(name)
            os.sync()

        copy = Command("cp and sync", ["sh", "-c", f"cp {self.path('big-v1.db')} {target} && sync {target}"], forget)
        shutil.copyfile(self.path("big-v1.db"), self.path("backed.db"))
        shutil.copyfile(self.path("v1.db"), self.path("unbacked.db"))

        def clean(name, source):
            return lambda: [copier(self.path(source), self.path(name))()]

        without = self.seedarr("update 003 without backup", "update", "--no-backup", on="backed.db",
                               before=clean("backed.db", "big-001.db"))
        backed = self.seedarr("update 003 with backup", "update", on="backed2.db",
                              before=clean("backed2.db", "big-001.db"))
        measure([copy, without, backed], min(self.arguments.runs, 7))
        backup = [b - w for b, w in zip(backed.seconds, without.seconds)]
        share = statistics.median(b / c for b, c in zip(backup, copy.seconds))
        size = os.path.getsize(self.path("big-001.db")) / 1e6
        table([f"backup of {size:.0f} MB", "ms", "to cp"],
              [[copy.name, f"{1000 * copy.median():.0f}", ""],
               ["the backup of an update: with less without", f"{1000 * statistics.median(backup):.0f}", f"{share:.2f}"]])

    def pair(self, server, shell, name, words, big, small):
        """The command on many rows beside the shell with the same statements, and the command on one row."""
        if not shutil.which(shell):
            print(f"{shell} is not there.\n")
            return
        script = self.path("script.sql")
        with open(script, "w") as file:
            file.write(output(self.program, *words, "--sql", DATABASE_URL=self.url(big)).stdout)
        own = self.seedarr(f"seedarr-db {name}", *words, "--no-backup", on="work.db",
                           before=copier(self.path(big), self.path("work.db")))
        one = self.seedarr("the same on one row", *words, "--no-backup", on="work1.db",
                           before=copier(self.path(small), self.path("work1.db")))
        peer = Command(f"{shell}, its SQL", ["sh", "-c", f"{shell} {self.path('work2.db')} <{script}"],
                       copier(self.path(big), self.path("work2.db")))
        measure([own, peer, one], min(self.arguments.runs, 7))
        table([f"{server}: {name}", "ms", f"to {shell} and one row"],
              [[own.name, f"{1000 * own.median():.0f}", f"{ratio(own, peer, one):.2f}"],
               [peer.name, f"{1000 * peer.median():.0f}", ""],
               [one.name, f"{1000 * one.median():.0f}", ""]])

    def postgresql(self):
        programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
        if not programs or not shutil.which("psql"):
            print("PostgreSQL is not there.\n")
            return
        bin = programs[-1]
        data = self.path("pg")
        os.chmod(self.scratch, 0o755)
        os.mkdir(data)
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        if user:
            shutil.chown(data, "postgres", "postgres")
        output(*user, f"{bin}/initdb", "-D", data, "-A", "trust", "-U", "bench")
        output(*user, f"{bin}/pg_ctl", "-D", data, "-w", "-l", f"{data}/log", "-o", f"-p 54329 -c listen_addresses=127.0.0.1 -k {data}", "start")
        try:
            self.on_server("postgresql://bench@127.0.0.1:54329/")
        finally:
            output(*user, f"{bin}/pg_ctl", "-D", data, "-m", "immediate", "stop")

    def on_server(self, server):
        rows = self.arguments.rows

        def sql(database, text):
            output("psql", "-qX", "-v", "ON_ERROR_STOP=1", server + database, "-c", text)

        v1 = V1.replace("INTEGER", "SERIAL").replace("DATETIME", "TIMESTAMP").replace("VARCHAR(18)", "status")
        states = "'PENDING','SCANNED','ANALYZED','PENDING_APPROVAL','APPROVED','PREPARING','RENAMED','METADATA_GENERATED','UPLOADED','FAILED'"
        for name, count in (("big", rows), ("one", 1)):
            sql("postgres", f"CREATE DATABASE {name}")
            sql(name, f"CREATE TYPE status AS ENUM ({states}); {v1}; INSERT INTO file_entries SELECT i, "
                + ROW.format("i").replace("NULL", "NULL::text").replace("'UPLOADED'", "'UPLOADED'::status")
                .replace("'2024-05-01 10:00:00'", "now()").replace("'2024-05-01 11:00:00'", "now()")
                + f" FROM generate_series(1, {count}) i")
            sql(name, "VACUUM ANALYZE")

        def command(name, *words, on, before=None):
            return Command(name, [self.program, *words], before, DATABASE_URL=server + on)

        for name, words, before in (("update 001", ["update", "001"], ["rollback", "base"]),
                                    ("rollback base", ["rollback", "base"], ["update", "001"])):
            def prepared(database):
                return command("", *before, on=database).run

            for database in ("big", "one"):
                command("", "update", "001", on=database).run()
                command("", "rollback", "base", on=database).run()
                if name != "update 001":
                    command("", "update", "001", on=database).run()
            script = self.path("script.sql")
            with open(script, "w") as file:
                file.write(output(self.program, *words, "--sql", DATABASE_URL=server + "big").stdout)
            command("", *words, on="big").run()
            command("", *words, on="one").run()
            own = command(f"seedarr-db {name}", *words, on="big", before=prepared("big"))
            peer = Command("psql, its SQL", ["psql", "-qX", "-v", "ON_ERROR_STOP=1", server + "big", "-f", script], prepared("big"))
            one = command("the same on one row", *words, on="one", before=prepared("one"))
            measure([own, peer, one], min(self.arguments.runs, 7))
            table([f"PostgreSQL: {name}", "ms", "to psql and one row"],
                  [[own.name, f"{1000 * own.median():.0f}", f"{ratio(own, peer, one):.2f}"],
                   [peer.name, f"{1000 * peer.median():.0f}", ""],
                   [one.name, f"{1000 * one.median():.0f}", ""]])

    def bundle(self):
        bundles = glob.glob(os.path.join(ROOT, "target", "seedarr-db-*-linux*.tar.gz"))
        if bundles:
            print(f"The bundle, packed: {os.path.getsize(bundles[0]) / 2**20:.1f} MiB.\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--many", type=int, default=10_000_000)
    parser.add_argument("--only", default="start_up,big_tables,postgresql,memory,bundle")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(arguments, scratch)
        bench.prepare()
        bench.machine()
        for part in arguments.only.split(","):
            getattr(bench, part)()
            sys.stdout.flush()


main()
