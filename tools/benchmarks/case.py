"""What is timed, and how often."""

import dataclasses
import os
import pathlib


@dataclasses.dataclass(frozen=True)
class Case:
    model: str
    batch: int
    side: int
    precision: str
    rounds: int = 7
    # Repetitions each system makes in its turn.
    steps: int = 4

    def __str__(self):
        return f"{self.model} {self.side}×{self.side} batch {self.batch} {self.precision}"

    @property
    def turns(self):
        """Rounds, unless the environment asks for fewer."""
        return int(os.environ.get("BALANCE_BENCH_ROUNDS", self.rounds))


def possible(cases):
    """Those that this machine can compute at their precision, as far as --avx2 lets it."""
    flags = pathlib.Path("/proc/cpuinfo").read_text()
    has_bf16 = "avx512_bf16" in flags and os.environ.get("DNNL_MAX_CPU_ISA") != "AVX2"
    return [case for case in cases if case.precision == "f32" or has_bf16]


def threads():
    return len(os.sched_getaffinity(0))
