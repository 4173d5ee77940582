"""Goldens of Tests/BalanceOptimizersTests, by torch and adamp. Run: python tools/goldens/optimizers.py"""

import warnings
from importlib import metadata

import adamp
import torch

import swiftfile

warnings.filterwarnings("ignore")
EPOCHS = 24
# Of an AdamP projection by channel, by layer and of none.
WEIGHTS = [[1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0]]
GRADIENTS = [
    [[2.0, -1.0, 0.0, 0.0], [0.0, 0.0, 1.0, -2.0]],
    [[0.0, 0.0, 4.0, -3.0], [1.0, -1.0, -1.0, 1.0]],
    [[1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0]],
    [[1.0, 1.0, 1.0, 1.0], [-1.0, -1.0, -1.0, -1.0]],
    [[0.0, 0.0, 0.0, 0.0], [0.5, -2.0, 1.0, 0.25]],
    [[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]],
]
RATES = [0.1, 0.1, 0.05, 0.05, 0.2, 0.01]


def rule_case(spelling, make, momentum=0.9, decay=0.0):
    p = torch.nn.Parameter(torch.tensor(WEIGHTS))
    optimizer = make([p], momentum, decay)
    after = []
    for rate, gradient in zip(RATES, GRADIENTS):
        optimizer.param_groups[0]["lr"] = rate
        p.grad = torch.tensor(gradient)
        optimizer.step()
        after.append(p.detach().flatten().tolist())
    return dict(optimizer=spelling, momentum=momentum, weightDecay=decay, after=after)


def sgd(nesterov=False):
    return lambda p, momentum, decay: torch.optim.SGD(
        p, lr=1, momentum=momentum, weight_decay=decay, nesterov=nesterov, foreach=False)


def adam(kind, **options):
    return lambda p, _, decay: kind(p, lr=1, weight_decay=decay, **options)


def schedule_case(spelling, base, make):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=base)
    scheduler = make(optimizer)
    rates = []
    for epoch in range(EPOCHS):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        if epoch + 1 < EPOCHS:
            scheduler.step()
    return dict(schedule=spelling, base=base, rates=rates)


def main():
    s = torch.optim.lr_scheduler
    plain = dict(foreach=False)
    swiftfile.write(
        "BalanceOptimizersTests/OptimizerGoldens.swift", "OptimizerGoldens", "optimizers.py",
        {"torch": torch.__version__, "adamp": metadata.version("adamp")},
        dict(
            shape=[2, 4], start=sum(WEIGHTS, []), rates=RATES,
            gradients=[sum(g, []) for g in GRADIENTS],
            rules=[
                rule_case("sgd", sgd(), 0.0), rule_case("sgd", sgd(), 0.0, 0.01),
                rule_case("sgd", sgd()), rule_case("sgd", sgd(), 0.9, 0.0002),
                rule_case("nesterov", sgd(True), 0.9, 0.0002),
                rule_case("nesterov", sgd(True), 0.5, 0.1),
                rule_case("adam", adam(torch.optim.Adam, **plain), decay=0.01),
                rule_case("adam:0.8:0.99:1e-06",
                          adam(torch.optim.Adam, betas=(0.8, 0.99), eps=1e-6, **plain)),
                rule_case("adamw", adam(torch.optim.AdamW, **plain), decay=0.05),
                rule_case("adamp", adam(adamp.AdamP), decay=0.01),
                rule_case("adamp", adam(adamp.AdamP)),
                rule_case("adamp-nesterov:0.9:0.999:1e-08:0.5:0.2",
                          adam(adamp.AdamP, nesterov=True, delta=0.5, wd_ratio=0.2), decay=0.1),
            ],
            epochs=EPOCHS,
            schedules=[
                schedule_case("constant", 0.3, lambda o: s.ConstantLR(o, 1.0, EPOCHS)),
                schedule_case("step:5:0.3", 0.1, lambda o: s.StepLR(o, 5, 0.3)),
                schedule_case("step:1:0.9", 2.0, lambda o: s.StepLR(o, 1, 0.9)),
                schedule_case("multistep:3,11,12:0.01", 0.1,
                              lambda o: s.MultiStepLR(o, [3, 11, 12], 0.01)),
                schedule_case("cosine", 0.1, lambda o: s.CosineAnnealingLR(o, EPOCHS)),
                schedule_case("cosine:0.001", 0.5,
                              lambda o: s.CosineAnnealingLR(o, EPOCHS, 0.001)),
                schedule_case("cosine-restarts:3:2:0.01", 0.5,
                              lambda o: s.CosineAnnealingWarmRestarts(o, 3, 2, 0.01)),
                schedule_case("polynomial:0.9", 0.1, lambda o: s.PolynomialLR(o, EPOCHS, 0.9)),
                schedule_case("one-cycle:0.25:10:100", 0.5, lambda o: s.OneCycleLR(
                    o, 0.5, total_steps=EPOCHS, pct_start=0.25, div_factor=10,
                    final_div_factor=100, cycle_momentum=False)),
            ]))


main()
