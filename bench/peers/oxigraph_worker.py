"""Oxigraph in a process of its own, which can be killed: a query of Oxigraph's cannot be cancelled.

Reads a JSON object a line: the query, how often to time it, and a file for the answer. Says `ran SECONDS CPU-SECONDS`
after every run, the first one being that which writes the file, and `done` or `error: ...` at the end.
"""

import json
import os
import pathlib
import sys
import time

import pyoxigraph


def serialize(result, output):
    if isinstance(result, pyoxigraph.QueryBoolean):
        text = b"true\n" if result else b"false\n"
        if isinstance(output, str):
            pathlib.Path(output).write_bytes(text)
        else:
            output.write(text)
    elif isinstance(result, pyoxigraph.QueryTriples):
        result.serialize(output, pyoxigraph.RdfFormat.N_TRIPLES)
    else:
        result.serialize(output, pyoxigraph.QueryResultsFormat.TSV)


def run(store, query, output):
    start, cpu_start = time.perf_counter(), time.process_time()
    serialize(store.query(query), output)
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
    print(f"ran {seconds} {cpu_seconds}", flush=True)
    return cpu_seconds


def main(directory):
    store = pyoxigraph.Store.read_only(directory)
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            # What is slow is not asked again for its answer's sake.
            if run(store, asked["query"], asked["file"]) <= asked["slow"]:
                # By its path, pyoxigraph would have it synced to the device that it is not.
                with open(os.devnull, "wb", buffering=0) as nowhere:
                    for _ in range(asked["repeat"]):
                        run(store, asked["query"], nowhere)
            print("done", flush=True)
        except (SyntaxError, ValueError, OSError, RuntimeError) as error:
            print("error: " + " ".join(str(error).split()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
