"""Akyn, through `akyn bench` reading queries from a pipe: one process for a whole run, as a program that embeds it."""

import pathlib
import re
import tempfile

import answers
from line_process import Ended, LineProcess, Silent
from outcome import Outcome, failed

# A run that is past its timeout by so much will not end by itself.
_PATIENCE = 30


class AkynEngine:
    def __init__(self, program, store, repeat, timeout, threads):
        self._program, self._store = program, store
        self._repeat, self._timeout, self._threads = repeat, timeout, threads
        self._directory = tempfile.TemporaryDirectory(dir=store.parent)
        self._messages = tempfile.TemporaryFile()
        self._process = None
        self._asked = 0

    def ask(self, name, text):
        if self._process is None:
            self._start()
        self._asked += 1
        try:
            self._process.send(f"{_quoted(name)}\t{_quoted(text)}\n")
            line = self._process.line((self._repeat + 1) * (self._timeout + _PATIENCE))
        except Silent:
            self._process.kill()
            self._process = None
            return failed("error: does not heed its timeout")
        except Ended as ended:
            self._process.close()
            self._process = None
            return failed(f"error: ended with exit code {ended.args[0]}")
        _, best, _, _, result = line.split("\t")
        kept = pathlib.Path(self._directory.name) / str(self._asked)
        if result == "timeout" or result.startswith("error: ") or not kept.exists():
            return failed(result)
        answer = answers.read(kept, answers.Query(text))
        kept.unlink()
        return Outcome(float(best), "answered", answer)

    def close(self):
        """Returns the most memory that a process took, in MiB."""
        if self._process is not None:
            self._process.close()
            self._process = None
        self._directory.cleanup()
        self._messages.seek(0)
        return max(map(int, re.findall(rb"peak memory: (\d+) MiB", self._messages.read())), default=0)

    def _start(self):
        self._asked = 0
        command = [self._program, "bench", self._store, "-", "--repeat", self._repeat, "--timeout", self._timeout]
        command += ["--threads", self._threads, "--answers", self._directory.name]
        self._process = LineProcess([str(word) for word in command], self._messages)


def _quoted(field):
    return '"' + field.replace('"', '""') + '"'
