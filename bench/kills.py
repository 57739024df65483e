"""What is left when a tool is killed, and when eight of it start together."""

import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import state
from measure import make_sqlite, remove, table

HANG = 30
PATIENCE = 90
AT_ONCE = 8
OPTIONS = """
Alembic: as `alembic init` sets it up; then with `transactional_ddl`, SQLAlchemy's recipe for SQLite (`BEGIN IMMEDIATE`) and
`transaction_per_migration` or not. Liquibase's CLI waits for its lock {} (five minutes without an option), and its driver a
minute for SQLite's."""
KILLED = """SIGKILL at {kills} points spread evenly over the tool's own run (ms: the median of three), each on a fresh copy of v1 with
{rows} rows. Killed: not at its end yet. Half-applied: the schema is none of the four that the revisions make, or the tool's own
table says another one, or rows are missing. Next run failed: the same command exits with an error, or hangs for more than {hang} s.
Help needed: so does the run after that, or it does not lead to 003."""
TOGETHER = """{count} processes at once on one v1 database with {rows} rows. Failed: exits with an error, or has not ended after
{patience} s. Wrong end state: not that of 003, by the same look as above. Help needed: the same command alone fails afterwards,
or does not lead to 003."""


class Tool:
    """A tool's own way from v1 to 003, on a database file of its own."""

    def __init__(self, name, command, table, file):
        self.name, self.command, self.table, self.file = name, command, table, file

    def start(self):
        # Into a file, as nobody reads while eight run. A session of its own, so that a kill reaches whatever the tool starts.
        said = tempfile.TemporaryFile()
        process = subprocess.Popen(self.command.line, env=self.command.environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=said, start_new_session=True)
        process.said = said
        return process

    def run(self):
        return self.failure(self.start(), time.monotonic() + HANG)

    def failure(self, process, deadline):
        """What the process failed with, or None. One that hangs is killed."""
        try:
            process.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            kill(process)
            return "hangs"
        finally:
            process.said.seek(0)
            said = process.said.read().decode(errors="replace").strip()
            process.said.close()
        return (said[-400:] or "no message") if process.returncode else None

    def needs_help(self, rows, what):
        """Whether the same command, with nobody beside it, does not lead to the newest revision."""
        failed = self.run()
        count, wrong = state.judge(self.file, self.table, rows)
        if not failed and count == 3 and not wrong:
            return False
        note(self, what, failed or f"leads to {count}: {wrong}")
        return True


def kill(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def note(tool, what, wrong):
    print(f"{tool.name}, {what}: {wrong}\n", file=sys.stderr, flush=True)


def contestants(tools, *lock):
    """Each tool with what its documents offer for SQLite; Liquibase with these options for its lock."""
    found = []

    def add(name, make, table, *words, parameters="", **options):
        file = f"contestant{len(found)}.db"
        found.append(Tool(name, make("", *words, on=file + parameters, **options), table, tools.path(file)))

    add("seedarr-db update", tools.seedarr, state.liquibase, "update")
    if tools.has_alembic:
        add("alembic upgrade head", tools.alembic, state.alembic, "upgrade", "head")
        add("alembic, a transaction each", tools.alembic, state.alembic, "-x", "begin=each", "upgrade", "head")
        add("alembic, one transaction", tools.alembic, state.alembic, "-x", "begin=once", "upgrade", "head")
    if tools.migrator:
        add("dbmate up", tools.dbmate, state.dbmate, "up")
    add("Liquibase CLI update", tools.official, state.liquibase, "update", options=lock, parameters="?busy_timeout=60000")
    return found


def fresh(tool, source):
    remove(tool.file)
    shutil.copyfile(source, tool.file)


def killed(tools):
    state.prove()
    rows, kills = tools.arguments.kill_rows, tools.arguments.kills
    source = tools.path("kill-v1.db")
    make_sqlite(source, rows)
    lines = []
    # Nobody else is there who would free the lock: waiting for it would be in vain.
    for tool in contestants(tools, "--changelog-lock-wait-time-in-minutes=0"):
        lines.append(kill_often(tool, source, rows, kills))
        remove(tool.file)
    remove(source)
    print("## Killed\n")
    table(["command", "ms", "killed", "half-applied", "next run failed", "help needed"], lines)
    print(KILLED.format(kills=kills, rows=rows, hang=HANG) + OPTIONS.format("not at all, as nobody is left who would free it") + "\n")


def kill_often(tool, source, rows, kills):
    times = []
    for _ in range(3):
        fresh(tool, source)
        start = time.monotonic()
        failed = tool.run()
        times.append(time.monotonic() - start)
        if failed or state.judge(tool.file, tool.table, rows) != (3, None):
            sys.exit(f"{tool.name} does not migrate v1: {failed or state.judge(tool.file, tool.table, rows)}")
    whole = statistics.median(times)
    hit = half = again = help = 0
    for point in range(kills):
        fresh(tool, source)
        seconds = whole * (point + 0.5) / kills
        process = tool.start()
        time.sleep(seconds)
        if process.poll() is not None:
            continue
        kill(process)
        hit += 1
        what = f"killed after {1000 * seconds:.0f} ms"
        wrong = state.judge(tool.file, tool.table, rows)[1]
        if wrong:
            note(tool, what, wrong)
            half += 1
        failed = tool.run()
        if failed:
            note(tool, what, f"the next run: {failed}")
            again += 1
        if failed or state.judge(tool.file, tool.table, rows) != (3, None):
            help += tool.needs_help(rows, what)
    return [tool.name, f"{1000 * whole:.0f}", f"{hit} of {kills}", str(half), str(again), str(help)]


def together(tools):
    state.prove()
    rows, rounds = tools.arguments.kill_rows, tools.arguments.rounds
    source = tools.path("together-v1.db")
    make_sqlite(source, rows)
    lines = []
    for tool in contestants(tools, "--changelog-lock-wait-time-in-minutes=1", "--changelog-lock-poll-rate=1"):
        lines.append(start_often(tool, source, rows, rounds))
        remove(tool.file)
    remove(source)
    print("## Started together\n")
    table(["command", "started", "failed", "rounds", "wrong end state", "help needed"], lines)
    print(TOGETHER.format(count=AT_ONCE, rows=rows, patience=PATIENCE) + OPTIONS.format("a minute, looking each second") + "\n")


def start_often(tool, source, rows, rounds):
    failed = wrong = help = 0
    for number in range(rounds):
        fresh(tool, source)
        deadline = time.monotonic() + PATIENCE
        for process in [tool.start() for _ in range(AT_ONCE)]:
            failure = tool.failure(process, deadline)
            if failure:
                note(tool, f"round {number + 1}", failure)
                failed += 1
        count, fault = state.judge(tool.file, tool.table, rows)
        if count != 3 or fault:
            note(tool, f"round {number + 1}", f"the end is {count}: {fault}")
            wrong += 1
        help += tool.needs_help(rows, f"round {number + 1}, alone")
    return [tool.name, str(AT_ONCE * rounds), str(failed), str(rounds), str(wrong), str(help)]
