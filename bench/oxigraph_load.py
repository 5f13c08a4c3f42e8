"""How fast Oxigraph loads N-Triples files in bulk, each into a new store."""

import os
import resource
import sys
import tempfile
import time

import pyoxigraph


def main(paths):
    for path in paths:
        # Its background threads may still write while the directory goes.
        with tempfile.TemporaryDirectory(dir=os.path.dirname(path) or ".", ignore_cleanup_errors=True) as directory:
            store = pyoxigraph.Store(directory)
            before = resource.getrusage(resource.RUSAGE_SELF)
            start = time.perf_counter()
            store.bulk_load(path=path, format=pyoxigraph.RdfFormat.N_TRIPLES)
            seconds = time.perf_counter() - start
            after = resource.getrusage(resource.RUSAGE_SELF)
            processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            statements = len(store)
            print(
                f"oxigraph: {statements} statements, {seconds:.2f} s, {statements / seconds:.0f} a second, "
                f"{processor:.2f} s of processors, {after.ru_maxrss // 1024} MB",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
