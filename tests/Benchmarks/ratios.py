#!/usr/bin/env python3
"""ratios.py FOLDER START WORKLOAD…: medians of hyperfine's results as ratios to bare, each recorder's own start-up taken off."""
import json
import sys

folder, start, *workloads = sys.argv[1:]


def medians(name):
    with open(f"{folder}/{name}.json", encoding="utf-8") as file:
        return {r["command"]: (r["median"], any(r["exit_codes"])) for r in json.load(file)["results"]}


starts = medians(start)
rows = {name: medians(name) for name in workloads}
print(f"| recorder | start-up | {' | '.join(workloads)} |")
print("|---" * (len(workloads) + 2) + "|")
for command, (own, failed) in starts.items():
    cells = [f"{own * 1000:.0f} ms" + (" (failed)" if failed else "")]
    for name in workloads:
        bare = rows[name]["bare"][0] - starts["bare"][0]
        taken, failed = rows[name][command]
        cells.append(f"{bare:.3f} s" if command == "bare" else f"{(taken - own) / bare:.2f}" + (" (failed)" if failed else ""))
    print(f"| {command} | {' | '.join(cells)} |")
print()
