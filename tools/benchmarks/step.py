"""Training steps (forward, loss, backward, SGD) here and in PyTorch, taken in turn."""

import json
import os
import statistics
import subprocess
import time

import torch

import models

BATCH, SIDE, CLASSES = 128, 32, 10
ROUNDS, STEPS = 9, 3


class Ours:
    """A process that makes so many steps each time it is told to, and says how long they took."""

    def __init__(self, probe, model, threads):
        command = [probe, "step", model, str(BATCH), str(SIDE), str(threads)]
        self.process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.about = json.loads(self.process.stdout.readline())

    def steps(self, count):
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        return [float(part) for part in self.process.stdout.readline().split()]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Theirs:
    def __init__(self, name, channels_last):
        torch.manual_seed(0)
        layout = torch.channels_last if channels_last else torch.contiguous_format
        self.model = models.make(name).to(memory_format=layout).train()
        self.pixels = torch.randn(BATCH, 3, SIDE, SIDE).to(memory_format=layout)
        self.labels = torch.randint(CLASSES, (BATCH,))
        self.optimizer = torch.optim.SGD(
            self.model.parameters(), 0.01, momentum=0.9, weight_decay=5e-4
        )

    def steps(self, count):
        times = []
        for _ in range(count):
            start = time.perf_counter()
            self.optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(self.model(self.pixels), self.labels)
            loss.backward()
            self.optimizer.step()
            times.append(time.perf_counter() - start)
        return times


def run(binaries):
    threads = len(os.sched_getaffinity(0))
    torch.set_num_threads(threads)
    rows = []
    about = {}
    for name in ("resnet32", "cnn"):
        ours = Ours(binaries / "engine-probe", name, threads)
        about = ours.about
        others = {"default": Theirs(name, False), "channels-last": Theirs(name, True)}
        times = {key: [] for key in ("ours", *others)}
        ours.steps(3)
        for other in others.values():
            other.steps(3)
        for _ in range(ROUNDS):
            # The other's threads fall asleep before ours run, and the other way.
            time.sleep(0.2)
            times["ours"] += ours.steps(STEPS)
            for key, other in others.items():
                time.sleep(0.2)
                times[key] += other.steps(STEPS)
        ours.close()
        mine = BATCH / statistics.median(times["ours"])
        for key in others:
            theirs = BATCH / statistics.median(times[key])
            rows.append(
                dict(
                    case=f"{name} f32 against PyTorch {key}", ours=mine, theirs=theirs,
                    ratio=mine / theirs,
                )
            )
    versions = {"balance engine": about["versions"], "PyTorch": torch.__version__, "threads": threads}
    return dict(
        unit=f"images/s of training steps, batch {BATCH}, {SIDE}×{SIDE}", rows=rows,
        repetitions=ROUNDS * STEPS, versions=versions,
    )
