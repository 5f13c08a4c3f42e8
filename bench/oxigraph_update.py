"""What changes cost in Oxigraph: the statements of bench/update_report.cpp, in a store that is removed afterwards."""

import os
import sys
import tempfile
import time

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad

TRANSACTION_ROWS = 10_000
TRANSACTIONS = 100
SMALL_COMMITS = 500
GRAPH_ROWS = 100_000
BASE = "http://example.org/"
INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")


def statement(number, graph=None):
    subject = NamedNode(f"{BASE}event/{number // 5}")
    graph = [] if graph is None else [graph]
    kind = number % 5
    if kind == 0:
        return Quad(subject, NamedNode(BASE + "participant"), NamedNode(f"{BASE}actor/{number % 997}"), *graph)
    if kind == 1:
        return Quad(subject, NamedNode(BASE + "place"), NamedNode(f"{BASE}place/{number % 101}"), *graph)
    if kind == 2:
        return Quad(subject, NamedNode(BASE + "count"), Literal(str(number), datatype=INTEGER), *graph)
    if kind == 3:
        title = Literal(f"What happened on occasion number {number}")
        return Quad(subject, NamedNode(BASE + "title"), title, *graph)
    return Quad(subject, NamedNode(BASE + "type"), NamedNode(BASE + "Meeting"), *graph)


def seconds_of(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(parent):
    # Its background threads may still write while the directory goes.
    with tempfile.TemporaryDirectory(dir=parent, ignore_cleanup_errors=True) as directory:
        store = pyoxigraph.Store(os.path.join(directory, "store"))
        quads = [statement(i) for i in range(SMALL_COMMITS)]
        alone = seconds_of(lambda: [store.add(quad) for quad in quads])
        print(f"oxigraph: commits of one statement {SMALL_COMMITS / alone:.0f} a second", flush=True)
        first = SMALL_COMMITS
        parts = []
        for _ in range(TRANSACTIONS):
            parts.append([statement(i) for i in range(first, first + TRANSACTION_ROWS)])
            first += TRANSACTION_ROWS
        seconds = seconds_of(lambda: [store.extend(part) for part in parts])
        rate = TRANSACTION_ROWS * TRANSACTIONS / seconds
        print(f"oxigraph: transactions of {TRANSACTION_ROWS} statements {rate:.0f} statements a second", flush=True)
        graph = NamedNode(BASE + "graph")
        store.extend([statement(i, graph) for i in range(GRAPH_ROWS)])
        other = [statement(i, graph) for i in range(GRAPH_ROWS // 2, GRAPH_ROWS // 2 + GRAPH_ROWS)]

        def replace():
            store.clear_graph(graph)
            store.extend(other)

        print(f"oxigraph: a graph of {GRAPH_ROWS} statements replaced in {seconds_of(replace):.2f} s", flush=True)
        prefix = f"PREFIX : <{BASE}> "
        where = "INSERT { ?actor :at ?place } WHERE { ?event :participant ?actor ; :place ?place }"
        rename = "DELETE { ?s :title ?o } INSERT { ?s :label ?o } WHERE { ?s :title ?o }"
        print(f"oxigraph: INSERT WHERE in {seconds_of(lambda: store.update(prefix + where)):.2f} s", flush=True)
        print(
            f"oxigraph: statements given another predicate in {seconds_of(lambda: store.update(prefix + rename)):.2f} s",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else ".")
