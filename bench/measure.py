"""Commands that are timed, the tables of their figures, and the databases that they work on."""

import glob
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time

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
            sys.exit(f"{self.name or self.line}: exit code {process.returncode}\n{error.decode()}")
        return seconds, usage.ru_maxrss

    def output(self):
        return output(*self.line, **self.environment).stdout

    def median(self):
        return statistics.median(self.seconds)

    def ms(self):
        return f"{1000 * self.median():.0f}"


def measure(commands, runs, warm=True):
    """Runs the commands in turn, each before the counted runs once."""
    if warm:
        for command in commands:
            command.run()
    for _ in range(runs):
        for command in commands:
            seconds, peak = command.run()
            command.seconds.append(seconds)
            command.peak = max(command.peak, peak)


def ratio(command, *others):
    """The median of the ratios of one turn: to the other command, or to all the others together."""
    return statistics.median(
        own / sum(turn) for own, turn in zip(command.seconds, zip(*(other.seconds for other in others)))
    )


def table(header, rows):
    print("| " + " | ".join(header) + " |")
    print("|" + " --- |" * len(header))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def beside(title, own, peer, one, shell):
    """The table of a command on many rows beside the database's shell and the command on one row."""
    table([title, "ms", f"to {shell} and one row"],
          [[own.name, own.ms(), f"{ratio(own, peer, one):.2f}"], [peer.name, peer.ms(), ""], [one.name, one.ms(), ""]])


def less(title, name, more, fewer, peer, program):
    """The table of what a command takes longer than another, beside a program that does this alone."""
    longer = [m - f for m, f in zip(more.seconds, fewer.seconds)]
    share = statistics.median(own / other for own, other in zip(longer, peer.seconds))
    table([title, "ms", f"to {program}"],
          [[peer.name, peer.ms(), ""], [name, f"{1000 * statistics.median(longer):.0f}", f"{share:.2f}"]])


def output(*line, **variables):
    return subprocess.run(line, env=dict(os.environ, **variables), capture_output=True, text=True, check=True)


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


def remove(file):
    """Removes a database, its journal and its backups."""
    for left in [file, *glob.glob(file + "-*"), *glob.glob(file + ".*")]:
        if os.path.exists(left):
            os.remove(left)


def copier(source, target):
    def copy():
        remove(target)
        shutil.copyfile(source, target)
        # What was written before is not this command's to wait for.
        os.sync()

    return copy
