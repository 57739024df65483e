"""The distribution that `mvn package` made, and the peers that are installed."""

import glob
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import time

from measure import Command, first_line, make_sqlite

BENCH = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(BENCH)
FLAGS = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmn8m"]


class Tools:
    """Makes the commands of each tool; every tool has its own database file in the scratch folder."""

    def __init__(self, arguments, scratch):
        self.arguments, self.scratch = arguments, scratch
        self.java_home = os.environ.get("JAVA_HOME") or sys.exit("JAVA_HOME is not set: it names the Java to measure with")
        self.shell, self.has_alembic = shutil.which("sqlite3"), shutil.which("alembic")
        self.migrator = arguments.dbmate or shutil.which("dbmate")
        archives = [a for a in glob.glob(os.path.join(ROOT, "target", "seedarr-db-*.tar.gz")) if "linux" not in a]
        if not archives:
            sys.exit("target/ has no distribution: mvn package -DskipTests")
        with tarfile.open(max(archives, key=os.path.getmtime)) as archive:
            archive.extractall(scratch)
        self.home = glob.glob(os.path.join(scratch, "seedarr-db-*"))[0]
        self.program = os.path.join(self.home, "bin", "seedarr-db")
        self.prepare()
        self.recorded = {home: self.archives(home) for home in (self.java_home, *arguments.also_java)}

    def path(self, name):
        return os.path.join(self.scratch, name)

    def url(self, name):
        return "sqlite:///" + self.path(name)

    def jvm(self, home):
        return Command("java -version", [os.path.join(home, "bin", "java"), *FLAGS, "-version"])

    def seedarr(self, name, *words, on="head.db", before=None, home=None, java=None):
        line = [os.path.join(home or self.home, "bin", "seedarr-db"), *words]
        return Command(name, line, before, DATABASE_URL=self.url(on), JAVA_HOME=java or self.java_home)

    def alembic(self, name, *words, on="alembic.db", before=None):
        line = ["alembic", "-c", os.path.join(BENCH, "alembic", "alembic.ini"), *words]
        return Command(name, line, before, DATABASE_URL=self.url(on))

    def dbmate(self, name, *words, on="dbmate.db", before=None):
        line = [self.migrator, "--no-dump-schema", "--migrations-dir", os.path.join(BENCH, "dbmate"), *words]
        return Command(name, line, before, DATABASE_URL="sqlite:" + self.path(on))

    def official(self, name, *words, on="official.db", options=()):
        arch = platform.machine().replace("amd64", "x86_64")
        line = [os.path.join(self.java_home, "bin", "java"),
                f"-Dorg.sqlite.lib.path={self.home}/lib/org/sqlite/native/Linux/{arch}",
                "--enable-native-access=ALL-UNNAMED", "-cp", os.path.join(self.home, "lib", "seedarr-db.jar"),
                "liquibase.integration.commandline.LiquibaseCommandLine",
                "--search-path=" + self.home, "--url=jdbc:sqlite:" + self.path(on),
                "--changelog-file=changelog/master.yaml", "--analytics-enabled=false", *options, *words]
        return Command(name, line)

    def archives(self, home):
        """What the distribution has recorded for this Java. Stops where it has nothing, or what this Java does not take."""
        with open(os.path.join(home, "release")) as file:
            build = re.search(r'^JAVA_RUNTIME_VERSION="(.*)"', file.read(), re.M)[1]
        found = sorted(f for f in os.listdir(os.path.join(self.home, "lib", "archives")) if f.startswith(build + "-"))
        if len(found) != 2:
            sys.exit(f"the distribution has no archives for Java {build} of {home}, and would start slower than it can.\n"
                     f"Build it with them: JAVA_HOME={home} mvn package -DskipTests")
        strict = "-XX:AOTMode=on" if found[0].endswith(".aot") else "-Xshare:on"
        for word in "status", "update":
            command = self.seedarr("", word, java=home)
            tried = subprocess.run(command.line, env=dict(command.environment, JDK_JAVA_OPTIONS=strict), capture_output=True, text=True)
            if tried.returncode:
                sys.exit(f"Java {build} of {home} does not take the distribution's archive for {word}.\n"
                         f"Build it anew: JAVA_HOME={home} mvn package -DskipTests\n{tried.stdout}{tried.stderr}")
        return f"the distribution has archives for it ({', '.join(found)}), which it takes"

    def prepare(self):
        make_sqlite(self.path("v1.db"), 1)
        for name in "head.db", "alembic.db", "official.db", "dbmate.db":
            shutil.copyfile(self.path("v1.db"), self.path(name))
        self.seedarr("", "update", "--no-backup").run()
        self.official("", "update").run()
        if self.has_alembic:
            self.alembic("", "upgrade", "head").run()
        if self.migrator:
            self.dbmate("", "up").run()

    def describe(self):
        cpu = re.search(r"model name\s*: (.*)", open("/proc/cpuinfo").read())
        java = os.path.join(self.java_home, "bin", "java")
        print("# Results\n")
        print(f"`bench/bench.py` on {time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, {cpu[1] if cpu else platform.machine()}, "
              f"{platform.system()} {platform.release()}.\n")
        print(f"- Java: {first_line(java, '-version')}; with the flags of the launcher, `{' '.join(FLAGS)}`; "
              f"{self.recorded[self.java_home]}")
        missing = "not there, left out"
        print(f"- sqlite3: {first_line(self.shell, '--version').split()[0] if self.shell else missing}")
        print("- Alembic: " + (f"{first_line('alembic', '--version')}, an environment without models, `bench/alembic`"
                               if self.has_alembic else missing))
        print("- dbmate: " + (f"{first_line(self.migrator, '--version')}, the native program, `bench/dbmate`, `--no-dump-schema`"
                              if self.migrator else missing))
        print("- Liquibase CLI: 4.33.0, its class from the distribution's jar, Java's defaults")
        print(f"- {self.arguments.runs} counted runs in turn; milliseconds are medians, ratios medians of the ratios of a turn\n")
