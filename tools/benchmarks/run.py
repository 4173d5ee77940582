"""Times this project's programs and the other system in turn and prints medians and ratios."""

import argparse
import importlib
import json
import pathlib
import platform
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "witness"))


def processor():
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "")


def figure(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binaries", required=True)
    parser.add_argument("--json")
    parser.add_argument("names", nargs="+")
    options = parser.parse_args()
    result = {"processor": processor(), "system": platform.platform(), "benchmarks": {}}
    print(f"{result['processor']}, {result['system']}")
    for name in options.names:
        module = importlib.import_module(name)
        outcome = module.run(pathlib.Path(options.binaries))
        result["benchmarks"][name] = outcome
        print(f"== {name}: {', '.join(f'{k} {v}' for k, v in outcome['versions'].items())}")
        print(f"{'':58}{'ours':>10}{'theirs':>10}{'ratio':>9}")
        for row in outcome["rows"]:
            ours, theirs = (figure(row[key]) for key in ("ours", "theirs"))
            print(f"{row['case']:58}{ours:>10}{theirs:>10}{row['ratio']:8.2f}×")
        for note in outcome.get("notes", []):
            print(note)
        print(outcome["unit"], flush=True)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
