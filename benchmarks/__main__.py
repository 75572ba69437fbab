"""Prints the library's times beside torch's, and writes their ratios as JSON."""

import argparse
import json
import os
from pathlib import Path

from benchmarks.measuring import ONE_THREAD, measure

RESULTS = Path(__file__).parent.parent / "_build/benchmarks/course_lib.json"


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--output", type=Path, default=RESULTS, help="the JSON file")
    parser.add_argument(
        "--quick", action="store_true", help="tiny sizes, to see that everything runs"
    )
    options = parser.parse_args()

    os.environ.update(ONE_THREAD)
    from benchmarks.cases import all_cases  # imports NumPy and torch, which read it

    print(f"{'ours':>10}{'torch':>12}{'ratio':>8}{'bound':>7}")
    results = []
    for case in all_cases(scale=0.01 if options.quick else 1.0):
        found = measure(case, seconds=0.0 if options.quick else 5.0, rounds=3)
        late = "  over its bound" if found.ratio > case.bound else ""
        print(
            f"{found.ours:7.3f} {case.unit:3}{found.theirs:8.3f} {case.unit:3}"
            f"{found.ratio:8.2f}{case.bound:7.2f}  {case.name}{late}",
            flush=True,
        )
        results.append(
            {
                "name": case.name,
                "ratio": round(found.ratio, 3),
                "bound": case.bound,
                "better": "lower",
            }
        )
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(f"written to {options.output}")


if __name__ == "__main__":
    main()
