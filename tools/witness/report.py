"""What all witnesses share: one line a check, `ok|FAIL  name  figure`, and the exit status."""

import sys

_failed = 0


def check(name, passed, figure):
    """Prints the line of one check; a failed one makes `finish` exit with 1."""
    global _failed
    _failed += not passed
    print(f"{'ok' if passed else 'FAIL':4}  {name}  {figure}", flush=True)


def finish():
    sys.exit(1 if _failed else 0)
