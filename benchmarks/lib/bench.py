"""What every benchmark does: say, fail, read a process's CPU time, keep figures."""

import json
import os
import shlex
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
WORK = ROOT / "benchmarks/target"
RESULTS = ROOT / "benchmarks/results"
TICK = os.sysconf("SC_CLK_TCK")


def fail(text):
    sys.exit(f"{Path(sys.argv[0]).name}: {text}")


def say(text):
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def stat(pid):
    """The fields of /proc/PID/stat from the state on."""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def cpu(pid):
    """CPU seconds, of user and system, that the process has had."""
    return sum(map(int, stat(pid)[11:13])) / TICK


def record(name, rows, command):
    """Adds the rows to the results, each with the command that makes it again, flags from outside included."""
    flags = os.environ.get("BFF_JAVA_OPTS")
    if flags:
        command = f"BFF_JAVA_OPTS={shlex.quote(flags)} {command}"
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.jsonl"
    with open(path, "a") as f:
        for row in rows:
            f.write(json.dumps({"command": command, "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())} | row,
                               separators=(",", ":")) + "\n")
    say(f"written to {path.relative_to(ROOT)}")
