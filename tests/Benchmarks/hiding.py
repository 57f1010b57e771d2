#!/usr/bin/env python3
"""hiding.py URL ROUNDS < addresses: whether the time an answer takes tells what is hidden from what never was.

Each line of the input is KIND HIDDEN ABSENT: two addresses of one kind, one of something that is there and may not be read, one of something that is
not. Both are asked by turns in changing order over one connection. Printed are the medians and the chance that the slower of a pair is the hidden
one, with three standard errors: 0.5 means that the time tells nothing.
"""
import http.client
import math
import random
import statistics
import sys
import time
from urllib.parse import urlsplit

url, rounds = urlsplit(sys.argv[1]), int(sys.argv[2])
connection = http.client.HTTPConnection(url.hostname, url.port)


def ask(path):
    begin = time.perf_counter_ns()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return (time.perf_counter_ns() - begin) / 1e6, answer.status


print("| asked for | hidden | absent | the hidden one is slower |")
print("|---|---|---|---|")
for kind, hidden, absent in (line.split() for line in sys.stdin):
    taken = {hidden: [], absent: []}
    slower = 0
    for turn in range(-rounds // 10, rounds):
        pair = [hidden, absent]
        random.shuffle(pair)
        times = {}
        for path in pair:
            times[path], status = ask(path)
            if status != 404:
                sys.exit(f"{path}: {status}, expected 404")
        if turn >= 0:
            for path in pair:
                taken[path].append(times[path])
            slower += times[hidden] > times[absent]
    error = 3 * math.sqrt(0.25 / rounds)
    print(f"| {kind} | {statistics.median(taken[hidden]):.3f} ms | {statistics.median(taken[absent]):.3f} ms | {slower / rounds:.3f} ± {error:.3f} |")
