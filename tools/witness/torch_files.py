"""Files of torch.save, and files that look like some and are made to do harm."""

import builtins
import io
import os
import pickle
import subprocess
import zipfile

import torch


def saved(thing, legacy):
    file = io.BytesIO()
    torch.save(thing, file, _use_new_zipfile_serialization=not legacy)
    return file.getvalue()


class Call:
    """Pickled as a call."""

    def __init__(self, function, *arguments):
        self.what = (function, arguments)

    def __reduce__(self):
        return self.what


def archive(data, storages=(), order=b"little"):
    """A file as torch.save would write it around a pickle."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zip:
        zip.writestr("a/data.pkl", data)
        zip.writestr("a/byteorder", order)
        for key, values in storages:
            zip.writestr(f"a/data/{key}", values)
    return file.getvalue()


def zipped(name, data, method=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as zip:
        zip.writestr(name, data)
    return file.getvalue()


def opcodes(thing):
    """Those that push a thing, without what a pickle begins and ends with."""
    return pickle.dumps(thing, 2)[2:-1]


def view(count, offset, shape, strides):
    """A pickle of one tensor that is such a view of a storage of so many values."""
    storage = (b"(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0" + b"0X\3\0\0\0cpu"
               + opcodes(count) + b"tQ")
    rest = b"".join(opcodes(part) for part in (offset, shape, strides, False))
    return b"\x80\2}X\1\0\0\0xctorch._utils\n_rebuild_tensor_v2\n(" + storage + rest + b"}tRs."


def malicious(trace, depth=50_000):
    """Names, bytes, and words that the error must have. What runs leaves a file at `trace`."""
    command = f"touch {trace}"

    def of(thing, protocol=2):
        return archive(pickle.dumps({"x": thing}, protocol))

    def shaped(*parts):
        return archive(view(*parts), [("0", b"\0" * 16)])

    def raw(*parts):
        return archive(b"\x80\2" + b"".join(parts) + b".")

    yield "system", of(Call(os.system, command)), ".system'"
    yield "system of protocol 4", of(Call(os.system, command), 4), ".system'"
    yield "system beside tensors", archive(pickle.dumps(
        {"state_dict": {}, "run": Call(os.system, command)}, 2)), ".system'"
    yield "system as a key", archive(pickle.dumps({Call(os.system, command): 1}, 2)), ".system'"
    yield "popen", of(Call(subprocess.Popen, ["touch", str(trace)])), ".Popen'"
    yield "eval", of(Call(builtins.eval, f"open({str(trace)!r}, 'w')")), "eval'"
    yield "exec", of(Call(builtins.exec, f"open({str(trace)!r}, 'w')")), "exec'"
    yield "open", of(Call(open, str(trace), "w")), "open'"
    yield "getattr", of(Call(getattr, "a", "b")), "getattr'"
    yield "torch.load", raw(b"ctorch\nload\n(tR"), "'torch.load'"
    yield "a name of two lines", raw(b"cos\nsystem\nX\4\0\0\0true\x85R"), "'os.system'"
    yield "a name in parts", raw(b"X\2\0\0\0osX\6\0\0\0system\x93"), "'os.system'"
    yield "a name without end", raw(b"c" + b"o" * 5000), "without end"
    yield "an instance", raw(b"(ios\nsystem\n"), "opcode 0x69"
    yield "a new object", raw(b"cos\nsystem\n)\x81"), "'os.system'"
    yield "an extension", raw(b"\x82\1"), "opcode 0x82"
    yield "a class called", raw(b"ccollections\nOrderedDict\n(K\1tR"), "does not take"
    yield "a storage called", raw(b"ctorch\nFloatStorage\n(tR"), "does not take"
    yield "attributes of a tensor", raw(b"K\1}b"), "no OrderedDict"
    yield "old, a call", pickle.dumps({"x": Call(os.system, command)}, 2), ".system'"
    yield "old, a call behind its mark", (
        pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(1001, 2)
        + pickle.dumps(Call(os.system, command), 2)), ".system'"
    yield "a size of 2^60", shaped(4, 0, (2**60,), (1,)), "beyond its storage"
    yield "a size of 2^60, repeated", shaped(4, 0, (2**60,), (0,)), "more values"
    yield "sizes that overflow", shaped(4, 0, (2**40, 2**40), (0, 0)), "no view"
    yield "a stride of 2^62", shaped(4, 0, (3,), (2**62,)), "beyond its storage"
    yield "a negative stride", shaped(4, 3, (4,), (-1,)), "no view"
    yield "a negative size", shaped(4, 0, (-4,), (1,)), "no view"
    yield "an offset beyond", shaped(4, 3, (2,), (1,)), "beyond its storage"
    yield "a storage of 2^60", shaped(2**60, 0, (4,), (1,)), "has 16 bytes"
    yield "a storage that is not there", archive(view(4, 0, (4,), (1,))), "lacks the values"
    yield "a string of 2^31 bytes", raw(b"X\xff\xff\xff\x7f"), "a string of"
    yield "a string of 2^63 bytes", raw(b"\x8d" + b"\xff" * 8), "claims"
    yield "lists in one another", raw(b"]" * depth, b"a" * (depth - 1)), "no tensors by name"
    yield "tuples in one another", raw(b")", b"\x85" * depth), "no tensors by name"
    yield "itself", raw(b"}q\0X\5\0\0\0modelh\0s"), "no tensors by name"
    yield "a memo that is not there", raw(b"h\7"), "recalls"
    yield "nothing on the stack", raw(), "takes too much"
    yield "a mark too few", raw(b"t"), "a mark too few"
    yield "below a mark", raw(b"K\1(\x85"), "takes too much"
    yield "cut off", archive(b"\x80\2}"), "cut off"
    yield "big-endian", archive(view(4, 0, (4,), (1,)), [("0", b"\0" * 16)], b"big"), "big-endian"
    yield "no pickle", zipped("readme.txt", b"hello"), "without a data.pkl"
    yield "a compressed pickle", zipped(
        "a/data.pkl", b"\x80\2" + b"]" * 99 + b".", zipfile.ZIP_DEFLATED), "compressed"
    script = io.BytesIO()
    torch.jit.save(torch.jit.script(torch.nn.Linear(1, 1)), script)
    yield "a program", script.getvalue(), "TorchScript"
    two = {"a": {"x": torch.zeros(1)}, "b": {"x": torch.ones(1)}}
    yield "several networks", saved(two, False), "several networks: 'a' and 'b'"
    yield "a tensor", saved(torch.zeros(1), False), "no tensors by name"
    yield "a module", saved(torch.nn.Linear(1, 1), False), "torch.nn.modules.linear.Linear'"
