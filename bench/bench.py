#!/usr/bin/env python3
"""Times the distribution that `mvn package` made beside its peers, and prints the tables of RESULTS.md.

    JAVA_HOME=… python3 bench/bench.py --also-java HOME --dbmate PATH > bench/RESULTS.md

Every table's commands run in turn (A B C A B C …), each before the counted runs once; medians of the wall time, from the
start of the process to its end. A ratio is the median of the ratios of one turn, so a slower minute counts for both.
The peers are what is installed: Alembic (`alembic`), `sqlite3`, `psql` with a server's programs; dbmate is the native
program (npm's package dbmate has it as node_modules/@dbmate/PLATFORM/bin/dbmate); the official Liquibase CLI is its class,
from the distribution's own jar. What is missing is left out, and said. What went wrong after a kill is on standard error.
"""

import argparse
import sys
import tempfile

sys.dont_write_bytecode = True

from kills import killed, together
from revisions import verify
from rows import big_tables
from server import postgresql
from startup import bundle, memory, start_up
from tools import Tools

PARTS = {part.__name__: part for part in (start_up, bundle, verify, killed, together, big_tables, postgresql, memory)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--also-java", action="append", default=[], metavar="HOME", help="another JDK for a short table of starts")
    parser.add_argument("--dbmate", metavar="PATH", help="dbmate's native program, where it is not on the PATH")
    parser.add_argument("--runs", type=int, default=15, help="counted runs; at most 7 of the long ones")
    parser.add_argument("--revisions", default="3,28,53,103", help="sizes of the changelogs that verify is timed on")
    parser.add_argument("--verify-runs", type=int, default=1, help="counted runs of verify")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the large tables")
    parser.add_argument("--many", type=int, default=10_000_000, help="rows of the table for memory")
    parser.add_argument("--kills", type=int, default=30, help="kills of each tool")
    parser.add_argument("--kill-rows", type=int, default=200_000, help="rows of the database whose migration is killed")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of eight processes at once")
    parser.add_argument("--only", default=",".join(PARTS), metavar="PARTS", help="some of " + ",".join(PARTS))
    arguments = parser.parse_args()
    parts = arguments.only.split(",")
    for part in parts:
        if part not in PARTS:
            parser.error(f"{part} is no part: {', '.join(PARTS)}")
    with tempfile.TemporaryDirectory() as scratch:
        tools = Tools(arguments, scratch)
        tools.describe()
        for part in parts:
            PARTS[part](tools)
            sys.stdout.flush()


main()
