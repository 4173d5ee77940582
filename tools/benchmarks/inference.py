"""Logits in evaluation mode here and in PyTorch, taken in turn."""

import duel
import modes
from case import Case

CASES = [
    Case(model, batch, 224, precision, rounds=9 if batch == 1 else 5, steps=30 if batch == 1 else 3)
    for precision in ("f32", "bf16")
    for model in ("resnet18", "mobilenet_v2")
    for batch in (1, 32)
]


def run(binaries):
    return duel.run(binaries, "infer", modes.Inference, CASES, "images/s of inference")
