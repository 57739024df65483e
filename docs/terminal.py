#!/usr/bin/env python3
"""Draws docs/terminal.svg: what the commands below print on a terminal, in a folder of their own.

usage: docs/terminal.py     (after `mvn package` or `./seedarr-db --version`)
"""
import html, os, pty, re, sqlite3, subprocess, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CALLS = ["status", "update", "rollback-count 1"]
V1 = """CREATE TABLE file_entries (id INTEGER NOT NULL, file_path VARCHAR(1000) NOT NULL, status VARCHAR(18) NOT NULL,
 error_message TEXT, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, PRIMARY KEY (id), UNIQUE (file_path))"""
# The window has its own background, so the picture is the same on a light and on a dark page.
COLOURS = {"31": "#ff8585", "32": "#7fd88f", "33": "#e6c07b"}
LINE, LETTER = 19, 7.8


def printed(folder, call):
    """What a command writes to a terminal, with its colours."""
    environment = dict(os.environ, DATABASE_URL="sqlite:///./data/seedarr.db", SEEDARR_DB_LIB=ROOT + "/target/lib", TERM="xterm")
    environment.pop("NO_COLOR", None)
    terminal, other = pty.openpty()
    process = subprocess.Popen([ROOT + "/src/main/dist/bin/seedarr-db", *call.split()], cwd=folder, env=environment, stdout=other,
                               stderr=other)
    os.close(other)
    text = b""
    try:
        while chunk := os.read(terminal, 65536):
            text += chunk
    except OSError:  # The end, on Linux.
        pass
    if process.wait() != 0:
        raise SystemExit(text.decode())
    # The line of progress, which is taken away again.
    text = re.sub(r"\r[^\n\r]*\x1b\[K", "", text.decode().replace("\r\n", "\n"))
    text = text.replace(os.path.realpath(folder), "/srv/seedarr").replace(folder, "/srv/seedarr")
    text = re.sub(r"\d{8}T\d{6}Z", "20261124T080000Z", text)
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "2026-11-24 08:00:00", text).splitlines()


def drawn(line):
    parts = re.split(r"\x1b\[(\d+)m", line)
    text = html.escape(parts[0], quote=False)
    for code, part in zip(parts[1::2], parts[2::2]):
        part = html.escape(part, quote=False)
        text += f'<tspan fill="{COLOURS[code]}">{part}</tspan>' if code in COLOURS else part
    return text


with tempfile.TemporaryDirectory() as folder:
    os.mkdir(folder + "/data")
    connection = sqlite3.connect(folder + "/data/seedarr.db")
    connection.execute(V1)
    connection.close()
    lines = []
    for call in CALLS:
        lines += ["$ seedarr-db " + call, *printed(folder, call)]

plain = [re.sub(r"\x1b\[\d+m", "", line) for line in lines]
width, height = round(max(map(len, plain)) * LETTER) + 40, len(lines) * LINE + 66
with open(ROOT + "/docs/terminal.svg", "w") as svg:
    svg.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
              'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="13" '
              'fill="#d7dae0">\n')
    svg.write(f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8" fill="#1f2329" stroke="#5b616b"/>\n')
    for x, colour in ((20, "#ff5f57"), (40, "#febc2e"), (60, "#28c840")):
        svg.write(f'<circle cx="{x}" cy="20" r="6" fill="{colour}"/>\n')
    for number, line in enumerate(lines):
        weight = ' font-weight="bold"' if line.startswith("$ ") else ""
        svg.write(f'<text x="20" y="{54 + number * LINE}" textLength="{len(plain[number]) * LETTER:.0f}"{weight} '
                  f'xml:space="preserve">{drawn(line)}</text>\n')
    svg.write("</svg>\n")
