"""PyTorch's ways of computing, side by side: layouts, and compiled by inductor."""

import contextlib
import os
import time

import torch

import models

MODES = ("default", "channels-last", "channels-last compiled")
if os.environ.get("ATEN_CPU_CAPABILITY") == "avx2":
    torch._inductor.config.cpp.simdlen = 256


class Inference:
    """Logits of a batch in evaluation mode; bf16 weights where bf16 is asked for."""

    def __init__(self, case, mode):
        self.prepare(case, mode)
        self.model.eval()
        if case.precision == "bf16":
            self.model, self.pixels = self.model.bfloat16(), self.pixels.bfloat16()
        if mode.endswith("compiled"):
            torch._inductor.config.freezing = True
            self.model = torch.compile(self.model)

    def prepare(self, case, mode):
        torch.manual_seed(0)
        torch.compiler.reset()
        layout = torch.contiguous_format if mode == "default" else torch.channels_last
        self.model = models.make(case.model).to(memory_format=layout)
        pixels = torch.randn(case.batch, 3, case.side, case.side)
        self.pixels = pixels.to(memory_format=layout)

    def step(self):
        with torch.no_grad():
            self.model(self.pixels)

    def steps(self, count):
        times = []
        for _ in range(count):
            start = time.perf_counter()
            self.step()
            times.append(time.perf_counter() - start)
        return times


class Training(Inference):
    """Forward, loss, backward and an update by SGD; bf16 by autocast over f32 weights."""

    def __init__(self, case, mode):
        self.prepare(case, mode)
        self.model.train()
        self.optimizer = torch.optim.SGD(
            self.model.parameters(), 0.01, momentum=0.9, weight_decay=5e-4
        )
        self.labels = torch.randint(10, (case.batch,))
        self.precision = contextlib.nullcontext
        if case.precision == "bf16":
            self.precision = lambda: torch.autocast("cpu", dtype=torch.bfloat16)
        if mode.endswith("compiled"):
            torch._inductor.config.freezing = False
            self.model = torch.compile(self.model)

    def step(self):
        self.optimizer.zero_grad()
        with self.precision():
            loss = torch.nn.functional.cross_entropy(self.model(self.pixels), self.labels)
        loss.backward()
        self.optimizer.step()
