"""How much disk Oxigraph takes for an N-Triples file, loaded in bulk and optimized."""

import os
import sys
import tempfile
import time

import pyoxigraph


def bytes_in(directory):
    return sum(
        os.path.getsize(os.path.join(path, name)) for path, _, names in os.walk(directory) for name in names
    )


def main(path):
    # Its background threads may still write while the directory goes.
    with tempfile.TemporaryDirectory(dir=os.path.dirname(path) or ".", ignore_cleanup_errors=True) as directory:
        store = pyoxigraph.Store(directory)
        start = time.perf_counter()
        store.bulk_load(path=path, format=pyoxigraph.RdfFormat.N_TRIPLES)
        loaded = time.perf_counter() - start
        store.optimize()
        statements = len(store)
        store.flush()
        print(f"Oxigraph {pyoxigraph.__version__}: {statements} statements, loaded in {loaded:.2f} s")
        print(f"Oxigraph's bytes on disk for each statement   {bytes_in(directory) / statements:10.1f}")


if __name__ == "__main__":
    main(sys.argv[1])
