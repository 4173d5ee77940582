"""PyTorch's ways of computing, side by side: layouts, and compiled by inductor."""

import time

import torch

import models

MODES = ("default", "channels-last", "channels-last compiled")


class Inference:
    """Logits of a batch in evaluation mode."""

    def __init__(self, name, mode, batch, side):
        torch.manual_seed(0)
        layout = torch.contiguous_format if mode == "default" else torch.channels_last
        self.model = models.make(name).to(memory_format=layout).eval()
        self.pixels = torch.randn(batch, 3, side, side).to(memory_format=layout)
        if mode.endswith("compiled"):
            torch._inductor.config.freezing = True
            self.model = torch.compile(self.model)

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
    """Forward, loss, backward and an update by SGD."""

    def __init__(self, name, mode, batch, side, classes=10):
        super().__init__(name, mode.removesuffix(" compiled"), batch, side)
        self.model.train()
        self.optimizer = torch.optim.SGD(
            self.model.parameters(), 0.01, momentum=0.9, weight_decay=5e-4
        )
        self.labels = torch.randint(classes, (batch,))
        if mode.endswith("compiled"):
            torch._inductor.config.freezing = False
            self.model = torch.compile(self.model)

    def step(self):
        self.optimizer.zero_grad()
        torch.nn.functional.cross_entropy(self.model(self.pixels), self.labels).backward()
        self.optimizer.step()
