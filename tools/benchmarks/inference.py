"""Logits in evaluation mode here and in PyTorch, taken in turn."""

import os

import duel
import modes

# Model, images a batch, pixels a side.
CASES = [("resnet32", 1, 32), ("resnet32", 32, 32), ("cnn", 32, 32)]
ROUNDS, STEPS = int(os.environ.get("BALANCE_BENCH_ROUNDS", 9)), 3


def run(binaries):
    return duel.run(
        binaries, "infer", modes.Inference, CASES, "images/s of inference", ROUNDS, STEPS
    )
