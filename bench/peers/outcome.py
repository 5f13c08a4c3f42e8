"""What became of one query on one engine."""

import dataclasses
import typing


@dataclasses.dataclass
class Outcome:
    seconds: typing.Optional[float]  # the best run; None when it was not answered
    status: str  # "answered", "timeout", "error: ..."
    answer: typing.Optional[dict]  # as answers.read() has it
    # Of the engine's process, where that is known: nearer than `seconds` to what an idle machine would take.
    cpu_seconds: typing.Optional[float] = None

    @property
    def answered(self):
        return self.status == "answered"

    def as_json(self):
        return dataclasses.asdict(self)


def failed(status):
    return Outcome(None, status, None)
