"""A job that cannot be reproduced: it writes the time."""

import time

with open("report.txt", "w", encoding="ascii") as out:
    print("the answer is 42", file=out)
    print(f"computed at {time.time_ns()}", file=out)
