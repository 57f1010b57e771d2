#!/usr/bin/env python3
"""interleaved.py PAIRS ONE OTHER FOLDER:JOB…: each job under two commands by turns; medians of time, of user instructions, and of their ratio in a pair."""
import os
import shlex
import statistics
import subprocess
import sys
import time

pairs, one, other, *jobs = sys.argv[1:]


def run(command, folder):
    """Seconds, and instructions in user mode of the command and all that it starts (perf stat), None where they are not counted."""
    counted = ["perf", "stat", "-x,", "-e", "instructions:u", "--", *shlex.split(command)]
    began = time.monotonic()
    subprocess.run(shlex.split(command), cwd=folder, check=True, stdout=subprocess.DEVNULL)
    seconds = time.monotonic() - began
    result = subprocess.run(counted, cwd=folder, capture_output=True, text=True)
    fields = result.stderr.strip().splitlines()[-1].split(",") if result.returncode == 0 and result.stderr else [""]
    return seconds, int(fields[0]) if fields[0].isdigit() else None


print("| job | without, ms | with, ms | with / without in a pair: median (quartiles) | instructions |")
print("|---|---|---|---|---|")
for item in jobs:
    folder, job = item.split(":", 1)
    run(one + job, folder), run(other + job, folder)
    times, counts = ([], []), ([], [])
    for i in range(int(pairs)):
        for which in (0, 1) if i % 2 == 0 else (1, 0):
            seconds, count = run((one, other)[which] + job, folder)
            times[which].append(seconds)
            counts[which].append(count)
    ratios = sorted(b / a for a, b in zip(*times))
    quarter = statistics.quantiles(ratios, n=4)
    many = [statistics.median(c) / 1e6 for c in counts] if None not in counts[0] + counts[1] else None
    print(f"| {os.path.basename(folder)} | {statistics.median(times[0]) * 1e3:.1f} | {statistics.median(times[1]) * 1e3:.1f} "
          f"| {quarter[1]:.3f} ({quarter[0]:.3f}–{quarter[2]:.3f}) | {f'{many[0]:.1f} M, {many[1]:.1f} M' if many else 'not counted here'} |", flush=True)
