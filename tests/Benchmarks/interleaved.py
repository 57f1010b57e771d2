#!/usr/bin/env python3
"""interleaved.py PAIRS ONE OTHER FOLDER:JOB…: each job under two commands by turns; medians of time, of processor time, and of their ratios in a pair."""
import os
import resource
import shlex
import statistics
import subprocess
import sys
import time

pairs, one, other, *jobs = sys.argv[1:]


def used():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(command, folder):
    """Seconds, and seconds of processor time of the command and all that it starts."""
    began, before = time.monotonic(), used()
    subprocess.run(shlex.split(command), cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began, used() - before


def ratio(pair):
    quarter = statistics.quantiles([b / a for a, b in zip(*pair)], n=4)
    return f"{quarter[1]:.3f} ({quarter[0]:.3f}–{quarter[2]:.3f})"


print("| job | without, ms | with, ms | ratio in a pair: median (quartiles) | processor time, ms | ratio |")
print("|---|---|---|---|---|---|")
for item in jobs:
    folder, job = item.split(":", 1)
    run(one + job, folder), run(other + job, folder)
    times, processor = ([], []), ([], [])
    for i in range(int(pairs)):
        for which in (0, 1) if i % 2 == 0 else (1, 0):
            seconds, busy = run((one, other)[which] + job, folder)
            times[which].append(seconds)
            processor[which].append(busy)
    many = [statistics.median(c) * 1e3 for c in processor]
    print(f"| {os.path.basename(folder)} | {statistics.median(times[0]) * 1e3:.1f} | {statistics.median(times[1]) * 1e3:.1f} "
          f"| {ratio(times)} | {many[0]:.1f}, {many[1]:.1f} | {ratio(processor)} |", flush=True)
