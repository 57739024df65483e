#!/usr/bin/env python3
"""Does to seedarr-db what a bad day does, and looks at the database each time.

usage: faults.py [--minutes N] [KIND ...]     (as root, after `mvn package`; needs strace, mount and python3)

A database is lost when it is neither what it was nor what the command makes of it, is not intact, when the backup of a
changed one is missing or something else, when a command that failed left a file, or when the same command cannot be run
again. All of them take hours; --minutes takes them in random order, and stops.
"""
import argparse, collections, concurrent.futures, glob, os, random, re, shutil, signal, sqlite3, subprocess, sys, tempfile, threading, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
COMMAND = os.path.join(ROOT, "src/main/dist/bin/seedarr-db")
BASE = tempfile.mkdtemp(prefix="seedarr-db-faults-")
CALLS = "pwrite64,write,sendfile,copy_file_range,ftruncate,fallocate,fdatasync,fsync,unlink,rename"
WRITES = "pwrite64,write,sendfile,copy_file_range,ftruncate,fallocate"
V1 = """CREATE TABLE file_entries (id INTEGER NOT NULL, file_path VARCHAR(1000) NOT NULL, status VARCHAR(18) NOT NULL,
 error_message TEXT, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, PRIMARY KEY (id), UNIQUE (file_path));
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
INSERT INTO file_entries SELECT i, '/media/' || i, 'PENDING', hex(zeroblob(i % 90)), '2024-01-01', '2024-01-01' FROM n;"""

results = collections.OrderedDict()
lost = []
guard = threading.Lock()


def environment(**more):
    return dict(os.environ, SEEDARR_DB_LIB=os.path.join(ROOT, "target/lib"), **more)


def run(folder, args, before=(), **options):
    return subprocess.run([*before, COMMAND, "--url", "sqlite:///" + folder + "/s.db", *args], env=environment(), cwd=folder,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)


