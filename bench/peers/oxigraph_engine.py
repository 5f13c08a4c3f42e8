"""Oxigraph, through a worker process."""

import json
import pathlib
import sys
import tempfile

import answers
from line_process import Ended, LineProcess, Silent
from outcome import Outcome, failed

# A query that takes more seconds than this is asked once.
SLOW = 5.0


class OxigraphEngine:
    def __init__(self, store, repeat, timeout):
        self._store, self._repeat, self._timeout = store, repeat, timeout
        self._directory = tempfile.TemporaryDirectory(dir=store.parent)
        self._worker = None

    def ask(self, text):
        if self._worker is None:
            script = pathlib.Path(__file__).with_name("oxigraph_worker.py")
            self._worker = LineProcess([sys.executable, str(script), str(self._store)])
        file = pathlib.Path(self._directory.name) / "answer"
        file.unlink(missing_ok=True)
        request = {"query": text, "repeat": self._repeat, "slow": SLOW, "file": str(file)}
        runs = []
        try:
            self._worker.send(json.dumps(request) + "\n")
            while (line := self._worker.line(self._timeout)).startswith("ran "):
                runs.append(tuple(map(float, line.split()[1:])))
        except Silent:
            self._worker.kill()
            self._worker = None
            return failed("timeout")
        except Ended as ended:
            self._worker.close()
            self._worker = None
            return failed(f"error: ended with exit code {ended.args[0]}")
        if line != "done":
            return failed(line)
        # The run that wrote the answer is not like the others.
        runs = runs[1:] or runs
        seconds, cpu_seconds = (min(column) for column in zip(*runs))
        return Outcome(seconds, "answered", answers.read(file, answers.Query(text)), cpu_seconds)

    def close(self):
        if self._worker is not None:
            self._worker.close()
            self._worker = None
        self._directory.cleanup()
