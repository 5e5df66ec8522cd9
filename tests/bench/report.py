"""Turns the results of scripts/bench (lines of JSON) into docs/benchmarks.md.

usage: report.py RESULTS "NAME=VERSION"… > docs/benchmarks.md
"""
import datetime
import json
import os
import platform
import subprocess
import sys


def processor():
    for line in subprocess.run(["lscpu"], capture_output=True, text=True).stdout.splitlines():
        if line.startswith("Model name:"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def milliseconds(value):
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.3g} ms"


def main():
    results, *versions = sys.argv[1:]
    entries = [json.loads(line) for line in open(results)]
    ratios = [entry for entry in entries if "ratio" in entry]
    budgets = [entry for entry in entries if "budget" in entry]
    measures = [entry for entry in entries if "measure" in entry]
    times = [entry for entry in entries if "time" in entry]

    print("# Benchmarks\n")
    print("Written by `scripts/bench`, which builds the `bench` preset (portable `-O3`, no fast-math), sets up the Python peers "
          "in\n`.venv` and measures ours and every peer in the same run, taking turns. A time is the shortest of all "
          "repetitions.\n")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(f"{datetime.date.today()}, {processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release()}; "
          + ", ".join(version.replace("=", " ") for version in versions) + ".\n")

    print("## Beside others\n")
    print("“Times as fast” is the peer's time divided by ours.\n")
    print("| work, and the peer | Kinoscope | peer | times as fast | wanted |\n| --- | ---: | ---: | ---: | ---: |")
    for entry in ratios:
        wanted = "" if entry["at_least"] is None else f"≥ {entry['at_least']:.2g}"
        mark = " (below)" if entry["at_least"] is not None and entry["times"] < entry["at_least"] else ""
        print(f"| {entry['ratio']} | {milliseconds(entry['ours_ms'])} | {milliseconds(entry['peer_ms'])} "
              f"| {entry['times']:.2f}{mark} | {wanted} |")

    print("\n## Budgets\n")
    print("| what | measured | budget |\n| --- | ---: | ---: |")
    for entry in budgets:
        mark = " (above)" if entry["ms"] > entry["at_most_ms"] else ""
        print(f"| {entry['budget']} | {milliseconds(entry['ms'])}{mark} | {entry['at_most_ms']:.0f} ms |")

    for entry in measures:
        unit = f" {entry['unit']}" if entry["unit"] else ""
        mark = " (above)" if entry["value"] > entry["at_most"] else ""
        print(f"| {entry['measure']} | {entry['value']:.3g}{unit}{mark} | {entry['at_most']:.0f}{unit} |")

    print("\n## All times\n")
    print("| benchmark | shortest |\n| --- | ---: |")
    for entry in times:
        print(f"| `{entry['time']}` | {milliseconds(entry['ms'])} |")


if __name__ == "__main__":
    main()
