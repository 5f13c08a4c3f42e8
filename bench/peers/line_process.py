"""A child process that is asked and answers in lines."""

import os
import selectors
import subprocess
import time


class Silent(Exception):
    """No line came in time."""


class Ended(Exception):
    """The process ended instead; its exit code is the argument."""


class LineProcess:
    def __init__(self, command, stderr=None):
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._process.stdout, selectors.EVENT_READ)
        self._pending = b""

    def send(self, text):
        try:
            self._process.stdin.write(text.encode())
            self._process.stdin.flush()
        except BrokenPipeError:
            raise Ended(self._process.wait()) from None

    def line(self, seconds):
        """The next line without its end. Raises Silent or Ended."""
        deadline = time.monotonic() + seconds
        while b"\n" not in self._pending:
            if not self._selector.select(max(0.0, deadline - time.monotonic())):
                raise Silent
            chunk = os.read(self._process.stdout.fileno(), 1 << 16)
            if not chunk:
                raise Ended(self._process.wait())
            self._pending += chunk
        line, _, self._pending = self._pending.partition(b"\n")
        return line.decode()

    def kill(self):
        self._process.kill()
        self.close()

    def close(self):
        """Lets it come to its end, which the end of its input is."""
        try:
            self._process.stdin.close()
        except BrokenPipeError:
            pass
        self._process.wait()
        self._process.stdout.close()
        self._selector.close()
