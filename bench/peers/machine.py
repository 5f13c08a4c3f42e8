"""Where and of what a measurement was taken."""

import os
import pathlib
import platform
import subprocess


def describe():
    cpu = _field("/proc/cpuinfo", "model name") or platform.machine()
    memory = int((_field("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) / (1 << 20)
    load = os.getloadavg()[0]
    return f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GiB; load average at the start {load:.1f}"


def commit(repository):
    def git(*words):
        return subprocess.run(["git", "-C", repository, *words], capture_output=True, text=True, check=False).stdout

    changed = [line for line in git("status", "--porcelain", "-uno").splitlines() if "RESULTS.md" not in line]
    return git("rev-parse", "--short", "HEAD").strip() + (" with changes" if changed else "")


def _field(file, name):
    for line in pathlib.Path(file).read_text(encoding="utf-8").splitlines():
        if line.startswith(name):
            return line.partition(":")[2].strip()
    return None
