"""Goldens of Tests/BalanceObjectivesTests, by torch in float64. Run: python tools/goldens/losses.py"""

import numpy as np
import sklearn
import torch
import torch.nn.functional as F
from sklearn.utils.class_weight import compute_class_weight

import swiftfile


def loss_of(spec, z, y, w):
    name, _, value = spec.partition(":")
    if name == "cross-entropy":
        return F.cross_entropy(z, y, weight=w)
    if name == "label-smoothing":
        return F.cross_entropy(z, y, weight=w, label_smoothing=float(value))
    # Focal: log(1 - p_y) from the other classes, so that autograd stays exact near p_y = 1.
    own = F.one_hot(y, z.shape[1]).bool()
    total = torch.logsumexp(z, 1)
    log_p = z[own] - total
    log_rest = torch.logsumexp(z.masked_fill(own, -torch.inf), 1) - total
    # The branch that is not taken must be finite too: where() multiplies its gradient by 0.
    near = log_rest < -0.7
    log_p = torch.where(near, torch.log1p(-torch.exp(log_rest.clamp(max=-0.7))), log_p)
    alpha = torch.ones(len(y), dtype=z.dtype) if w is None else w[y]
    return -(alpha * torch.exp(float(value) * log_rest) * log_p).sum() / alpha.sum()


def main():
    generator = torch.Generator().manual_seed(5)
    cases = []
    specs = ["cross-entropy", "focal:0.0", "focal:0.5", "focal:1.0", "focal:2.0", "focal:5.0",
             "label-smoothing:0.0", "label-smoothing:0.1", "label-smoothing:0.5"]
    for spec in specs:
        for n, k, scale in ((6, 3, 1.0), (4, 10, 5.0), (5, 2, 80.0), (1, 4, 300.0)):
            z = (torch.randn(n, k, generator=generator) * scale).float().double()
            y = torch.randint(0, k, (n,), generator=generator)
            w = torch.rand(k, generator=generator).double() * 4
            w[(int(y[0]) + 1) % k] = 0
            for weights in (None, w):
                leaf = z.clone().requires_grad_()
                value = loss_of(spec, leaf, y, weights)
                value.backward()
                cases.append(dict(
                    loss=spec, classes=k, logits=z.flatten().tolist(), labels=y.tolist(),
                    weights=None if weights is None else weights.tolist(),
                    value=value.item(), gradient=leaf.grad.flatten().tolist()))
    counts = [5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50]
    balanced = compute_class_weight(
        "balanced", classes=np.arange(10), y=np.repeat(np.arange(10), counts))
    effective = {}
    for beta in (0.9, 0.999, 0.9999):
        w = (1 - beta) / (1 - np.power(beta, np.array(counts, dtype=np.float64)))
        effective[str(beta)] = (w * 10 / w.sum()).tolist()
    swiftfile.write(
        "BalanceObjectivesTests/LossGoldens.swift", "LossGoldens", "losses.py",
        {"torch": torch.__version__, "scikit-learn": sklearn.__version__},
        dict(cases=cases, counts=counts, balanced=balanced.tolist(), effective=effective))


main()
