"""Goldens of Tests/OptimizersTests, by torch. Run: python tools/goldens/optimizers.py"""

import warnings

import torch

import swiftfile

warnings.filterwarnings("ignore")
EPOCHS = 24


def sgd_case(momentum, decay, nesterov):
    generator = torch.Generator().manual_seed(6)
    start = torch.randn(7, generator=generator)
    gradients = torch.randn(6, 7, generator=generator)
    rates = [0.1, 0.1, 0.05, 0.05, 0.2, 0.01]
    p = torch.nn.Parameter(start.clone())
    optimizer = torch.optim.SGD([p], lr=1, momentum=momentum, weight_decay=decay,
                                nesterov=nesterov, foreach=False)
    after = []
    for rate, gradient in zip(rates, gradients):
        optimizer.param_groups[0]["lr"] = rate
        p.grad = gradient.clone()
        optimizer.step()
        after.append(p.detach().tolist())
    return dict(momentum=momentum, weightDecay=decay, nesterov=nesterov, start=start.tolist(),
                gradients=gradients.tolist(), rates=rates, after=after)


def schedule_case(spelling, base, make):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=base)
    scheduler = make(optimizer)
    rates = []
    for _ in range(EPOCHS):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        scheduler.step()
    return dict(schedule=spelling, base=base, rates=rates)


def main():
    s = torch.optim.lr_scheduler
    swiftfile.write(
        "OptimizersTests/OptimizerGoldens.swift", "OptimizerGoldens", "optimizers.py",
        {"torch": torch.__version__},
        dict(
            sgd=[sgd_case(*c) for c in (
                (0.0, 0.0, False), (0.0, 0.01, False), (0.9, 0.0, False), (0.9, 0.0002, False),
                (0.9, 0.0002, True), (0.5, 0.1, True))],
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
            ]))


main()