def dump(file):
    """Everything in a database but when it was migrated; opened by plain SQLite, which recovers what has to be."""
    connection = sqlite3.connect(file)
    try:
        found = list(connection.execute("PRAGMA integrity_check"))
        if found != [("ok",)]:
            return "damaged: %s" % found[:3]
        lines = sorted(map(str, connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema")))
        for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall():
            columns = [row[1] for row in connection.execute("PRAGMA table_info(%s)" % table)]
            columns = ['"%s"' % name for name in columns if name not in ("DATEEXECUTED", "DEPLOYMENT_ID")]
            lines += map(str, connection.execute("SELECT %s FROM %s ORDER BY 1" % (", ".join(columns), table)))
        return "\n".join(lines)
    except sqlite3.DatabaseError as error:
        return "damaged: %s" % error
    finally:
        connection.close()


class Scene:
    """A command, the folder that it starts in, and what its database is before and after."""

    def __init__(self, name, mode, args):
        self.name, self.mode, self.args = name, mode, args
        self.label = name + (" (log)" if mode == "wal" else "")
        self.start = os.path.join(BASE, "start-%s-%s" % (name.replace(" ", "-"), mode))
        os.mkdir(self.start)
        connection = sqlite3.connect(self.start + "/s.db")
        connection.execute("PRAGMA journal_mode = " + mode)
        connection.executescript(V1)
        connection.close()
        if name.startswith("restore"):
            shutil.copy(self.start + "/s.db", self.start + "/copy.db")
        if not name.startswith("update") or "--adopt" in args:
            self.check(run(self.start, ["update", "--no-backup"]))
            connection = sqlite3.connect(self.start + "/s.db")
            connection.execute("INSERT INTO tags VALUES (1, 't', 'l', NULL, NULL, '2024-01-01', '2024-01-01')")
            if "--adopt" in args:
                connection.execute("DROP TABLE DATABASECHANGELOG")
                connection.execute("DROP INDEX idx_tags_label")
            connection.commit()
            connection.close()
        self.old = dump(self.start + "/s.db")
        folder = self.fresh()
        began = time.time()
        self.check(run(folder, self.args))
        self.seconds = time.time() - began
        self.new = dump(folder + "/s.db")
        shutil.rmtree(folder)
        assert self.old != self.new and not (self.old + self.new).startswith("damaged"), self.label

    @staticmethod
    def check(done):
        assert done.returncode == 0, done.stderr

    def fresh(self, at=None):
        folder = tempfile.mkdtemp(prefix="run-", dir=BASE) if at is None else at
        for name in os.listdir(self.start):
            shutil.copy(self.start + "/" + name, folder)
        return folder

    def paths(self, folder):
        names = ("s.db", "s.db-journal", "s.db-wal", "s.db-shm", "s.db.partial-backup", "s.db.partial-backup-journal")
        return [word for name in names for word in ("-P", folder + "/" + name)]


def verdict(kind, scene, folder, done, failed_cleanly=False, rerun=True, note=""):
    """Looks at what is left: counts it as old or new, or as lost with the reason."""
    with_backup = "--no-backup" not in scene.args
    complaint = None
    now = dump(folder + "/s.db")
    state = "old" if now == scene.old else "new" if now == scene.new else "lost"
    backups = glob.glob(folder + "/s.db.*.bak")
    left = [name for name in os.listdir(folder) if name not in os.listdir(scene.start) and not name.endswith(".bak")]
    if state == "lost":
        complaint = "neither old nor new: " + now[:200]
    elif state == "new" and with_backup and [dump(file) for file in backups] != [scene.old]:
        complaint = "the backup is missing or something else: %s" % backups
    elif failed_cleanly and done.returncode != 0 and state == "new" and "nothing was changed" in done.stderr:
        complaint = "said that nothing was changed"
    elif left and state == "new" and done.returncode == 0:
        complaint = "left %s" % left
    elif failed_cleanly and done.returncode == 0 and state == "old":
        complaint = "nothing was done and no error told"
    elif failed_cleanly and done.returncode != 0 and state == "old" and (
            left or any(os.path.basename(file) not in done.stderr for file in backups)):
        complaint = "left %s %s" % (left, backups)
    elif failed_cleanly and done.returncode != 0 and not (done.stderr.startswith("error: ") and done.stderr.count("\n") <= 3):
        complaint = "said: " + done.stderr
    elif any(dump(file) != scene.old for file in backups):
        complaint = "a backup is not what was there"
    elif rerun and state == "old":
        again = run(folder, scene.args)
        left = [name for name in os.listdir(folder) if "partial" in name]
        if again.returncode != 0 or dump(folder + "/s.db") != scene.new or left:
            complaint = "the next one failed: %s %s" % (again.stderr, left)
    with guard:
        row = results.setdefault(kind, collections.Counter())
        row["tried"] += 1
        row[state] += 1
        if complaint:
            row["bad"] += 1
            lost.append("%s, %s %s: %s" % (kind, scene.label, note, complaint))
            print(lost[-1], file=sys.stderr)
            shutil.copytree(folder, os.path.join(BASE, "lost-%d" % len(lost)), dirs_exist_ok=True)
    shutil.rmtree(folder)


def calls(scene, which):
    """Returns how many system calls of a kind a run makes on the files of the database."""
    folder = scene.fresh()
    log = folder + ".log"
    run(folder, scene.args, ["strace", "-f", "--seccomp-bpf", "-qq", "-o", log, "-e", "trace=" + which, *scene.paths(folder)])
    with open(log) as lines:
        per_thread = collections.Counter(line.split()[0] for line in lines if "resumed" not in line)
    shutil.rmtree(folder)
    os.remove(log)
    return max(per_thread.values())


def inject(scene, which, fault):
    folder = scene.fresh()
    done = run(folder, scene.args, ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + which,
                                    "-e", "inject=%s:%s" % (which, fault), *scene.paths(folder)])
    return folder, done


def kill_at_calls(scene, n):
    folder, done = inject(scene, CALLS, "signal=KILL:when=%d" % n)
    verdict("kill -9 at a write or sync", scene, folder, done, note="call %d" % n)


def fail_call(scene, n, which, fault, kind):
    folder, done = inject(scene, which, fault % n)
    verdict(kind, scene, folder, done, failed_cleanly=True, note="call %d" % n)


def at_random(kind, number, scene, moment):
    folder = scene.fresh()
    process = subprocess.Popen([COMMAND, "--url", "sqlite:///" + folder + "/s.db", *scene.args], env=environment(), cwd=folder,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               # What runs in the background inherits that SIGINT is ignored.
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    time.sleep(moment * scene.seconds)
    process.send_signal(number)
    out, err = process.communicate()
    done = subprocess.CompletedProcess([], process.returncode, out, err)
    note = "after %.3f s" % (moment * scene.seconds)
    # Before Java has begun, the signal is the shell's or the system's, and nobody can say so.
    is_javas = number != signal.SIGKILL and process.returncode != -number and (out or err)
    if is_javas and (process.returncode not in (0, 128 + number) or "done: " not in out and "stopped by a signal" not in err):
        lost.append("%s, %s %s: exit code %s: %s%s" % (kind, scene.label, note, process.returncode, out, err))
        print(lost[-1], file=sys.stderr)
    verdict(kind, scene, folder, done, failed_cleanly=err != "", note=note)


def mounted(kind, scene, options, note="", then=None):
    """Runs on a file system of its own, whose content is looked at elsewhere."""
    folder = tempfile.mkdtemp(prefix="mount-", dir=BASE)
    subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", folder], check=True)
    try:
        scene.fresh(folder)
        if then:
            subprocess.run([*then, folder], check=True)
        done = run(folder, scene.args)
        kept = tempfile.mkdtemp(prefix="run-", dir=BASE)
        shutil.copytree(folder, kept, dirs_exist_ok=True)
    finally:
        subprocess.run(["umount", folder], check=True)
        os.rmdir(folder)
    verdict(kind, scene, kept, done, failed_cleanly=True, note=note)


def full_disk(scene, kilobytes):
    used = sum(os.path.getsize(scene.start + "/" + name) for name in os.listdir(scene.start)) // 1024
    mounted("full disk", scene, ["-o", "size=%dk" % (used + kilobytes)], "%d kB left" % kilobytes)


def read_only(scene):
    mounted("read-only file system", scene, [], then=["mount", "-o", "remount,ro"])


def closed_pipe(scene):
    folder = scene.fresh()
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([COMMAND, "--url", "sqlite:///" + folder + "/s.db", *scene.args], env=environment(), cwd=folder,
                          stdin=subprocess.DEVNULL, stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    verdict("closed pipe on stdout", scene, folder, done, failed_cleanly=True)


def clock(scene, change):
    folder = scene.fresh()
    done = run(folder, scene.args, ["faketime", "-f", change])
    verdict("clock set back or forth", scene, folder, done, failed_cleanly=True, note=change)


class File:
    """A file with what is on disk and what is only written."""

    def __init__(self):
        self.disk, self.written, self.pending = b"", bytearray(), []

    def write(self, at, data):
        self.written[len(self.written):at] = bytes(max(0, at - len(self.written)))
        self.written[at:at + len(data)] = data
        self.pending.append((at, data))

    def truncate(self, size):
        self.written[:] = self.written[:size].ljust(size, b"\0")
        self.pending.append((size, None))

    def sync(self):
        self.disk, self.pending = bytes(self.written), []

    def after_power_cut(self, chance):
        """What was written and not synced is there or not, each write for itself."""
        disk = bytearray(self.disk)
        for at, data in self.pending:
            if chance.random() < 0.5:
                if data is None:
                    disk[:] = disk[:at].ljust(at, b"\0")
                else:
                    disk[len(disk):at] = bytes(max(0, at - len(disk)))
                    disk[at:at + len(data)] = data
        return bytes(disk)


CALL = re.compile(r'^\d+ +(?:\S+ +)?(\w+)\((.*)\) += (-?\d+)')


def text(escaped):
    return bytes(int(digits, 16) for digits in re.findall(r"\\x(..)", escaped))


def whole(lines):
    """Puts the halves of a call together between which strace saw another thread."""
    halves = {}
    for line in lines:
        thread = line.split(" ", 1)[0]
        if "<unfinished ...>" in line:
            halves[thread] = line.split(" <unfinished ...>")[0]
        elif " resumed>" in line:
            yield halves.pop(thread, "") + line.split(" resumed>", 1)[1]
        else:
            yield line


def power_cuts(scene):
    """Records every write and sync of one run, and cuts the power before and after each sync."""
    folder = scene.fresh()
    log = folder + ".log"
    run(folder, scene.args, ["strace", "-f", "-y", "-xx", "-s", "2000000", "-qq", "-o", log, "-e", "signal=none", "-e",
                             "trace=openat,pwrite64,write,sendfile,copy_file_range,ftruncate,fdatasync,fsync,unlink,rename"])
    shutil.rmtree(folder)
    names, known = {}, {}
    for name in os.listdir(scene.start):
        names[name] = File()
        with open(scene.start + "/" + name, "rb") as content:
            names[name].written[:] = content.read()
        names[name].sync()
    durable_names = dict(names)
    inside = folder.encode() + b"/"
    chance = random.Random(1)
    count = 0

    def named(path):
        return path[len(inside):].decode() if path.startswith(inside) else None

    def of_descriptor(arguments):
        path = re.search(r"\d+<([^>]*)>", arguments).group(1)
        path = text(path) if "\\x" in path else path.encode()
        return named(path.replace(b" (deleted)", b"")), path

    def cut():
        for variant in range(4):
            there = durable_names if variant in (0, 2) else names
            into = tempfile.mkdtemp(prefix="run-", dir=BASE)
            for name, file in there.items():
                content = file.disk if variant in (0, 1) else bytes(file.written) if variant == 2 else file.after_power_cut(chance)
                with open(into + "/" + name, "wb") as out:
                    out.write(content)
            # Names whose creation is not on disk may hold nothing; SQLite takes no notice of them.
            now = dump(into + "/s.db")
            state = "old" if now == scene.old else "new" if now == scene.new else "lost"
            bad = None
            if state == "lost":
                bad = "neither old nor new: " + now[:200]
            elif state == "new" and "--no-backup" not in scene.args:
                kept = [dump(file) for file in glob.glob(into + "/s.db.*.bak")]
                bad = None if kept == [scene.old] else "the backup is not on disk before the change"
            row = results.setdefault("power cut", collections.Counter())
            row["tried"] += 1
            row[state] += 1
            if bad:
                row["bad"] += 1
                lost.append("power cut, %s, sync %d variant %d: %s" % (scene.label, count, variant, bad))
                print(lost[-1], file=sys.stderr)
            shutil.rmtree(into)

    with open(log) as lines:
        for line in whole(lines):
            match = CALL.match(line)
            if not match or match.group(3).startswith("-"):
                continue
            call, arguments, result = match.groups()
            if call == "openat":
                path = text(arguments.split('"')[1])
                name = named(path)
                if name and "O_CREAT" in arguments and name not in names:
                    names[name] = File()
            elif call in ("unlink", "rename"):
                found = [named(text(part)) for part in re.findall(r'"([^"]*)"', arguments)]
                if found[0] in names:
                    file = names.pop(found[0])
                    if call == "rename":
                        names[found[1]] = file
            elif call in ("sendfile", "copy_file_range"):
                ends = [of_descriptor(end)[0] for end in re.findall(r"\d+<[^>]*>", arguments)]
                to, source = ends if call == "sendfile" else reversed(ends)
                if to in names:
                    at = int(re.search(r"\[(\d+)\]", arguments).group(1))
                    file = names[to]
                    file.write(len(file.written), bytes(names[source].written[at:at + int(result)]))
            else:
                name, path = of_descriptor(arguments)
                if call in ("fsync", "fdatasync") and path + b"/" == inside:
                    durable_names = dict(names)
                    continue
                if name not in names:
                    continue
                file = names[name]
                if call in ("pwrite64", "write"):
                    data = text(arguments.split('"')[1])
                    file.write(int(arguments.rsplit(", ", 1)[1]) if call == "pwrite64" else len(file.written), data)
                elif call == "ftruncate":
                    file.truncate(int(arguments.rsplit(", ", 1)[1]))
                else:
                    count += 1
                    cut()
                    file.sync()
                    durable_names.setdefault(name, file)
                    cut()
    os.remove(log)
    assert count > 1, "no syncs were seen"


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--minutes", type=float, default=600)
    options.add_argument("--command", default="", help="only commands whose name begins so")
    options.add_argument("kinds", nargs="*", help="kill calls errors full readonly power signals pipe clock")
    options = options.parse_args()
    wanted = set(options.kinds) or set("kill calls errors full readonly power signals pipe clock".split())
    scenes = [Scene(name, mode, args) for mode in ("delete", "wal") for name, args in (
        ("update", ["update"]), ("update without backup", ["update", "--no-backup"]),
        ("update adopting", ["update", "--adopt"]), ("rollback", ["rollback", "base"]),
        ("restore", ["restore", "copy.db"])) if name.startswith(options.command)]
    chance = random.Random(2)
    jobs = []
    for scene in scenes:
        if "kill" in wanted:
            jobs += [(at_random, "kill -9 at a random moment", signal.SIGKILL, scene, chance.random()) for _ in range(40)]
        if "signals" in wanted:
            for number in (signal.SIGTERM, signal.SIGINT):
                jobs += [(at_random, number.name, number, scene, 0.2 + 0.8 * chance.random()) for _ in range(20)]
        if "calls" in wanted:
            jobs += [(kill_at_calls, scene, n) for n in range(1, calls(scene, CALLS) + 1)]
        if "errors" in wanted:
            for which, fault, kind in ((WRITES, "error=EIO:when=%d", "I/O error in one write"),
                                       (WRITES, "error=ENOSPC:when=%d+", "no room from one write on"),
                                       ("fdatasync,fsync", "error=EIO:when=%d", "I/O error in one sync"),
                                       ("unlink,rename", "error=EIO:when=%d", "I/O error in one unlink or rename")):
                jobs += [(fail_call, scene, n, which, fault, kind) for n in range(1, calls(scene, which) + 1)]
        if "full" in wanted:
            jobs += [(full_disk, scene, kilobytes) for kilobytes in range(0, 400, 12)]
        if "readonly" in wanted:
            jobs.append((read_only, scene))
        if "pipe" in wanted:
            jobs.append((closed_pipe, scene))
        if "clock" in wanted and shutil.which("faketime"):
            jobs += [(clock, scene, change) for change in ("-3y", "-1d", "+3y")]
    print("%d faults to try, beside power cuts" % len(jobs))
    chance.shuffle(jobs)
    began = time.time()

    def try_one(call, *arguments):
        if time.time() - began < 60 * options.minutes:
            call(*arguments)

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(try_one, *job) for job in jobs]:
            future.result()
    if "power" in wanted:
        for scene in scenes:
            power_cuts(scene)
    print("%-30s %7s %7s %7s %7s" % ("fault", "tried", "old", "new", "lost"))
    for kind, row in results.items():
        print("%-30s %7d %7d %7d %7d" % (kind, row["tried"], row["old"], row["new"], row["bad"]))
    print("%d faults in %d s, %d bad" % (sum(row["tried"] for row in results.values()), time.time() - began, len(lost)))
    if not lost:
        shutil.rmtree(BASE)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
