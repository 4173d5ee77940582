"""A process of this project's engine that computes on request."""

import json
import subprocess


class Probe:
    """Makes so many steps each time it is told to, and says how long they took."""

    def __init__(self, binaries, task, model, batch, side, threads):
        command = [binaries / "engine-probe", task, model, batch, side, threads]
        self.process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        header = self.process.stdout.readline()
        if not header:
            raise RuntimeError(f"engine-probe {task} {model} ended before it began")
        self.about = json.loads(header)

    def steps(self, count):
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        return [float(part) for part in self.process.stdout.readline().split()]

    def close(self):
        self.process.stdin.close()
        self.process.wait()
