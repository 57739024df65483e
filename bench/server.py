"""A million rows in PostgreSQL, beside psql, on a server of its own."""

import glob
import os
import shutil

from measure import ROW, V1, Command, beside, measure, output

STATES = "'PENDING','SCANNED','ANALYZED','PENDING_APPROVAL','APPROVED','PREPARING','RENAMED','METADATA_GENERATED','UPLOADED','FAILED'"


def postgresql(tools):
    programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not programs or not shutil.which("psql"):
        print("PostgreSQL is not there: its tables are left out.\n")
        return
    bin = programs[-1]
    data = tools.path("pg")
    os.chmod(tools.scratch, 0o755)
    os.mkdir(data)
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(data, "postgres", "postgres")
    output(*user, f"{bin}/initdb", "-D", data, "-A", "trust", "-U", "bench")
    options = f"-p 54329 -c listen_addresses=127.0.0.1 -k {data}"
    output(*user, f"{bin}/pg_ctl", "-D", data, "-w", "-l", f"{data}/log", "-o", options, "start")
    try:
        on_server(tools, "postgresql://bench@127.0.0.1:54329/")
    finally:
        output(*user, f"{bin}/pg_ctl", "-D", data, "-m", "immediate", "stop")


def fill(server, database, rows):
    def sql(where, text):
        output("psql", "-qX", "-v", "ON_ERROR_STOP=1", server + where, "-c", text)

    v1 = V1.replace("INTEGER", "SERIAL").replace("DATETIME", "TIMESTAMP").replace("VARCHAR(18)", "status")
    row = (ROW.format("i").replace("NULL", "NULL::text").replace("'UPLOADED'", "'UPLOADED'::status")
           .replace("'2024-05-01 10:00:00'", "now()").replace("'2024-05-01 11:00:00'", "now()"))
    sql("postgres", f"CREATE DATABASE {database}")
    sql(database, f"CREATE TYPE status AS ENUM ({STATES}); {v1}; "
        f"INSERT INTO file_entries SELECT i, {row} FROM generate_series(1, {rows}) i")
    sql(database, "VACUUM ANALYZE")


def on_server(tools, server):
    fill(server, "big", tools.arguments.rows)
    fill(server, "one", 1)

    def command(name, *words, on, before=None):
        return Command(name, [tools.program, *words], before, DATABASE_URL=server + on, JAVA_HOME=tools.java_home)

    for name, words, before in (("update 001", ["update", "001"], ["rollback", "base"]),
                                ("rollback base", ["rollback", "base"], ["update", "001"])):
        def prepared(database):
            return command("", *before, on=database).run

        for database in ("big", "one"):
            command("", "update", "001", on=database).run()
            command("", "rollback", "base", on=database).run()
            if name != "update 001":
                command("", "update", "001", on=database).run()
        script = tools.path("script.sql")
        with open(script, "w") as file:
            file.write(command("", *words, "--sql", on="big").output())
        command("", *words, on="big").run()
        command("", *words, on="one").run()
        own = command(f"seedarr-db {name}", *words, on="big", before=prepared("big"))
        peer = Command("psql, its SQL", ["psql", "-qX", "-v", "ON_ERROR_STOP=1", server + "big", "-f", script], prepared("big"))
        one = command("the same on one row", *words, on="one", before=prepared("one"))
        measure([own, peer, one], min(tools.arguments.runs, 7))
        beside(f"PostgreSQL: {name}", own, peer, one, "psql")
