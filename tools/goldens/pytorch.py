"""Prints Tests/Goldens/pytorch.json: files of torch.save with the values that are in them, and
pickles that no reader of weights may follow.

    python tools/goldens/pytorch.py > Tests/Goldens/pytorch.json

Needs torch.
"""

import base64
import json
import pathlib
import sys

import torch

sys.path.append(str(pathlib.Path(__file__).parent.parent / "witness"))
from torch_files import malicious, saved


def text(data):
    return base64.b64encode(data).decode()


def described(tensors):
    """Values in single precision where they are real numbers."""
    return {
        name: {
            "dtype": str(tensor.dtype).removeprefix("torch."),
            "shape": list(tensor.shape),
            "values": text(tensor.detach().float().contiguous().numpy().tobytes())
            if tensor.is_floating_point()
            else None,
        }
        for name, tensor in tensors.items()
    }


def states():
    """What is saved, the tensors in it, and what is to be said of which of them they are."""
    torch.manual_seed(0)
    base = torch.randn(4, 6)
    plain = {"fc.weight": torch.randn(2, 1), "fc.bias": torch.randn(2)}
    yield "plain", plain, plain, None
    network = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3, bias=False), torch.nn.BatchNorm2d(2))
    yield "module", network.state_dict(), network.state_dict(), None
    parameters = dict(network.named_parameters())
    yield "parameters", parameters, parameters, None
    kinds = (torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16,
             torch.int8, torch.uint8, torch.bool)
    dtypes = {str(kind).removeprefix("torch."): (3 * base[0]).to(kind) for kind in kinds}
    yield "dtypes", dtypes, dtypes, None
    views = {
        "whole": base, "row": base[2], "column": base[:, 3], "transposed": base.t(),
        "steps": base[::2, 1::2], "repeated": base[1].expand(3, 6), "scalar": base[1, 1],
        "none": base[:0], "last": base[3, 5:], "half": base.half()[1:, 2:5],
        "channels": torch.randn(2, 3, 2, 2).contiguous(memory_format=torch.channels_last),
    }
    yield "views", views, views, None
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
    network(torch.randn(2, 1, 5, 5)).sum().backward()
    optimizer.step()
    checkpoint = {"epoch": 3, "best": 0.5, "state_dict": network.state_dict(),
                  "optimizer": optimizer.state_dict(), "classes": ["a", "ä"], "none": None}
    yield "checkpoint", checkpoint, network.state_dict(), None
    two = {"model": plain, "model_ema": {k: v + 1 for k, v in plain.items()}}
    yield "two", two, plain, "'model' is read of it; there are also 'model_ema'"
    deep = {"model": {"state_dict": plain}, "args": {"lr": 0.1}}
    yield "deep", deep, plain, None
    yield "single", {"generator": plain, "step": 2**40}, plain, None


def main():
    files = []
    for name, thing, tensors, note in states():
        for legacy in (False, True):
            files.append({
                "name": f"{name}, {'legacy' if legacy else 'zip'}", "bytes": text(saved(thing, legacy)),
                "tensors": described(tensors), "note": note})
    print(json.dumps({
        "versions": {"torch": torch.__version__},
        "files": files,
        "refused": [
            {"name": name, "bytes": text(data), "words": words} for name, data, words in malicious("trace", depth=2000)],
    }, ensure_ascii=False))


main()
