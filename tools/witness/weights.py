#!/usr/bin/env python3
"""Reads files of torch.save that PyTorch wrote, and files made to do harm.

    weights.py --probe engine-probe [--fuzz tools/fuzz]

Random dictionaries of tensors (all dtypes, views, shared storages, prefixes, nested as trainings
keep them) must come out bit for bit as PyTorch has them in single precision. 30 malicious pickles
must each be an error of the program, and leave no trace; 2,000 mutated files must be read or be an
error. With --fuzz both are fed once more to the reader under AddressSanitizer, within its bounds of
time and memory.
"""

import argparse
import json
import pathlib
import random
import resource
import struct
import subprocess
import tempfile

import torch

import torch_files
from report import check, finish

FILES, MUTATED = 60, 2000
NAMES = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
    torch.int64: "I64", torch.int32: "I32", torch.int16: "I16", torch.int8: "I8",
    torch.uint8: "U8", torch.bool: "BOOL",
}
# Bytes that the probe may have, of memory that it maps.
MEMORY = 2 << 30


def random_tensor(chance):
    shape = [chance.randint(1, 5) for _ in range(chance.randint(0, 4))]
    whole = torch.randn([size + 2 for size in shape]) * 10 ** chance.randint(-3, 3)
    kind = chance.choice(list(NAMES))
    whole = whole.to(kind) if kind != torch.bool else whole > 0
    view = whole[tuple(slice(chance.randint(0, 2), None, chance.randint(1, 2)) for _ in shape)]
    return view.permute(*chance.sample(range(view.dim()), view.dim())) if view.dim() > 1 else view


def random_state(chance):
    prefix = chance.choice(["", "module.", "_orig_mod.module.", "backbone."])
    state = {f"{prefix}layer{i}.weight": random_tensor(chance) for i in range(chance.randint(1, 9))}
    # Two that share all or a part of a storage.
    base = torch.randn(6, 4)
    state.update({f"{prefix}tied": base, f"{prefix}tied.too": base, f"{prefix}part": base[2:4].t()})
    return state


def read(probe, file, folder):
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    return subprocess.run(
        [probe, "weights", file, folder], capture_output=True, text=True, preexec_fn=limit)


def refused(result):
    """Whether the program said what is wrong."""
    return result.returncode == 1 and result.stderr.startswith("engine-probe: ")


def equals(state, folder):
    listed = json.loads((folder / "tensors.json").read_text())
    values = (folder / "values.bin").read_bytes()
    if [entry["name"] for entry in listed] != sorted(state):
        return False
    for entry in listed:
        tensor = state[entry["name"]]
        if entry["shape"] != list(tensor.shape) or entry["dtype"] != NAMES[tensor.dtype]:
            return False
        if tensor.is_floating_point():
            expected = tensor.float().contiguous().numpy().tobytes()
            if not values.startswith(expected):
                return False
            values = values[len(expected):]
    return not values


def mutated(data, chance):
    data = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data))
        way = chance.randrange(5)
        if way == 0:
            data[place] ^= 1 << chance.randrange(8)
        elif way == 1:
            data[place:place + 8] = struct.pack("<Q", chance.choice([0, 1, 2**31, 2**60, 2**64 - 1]))
        elif way == 2:
            del data[place:place + chance.randint(1, 40)]
        elif way == 3:
            data[place:place] = data[:chance.randint(1, 40)]
        else:
            del data[place:]
        if not data:
            break
    return bytes(data)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--probe", required=True)
    parser.add_argument("--fuzz")
    options = parser.parse_args()
    chance = random.Random(3)
    torch.manual_seed(3)
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        out = folder / "out"
        out.mkdir()
        originals, wrong = [], 0
        for number in range(FILES):
            state = random_state(chance)
            wrap = chance.choice([None, "state_dict", "model", "model_ema"])
            thing = {wrap: state, "epoch": number} if wrap else state
            data = torch_files.saved(thing, legacy=number % 2 == 1)
            originals.append(data)
            file = folder / f"{number}.pth"
            file.write_bytes(data)
            result = read(options.probe, file, out)
            same = result.returncode == 0 and equals(state, out)
            wrong += not same
            if not same:
                print(f"      {file.name}: {result.stderr.strip()}")
        check(f"{FILES} files of torch.save, half of them legacy", wrong == 0, f"{FILES - wrong} equal")

        harmful, wrong = [], []
        trace = folder / "trace"
        for name, data, _ in torch_files.malicious(trace):
            file = folder / f"harm-{name.replace(' ', '-')}.pth"
            file.write_bytes(data)
            harmful.append(file)
            result = read(options.probe, file, out)
            if not refused(result) or trace.exists():
                wrong.append(f"{name}: {result.returncode} {result.stderr.strip()}")
        check(f"{len(harmful)} malicious pickles", not wrong and len(harmful) >= 30,
              f"{len(harmful) - len(wrong)} refused" + "".join(f"\n      {line}" for line in wrong))

        files, crashed = [], []
        for number in range(MUTATED):
            file = folder / f"mutated-{number}.pth"
            file.write_bytes(mutated(chance.choice(originals), chance))
            files.append(file)
            result = read(options.probe, file, out)
            if result.returncode != 0 and not refused(result):
                crashed.append(f"{file.name}: {result.returncode} {result.stderr.strip()[-200:]}")
        check(f"{MUTATED} mutated files", not crashed,
              f"{MUTATED - len(crashed)} read or refused" + "".join(f"\n      {x}" for x in crashed[:5]))

        if options.fuzz:
            result = subprocess.run(
                [options.fuzz, "torch", "0", *files, *harmful], capture_output=True, text=True)
            check("the same under AddressSanitizer", result.returncode == 0,
                  "nothing found" if result.returncode == 0 else result.stderr[-500:])
    finish()


main()
