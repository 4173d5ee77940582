"""Training steps (forward, loss, backward, SGD) here and in PyTorch, taken in turn."""

import duel
import modes
from case import Case

CASES = [
    Case("resnet32", 128, 32, "f32"),
    Case("resnet32", 128, 32, "bf16"),
    Case("cnn", 128, 32, "f32", rounds=12, steps=15),
    Case("cnn", 128, 32, "bf16", rounds=12, steps=15),
    Case("resnet18", 32, 224, "f32", rounds=5, steps=2),
]


def run(binaries):
    return duel.run(binaries, "step", modes.Training, CASES, "images/s of training steps")
