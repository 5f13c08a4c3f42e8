"""The graphs to ask, their queries, and the stores made of them, which are kept from run to run."""

import csv
import pathlib
import shutil
import subprocess
import sys
import time

import pyoxigraph

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SHARED = REPOSITORY.parent / "shared" / "bench"
KEPT = REPOSITORY / "build" / "bench"
BINARIES = REPOSITORY / "build" / "bin"
NEWS_TRIPLES = 5_000_000


class Dataset:
    def __init__(self, key, title, file, queries, source):
        self.key, self.title = key, title
        self.file = file  # of N-Triples
        self.queries = queries  # of names and texts
        self.source = source  # what the file is made of; None: the generator
        self.akyn_store = KEPT / f"akyn-{key}"
        self.oxigraph_store = KEPT / f"oxigraph-{key}"
        self.peer_cache = KEPT / f"peer-{key}.json"

    def available(self):
        """Says why when it is not."""
        if self.source is None or self.source.exists():
            return True
        say(f"{self.title}: skipped, since there is no {self.source}")
        return False

    def named_queries(self):
        with open(self.queries, encoding="utf-8", newline="") as text:
            if self.queries.suffix == ".csv":
                return [(row["description"], row["query"]) for row in csv.DictReader(text)]
            return [tuple(line.rstrip("\n").split("\t")) for line in text if line.strip()]

    def make_file(self):
        if self.file.exists():
            return
        say(f"{self.title}: making {self.file.name}")
        part = self.file.with_suffix(".part")
        if self.source is None:
            with open(part, "wb") as out:
                subprocess.run([BINARIES / "newsgraph", "--triples", str(NEWS_TRIPLES)], stdout=out, check=True)
        else:
            subprocess.run(["zstd", "-dqf", "--long=27", self.source, "-o", part], check=True)
        part.rename(self.file)

    def make_akyn_store(self, akyn):
        """Also when the one there is of a format that this Akyn does not read."""
        readable = self.akyn_store.exists() and not _fails([akyn, "stats", self.akyn_store])
        if not readable:
            _rebuild(self, self.akyn_store, lambda part: subprocess.run([akyn, "load", part, self.file], check=True))

    def make_oxigraph_store(self):
        if not self.oxigraph_store.exists():
            _rebuild(self, self.oxigraph_store, self._load_oxigraph)

    def _load_oxigraph(self, directory):
        store = pyoxigraph.Store(str(directory))
        store.bulk_load(path=str(self.file), format=pyoxigraph.RdfFormat.N_TRIPLES)
        store.optimize()
        store.flush()


def all_datasets():
    return [
        Dataset(
            "bsbm",
            "BSBM",
            KEPT / "bsbm-5000.nt",
            SHARED / "sparqloscope-bsbm-5000.csv",
            SHARED / "bsbm-5000.nt.zst",
        ),
        Dataset(
            "news",
            "News graph",
            KEPT / f"news-{NEWS_TRIPLES}.nt",
            REPOSITORY / "bench" / "newsgraph" / "queries.tsv",
            None,
        ),
    ]


def say(text):
    print(text, file=sys.stderr, flush=True)


def _fails(command):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode != 0


def _rebuild(dataset, directory, load):
    """Under another name first: what is there under its own name is whole."""
    dataset.make_file()
    part = directory.with_name(directory.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.rmtree(directory, ignore_errors=True)
    start = time.perf_counter()
    load(part)
    part.rename(directory)
    say(f"{dataset.title}: {directory.name} made in {time.perf_counter() - start:.1f} s")
