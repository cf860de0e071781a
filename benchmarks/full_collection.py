"""Seconds and memory of collections of full size of 互联网服务能力.

334 to 337 regions, 257 points, four rounds. Writing five editions of the demonstration, computing
2019 alone and 2018 to 2022 in one call, each in a fresh data folder; of the five also where the
time goes. With --random the values are drawn at random instead.
.venv/bin/python benchmarks/full_collection.py [--random]
"""

import itertools
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from random_collection import write_edition

FRAMEWORK = "internet_service"
GOVINDEX = Path(sys.executable).with_name("govindex")
# A step as the progress on standard error tells it: seconds since the start, and what began.
STEP = re.compile(r"^\s*([\d.]+) s  \S+ \d+ \(.*?\)  (\w+)", re.MULTILINE)


def timed(label: str, environment: dict[str, str], *arguments: str) -> str:
    """Runs the command line, prints what it took, returns its progress."""
    command = [GOVINDEX, *arguments, "--framework", FRAMEWORK]
    start = time.perf_counter()
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    # Of the largest child so far: a smaller one does not show.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{label:20} {seconds:6.1f} s, peak {peak:.0f} MiB")
    return done.stderr


def shares(progress: str) -> dict[str, float]:
    """Share of the time by the kind of step."""
    steps = [(float(seconds), name) for seconds, name in STEP.findall(progress)]
    spent: dict[str, float] = {}
    for (start, name), (end, _) in itertools.pairwise(steps):
        spent[name] = spent.get(name, 0) + end - start
    return {name: seconds / sum(spent.values()) for name, seconds in spent.items()}


def main() -> None:
    """Prints seconds, peak memory, and where the time of five editions goes."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        environment = {**os.environ, "GOVINDEX_RAW": str(root / "raw")}
        (root / "raw").mkdir()
        one, five = ({**environment, "GOVINDEX_DATA": str(root / n)} for n in ("one", "five"))
        if "--random" in sys.argv:
            for edition in range(2018, 2023):
                write_edition(root / "raw", str(edition))
        else:
            timed("demo, five editions", one, "demo")
        timed("2019", one, "run", "--edition", "2019")
        progress = timed("2018 to 2022", five, "run", "--edition", "2018:2022")
        for step, share in sorted(shares(progress).items(), key=lambda item: -item[1]):
            print(f"  {step:18} {share:6.0%}")


if __name__ == "__main__":
    main()
