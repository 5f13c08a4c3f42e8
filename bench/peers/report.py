"""Two engines' times side by side: for the terminal, and as a section of RESULTS.md."""

import math
import statistics

import answers


class Row:
    def __init__(self, name, text, ours, theirs, timeout, peer_timeout):
        self.name, self.ours, self.theirs = name, ours, theirs
        self.difference = None
        if ours.answered and theirs.answered:
            self.difference = answers.difference(answers.Query(text), ours.answer, theirs.answer)
        # Who did not answer took its timeout at least.
        self.ratio = None
        if ours.answered or theirs.answered:
            self.ratio = (theirs.seconds or peer_timeout) / (ours.seconds or timeout)
        self.lost = theirs.answered and not (ours.answered and ours.seconds <= theirs.seconds)

    def bound(self):
        return "" if self.ours.answered and self.theirs.answered else ">" if self.ours.answered else "<"

    def remark(self):
        if self.difference:
            return "differs: " + self.difference
        unanswered = [
            f"{who}: {outcome.status}"
            for who, outcome in (("Akyn", self.ours), ("Oxigraph", self.theirs))
            if not outcome.answered
        ]
        return "; ".join(unanswered)


def _milliseconds(outcome):
    return f"{1000 * outcome.seconds:.2f}" if outcome.answered else outcome.status.partition(":")[0]


def _ratio(row):
    if row.ratio is None:
        return ""
    return row.bound() + (f"{row.ratio:.0f}" if row.ratio >= 100 else f"{row.ratio:.3g}")


def _mean(values):
    return math.exp(statistics.fmean(map(math.log, values))) if values else math.nan


def table(rows):
    """For the terminal."""
    width = max(len(row.name) for row in rows)
    lines = [f"{'':{width}}  {'Akyn ms':>10}  {'Oxigraph ms':>12}  {'ratio':>9}"]
    for row in rows:
        times = f"{_milliseconds(row.ours):>10}  {_milliseconds(row.theirs):>12}  {_ratio(row):>9}"
        lines.append(f"{row.name:{width}}  {times}  {row.remark()}".rstrip())
    return "\n".join(lines)


def summary(rows, memory):
    """Lines of text, of which the first ones are numbers and the others lists of queries."""
    ours = [row.ours.seconds for row in rows if row.ours.answered]
    theirs = [row.theirs.seconds for row in rows if row.theirs.answered]
    ratios = [row.ratio for row in rows if row.ratio is not None]
    lines = [
        f"{len(rows)} queries; answered by Akyn {len(ours)}, by Oxigraph {len(theirs)}",
        f"geometric mean of the ratios: {_mean(ratios):.2f} (who did not answer counts with the time limit)",
        f"geometric means of what each answered: Akyn {1000 * _mean(ours):.2f} ms, "
        f"Oxigraph {1000 * _mean(theirs):.2f} ms",
    ]
    if ours:
        slowest = max((row for row in rows if row.ours.answered), key=lambda row: row.ours.seconds)
        lines.append(f"Akyn's slowest: {1000 * slowest.ours.seconds:.1f} ms, {slowest.name}")
    lines.append(f"Akyn's peak memory: {memory} MiB")
    differing = [f"{row.name}: {row.difference}" for row in rows if row.difference]
    losses = [f"{row.name}: {_milliseconds(row.ours)} to {_milliseconds(row.theirs)}" for row in rows if row.lost]
    for title, names in (("Answers that differ", differing), ("Akyn loses", losses)):
        lines.append(f"{title}: {len(names) or 'none'}")
        lines.extend("  " + name for name in names)
    return lines


def section(title, about, rows, memory):
    """For RESULTS.md."""
    cells = ["| query | Akyn, ms | Oxigraph, ms | ratio | |", "|---|--:|--:|--:|---|"]
    for row in rows:
        remark = row.remark().replace("|", "\\|")
        name = row.name.replace("|", "\\|")
        cells.append(f"| {name} | {_milliseconds(row.ours)} | {_milliseconds(row.theirs)} | {_ratio(row)} | {remark} |")
    text = [f"## {title}", "", *about, ""]
    for line in summary(rows, memory):
        text.append(("  - " if line.startswith("  ") else "- ") + line.strip())
    return "\n".join([*text, "", *cells, ""])


_PREAMBLE = """# Akyn and Oxigraph

Written by `./dev bench peers`; docs/benchmarks.md says how it is measured. A ratio is Oxigraph's time by Akyn's.

"""


def put_section(path, text):
    """Replaces the section of that title, or adds it."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    sections = ["## " + part.strip("\n") + "\n" for part in ("\n" + old).split("\n## ")[1:]]
    title = text.splitlines()[0]
    places = [i for i, part in enumerate(sections) if part.splitlines()[0] == title]
    if places:
        sections[places[0]] = text
    else:
        sections.append(text)
    path.write_text(_PREAMBLE + "\n".join(sections), encoding="utf-8")
