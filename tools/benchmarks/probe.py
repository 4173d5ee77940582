"""A process of this project's engine that computes on request."""

import json
import os
import subprocess


class Probe:
    """Makes so many steps each time it is told to, and says how long they took."""

    def __init__(self, binaries, task, case, threads):
        command = [binaries / "engine-probe", task, case.model, case.batch, case.side, threads]
        self.process = subprocess.Popen(
            [str(part) for part in command] + [case.precision], env=self.environment(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        header = self.process.stdout.readline()
        if not header:
            raise RuntimeError(f"engine-probe {task} {case} ended before it began")
        self.about = json.loads(header)
        # Bytes that the process has grown by, from its last answer.
        self.grown = 0

    @staticmethod
    def environment():
        """Without what PyTorch's threads and memory are told."""
        tuned = ("OMP_", "KMP_", "MALLOC_")
        return {k: v for k, v in os.environ.items() if not k.startswith(tuned)}

    def steps(self, count):
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        *times, grown = self.process.stdout.readline().split()
        self.grown = int(grown)
        return [float(part) for part in times]

    def close(self):
        self.process.stdin.close()
        self.process.wait()
