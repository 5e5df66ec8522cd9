"""Reads a text table with pandas, pyarrow and polars beside our whole import of it (`table_bench`), two threads each.

The rounds take turns, so that a busy second of the machine falls on all alike; the shortest time of each counts.
usage: table_peers.py TABLE_BENCH FILE.csv ROUNDS RESULTS
"""
import json
import os
import subprocess
import sys
import tempfile
import time

THREADS = 2
os.environ["POLARS_MAX_THREADS"] = str(THREADS)

import pandas
import polars
import pyarrow
import pyarrow.csv

pyarrow.set_cpu_count(THREADS)
ROWS = 2_000_000

READERS = {
    "pandas": lambda path: pandas.read_csv(path),
    "pandas, pyarrow engine": lambda path: pandas.read_csv(path, engine="pyarrow"),
    "pyarrow": lambda path: pyarrow.csv.read_csv(path),
    "polars": lambda path: polars.read_csv(path),
}


def seconds_of(reader, path):
    start = time.perf_counter()
    table = reader(path)
    elapsed = time.perf_counter() - start
    assert len(table) == ROWS, f"{len(table)} rows instead of {ROWS}"
    return elapsed


def seconds_of_ours(program, path):
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as results:
        environment = dict(os.environ, KINO_BENCH_CSV=path, KINO_BENCH_RESULTS=results.name)
        command = [program, "--benchmark_filter=^importTable2MRows", "--benchmark_repetitions=3"]
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        times = [json.loads(line) for line in open(results.name)]
    return min(entry["ms"] for entry in times if "time" in entry) / 1e3


def main():
    program, path, rounds, results = sys.argv[1:]
    ours = "Kinoscope: file to recording, checks and report"
    shortest = {name: float("inf") for name in [ours, *READERS]}
    for _ in range(int(rounds)):
        shortest[ours] = min(shortest[ours], seconds_of_ours(program, path))
        for name, reader in READERS.items():
            shortest[name] = min(shortest[name], *(seconds_of(reader, path) for _ in range(3)))

    megabytes = os.path.getsize(path) / 1e6
    fastest = min(READERS, key=shortest.get)
    print(f"\n2 M x 7 rows, {megabytes:.0f} MB, {THREADS} threads, shortest of {3 * int(rounds)}")
    with open(results, "a") as out:
        for name in READERS:
            ratio = shortest[name] / shortest[ours]
            wanted = 1.0 if name == fastest else None
            print(f"{name:<48} {shortest[ours]:9.3f} s {shortest[name]:9.3f} s {ratio:8.2f}x")
            out.write(json.dumps({"ratio": f"import of 2 M x 7 rows ({megabytes:.0f} MB), report included: {name}",
                                  "ours_ms": shortest[ours] * 1e3, "peer_ms": shortest[name] * 1e3, "times": ratio,
                                  "at_least": wanted}) + "\n")


if __name__ == "__main__":
    main()
