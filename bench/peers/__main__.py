"""Asks Akyn and Oxigraph the same queries, one after the other, and compares times and answers."""

import argparse
import re
import sys
import time

import pyoxigraph

import machine
import report
from akyn_engine import AkynEngine
from datasets import BINARIES, KEPT, REPOSITORY, all_datasets, say
from oxigraph_engine import OxigraphEngine
from peer_cache import PeerCache


def arguments():
    parser = argparse.ArgumentParser(prog="./dev bench peers", description=__doc__)
    parser.add_argument("--dataset", choices=["bsbm", "news"], help="that one alone")
    parser.add_argument("--only", metavar="REGEX", help="queries whose names it finds; RESULTS.md stays as it is")
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="runs of a query, of which the best counts")
    parser.add_argument("--timeout", type=float, default=60, metavar="S", help="seconds for one run of Akyn")
    parser.add_argument("--peer-timeout", type=float, default=60, metavar="S", help="seconds for one run of Oxigraph")
    parser.add_argument("--threads", type=int, default=0, metavar="N", help="for Akyn; 0: all cores")
    parser.add_argument(
        "--cached-peer",
        action="store_true",
        help="take Oxigraph's times and answers from an earlier run where it has them",
    )
    parser.add_argument(
        "--peer-only", action="store_true", help="ask Oxigraph alone, for later runs with --cached-peer"
    )
    return parser.parse_args()


def chosen_queries(dataset, only):
    return [(name, text) for name, text in dataset.named_queries() if not only or re.search(only, name)]


class Peer:
    """Oxigraph, or what is known of it."""

    def __init__(self, dataset, options):
        about = f"Oxigraph {pyoxigraph.__version__}; {machine.describe()}"
        self._dataset, self._options = dataset, options
        self._cache = PeerCache(dataset.peer_cache, about)
        self._engine = None

    def ask(self, name, text):
        known = self._cache.find(name, text) if self._options.cached_peer else None
        if known:
            return known
        if self._engine is None:
            self._dataset.make_oxigraph_store()
            options = self._options
            self._engine = OxigraphEngine(self._dataset.oxigraph_store, options.repeat, options.peer_timeout)
        outcome = self._engine.ask(text)
        self._cache.keep(name, text, outcome)
        return outcome

    def close(self):
        if self._engine is not None:
            self._engine.close()


def ask_peer_alone(dataset, queries, options):
    peer = Peer(dataset, options)
    for name, text in queries:
        outcome = peer.ask(name, text)
        took = f"{outcome.seconds:.4f} s, {outcome.cpu_seconds:.4f} s of CPU" if outcome.answered else outcome.status
        say(f"{name}: {took}")
    peer.close()


def show_progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def ask_both(dataset, queries, options):
    akyn = BINARIES / "akyn"
    dataset.make_akyn_store(akyn)
    peer = Peer(dataset, options)
    engine = AkynEngine(akyn, dataset.akyn_store, options.repeat, options.timeout, options.threads)
    rows = []
    for number, (name, text) in enumerate(queries, 1):
        show_progress(f"{number}/{len(queries)} {name}")
        ours = engine.ask(name, text)
        rows.append(report.Row(name, text, ours, peer.ask(name, text), options.timeout, options.peer_timeout))
    show_progress("")
    peer.close()
    return rows, engine.close()


def main():
    options = arguments()
    KEPT.mkdir(parents=True, exist_ok=True)
    sound = True
    for dataset in all_datasets():
        if (options.dataset and dataset.key != options.dataset) or not dataset.available():
            continue
        queries = chosen_queries(dataset, options.only)
        if not queries:
            continue
        if options.peer_only:
            ask_peer_alone(dataset, queries, options)
            continue
        about = [
            f"Commit {machine.commit(REPOSITORY)}, {time.strftime('%Y-%m-%d', time.gmtime())}, "
            f"beside Oxigraph {pyoxigraph.__version__}{' of an earlier run' if options.cached_peer else ''}. "
            f"{machine.describe()}. Best of {options.repeat} runs, {options.timeout:g} s at most for one.",
        ]
        rows, memory = ask_both(dataset, queries, options)
        sound = sound and not any(row.difference for row in rows)
        print(f"{dataset.title}\n\n{report.table(rows)}\n\n" + "\n".join(report.summary(rows, memory)) + "\n")
        if not options.only:
            report.put_section(REPOSITORY / "bench" / "RESULTS.md", report.section(dataset.title, about, rows, memory))
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
