"""Training steps (forward, loss, backward, SGD) here and in PyTorch, taken in turn."""

import os

import duel
import modes

# Model, images a batch, pixels a side.
CASES = [("resnet32", 128, 32), ("cnn", 128, 32)]
ROUNDS, STEPS = int(os.environ.get("BALANCE_BENCH_ROUNDS", 9)), 3


def run(binaries):
    return duel.run(
        binaries, "step", modes.Training, CASES, "images/s of training steps", ROUNDS, STEPS
    )
