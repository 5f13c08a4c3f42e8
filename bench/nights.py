"""How much slower queries are on a store that was loaded night by night than on one that was loaded at once."""

import argparse
import math
import os
import shutil
import subprocess
import sys
import tempfile
import zlib


def arguments():
    parser = argparse.ArgumentParser(
        prog="./dev bench nights",
        description="Loads most of a news graph into a store and the rest of it night by night, and all of it at once "
        "into another one; asks both the same queries in turn, and prints the ratios of the best times.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--triples", type=int, default=20_000_000, help="of the store before the first night")
    parser.add_argument("--nights", type=int, default=30, help="how many loads follow")
    parser.add_argument("--night-triples", type=int, default=100_000, help="each night")
    parser.add_argument("--cut", choices=["subject", "statement"], default="subject",
                        help="what the nights are cut from the graph by")
    parser.add_argument("--rounds", type=int, default=3, help="how often each store has its turn")
    parser.add_argument("--repeat", type=int, default=5, help="how often each query is asked in a turn")
    parser.add_argument("--only", metavar="TEXT", default="", help="queries with this in their names")
    parser.add_argument("--queries", default="bench/newsgraph/queries.tsv", help="as akyn bench takes them")
    parser.add_argument("--directory", default="build/bench/nights", help="where the stores are kept, once loaded")
    parser.add_argument("--akyn", default="build/bin/akyn", help="the command")
    parser.add_argument("--newsgraph", default="build/bin/newsgraph", help="the generator")
    return parser.parse_args()


def part_of(options, line):
    """0: loaded first; otherwise in which night."""
    if options.cut == "subject":
        line = line[: line.index(b" ")]
    share = zlib.crc32(line) % (options.triples + options.nights * options.night_triples) - options.triples
    return 0 if share < 0 else 1 + share // options.night_triples


def make(options, parts):
    """Writes a graph into as many binary streams as there are parts of it, or all into one."""
    total = options.triples + options.nights * options.night_triples
    command = [options.newsgraph, "--triples", str(total)]
    if len(parts) == 1:
        subprocess.run(command, stdout=parts[0], check=True)
        return
    with subprocess.Popen(command, stdout=subprocess.PIPE) as generator:
        for line in generator.stdout:
            parts[part_of(options, line)].write(line)


def loader(options, store, source):
    command = [options.akyn, "load", store, "-", "--format", "ntriples"]
    return subprocess.Popen(command, stdin=source, stderr=subprocess.PIPE)


def finish(loading):
    said = loading.communicate()[1].decode()
    if loading.returncode != 0:
        sys.exit(said)
    print(said.strip(), file=sys.stderr)


def load_once(options, store):
    loading = loader(options, store, subprocess.PIPE)
    make(options, [loading.stdin])
    finish(loading)


def load_nightly(options, store):
    """Each load in a process of its own."""
    with tempfile.TemporaryDirectory(dir=options.directory) as directory:
        paths = [os.path.join(directory, str(night)) for night in range(options.nights)]
        files = [open(path, "wb") for path in paths]
        loading = loader(options, store, subprocess.PIPE)
        make(options, [loading.stdin, *files])
        finish(loading)
        for path, file in zip(paths, files):
            file.close()
            with open(path, "rb") as night:
                finish(loader(options, store, night))


def prepare(options):
    """The two stores: loaded at once, and night by night."""
    total = f"{options.triples}-{options.nights}x{options.night_triples}"
    stores = []
    for name, load in ((f"{total}.once", load_once), (f"{total}.{options.cut}", load_nightly)):
        store = os.path.join(options.directory, f"{name}.akyn")
        stores.append(store)
        if os.path.exists(store):
            continue
        os.makedirs(options.directory, exist_ok=True)
        print(store, file=sys.stderr)
        unfinished = store + ".part"
        shutil.rmtree(unfinished, ignore_errors=True)
        load(options, unfinished)
        os.rename(unfinished, store)
    return stores


def ask(options, store, queries, answers=None):
    """The best seconds and the answer of each query, by its name."""
    command = [options.akyn, "bench", store, queries, "--threads", "1"]
    command += ["--repeat", str(options.repeat)] if answers is None else ["--repeat", "1", "--answers", answers]
    lines = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout
    rows = [line.split("\t") for line in lines.splitlines()]
    return {row[0]: (float(row[1]), row[4]) for row in rows}


def answer_files(options, store, queries, count):
    with tempfile.TemporaryDirectory() as directory:
        ask(options, store, queries, directory)
        files = []
        for number in range(1, count + 1):
            try:
                with open(os.path.join(directory, str(number)), encoding="utf-8") as file:
                    files.append(sorted(file))
            except FileNotFoundError:  # it had no answer in time
                files.append(None)
        return files


def main():
    options = arguments()
    stores = prepare(options)
    with open(options.queries, encoding="utf-8") as file:
        chosen = [line for line in file if options.only in line.split("\t")[0]]
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as queries:
        queries.writelines(chosen)
        queries.flush()
        best = [{}, {}]
        for number in range(options.rounds):
            for times, store in zip(best, stores):
                print(f"round {number + 1} of {options.rounds}: {store}", file=sys.stderr)
                for name, (seconds, _) in ask(options, store, queries.name).items():
                    times[name] = min(seconds, times.get(name, math.inf))
        answers = [answer_files(options, store, queries.name, len(chosen)) for store in stores]
    ratios = []
    wrong = 0
    print(f"{'query':<70} {'once, ms':>10} {'nights, ms':>10} {'ratio':>6}")
    for number, name in enumerate(best[0]):
        once, nights = best[0][name], best[1][name]
        ratios.append(nights / once)
        same = None in (answers[0][number], answers[1][number]) or answers[0][number] == answers[1][number]
        wrong += not same
        print(f"{name:<70} {once * 1000:>10.2f} {nights * 1000:>10.2f} {ratios[-1]:>6.2f}"
              f"{'' if same else '  THE ANSWERS DIFFER'}")
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    slow = sum(ratio > 1.5 for ratio in ratios)
    print(f"geometric mean {mean:.2f}, {slow} of {len(ratios)} over 1.5, {wrong} answers differ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
