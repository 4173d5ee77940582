"""Prints Tests/Goldens/images.json: what Pillow makes of small files of every kind.

    python tools/goldens/images.py > Tests/Goldens/images.json

The images are made here, from formulas; nothing is read. Needs numpy and Pillow.
"""

import base64
import io
import json
import struct
import warnings
import zlib

import numpy as np
import PIL
from PIL import Image, ImageOps, features

WIDTH, HEIGHT = 13, 9


def pattern(width, height, channels):
    """The same formula as `pattern` in the Swift tests: ramps with sharp edges."""
    y, x, c = np.ogrid[:height, :width, :channels]
    return ((x * 7 + y * 13 + c * 31 + (x // 3) * (y // 2) * 29) % 256).astype(np.uint8)


def smooth(width, height, channels):
    y, x, c = np.ogrid[:height, :width, :channels]
    return (128 + 100 * np.sin(x / 4 + c) * np.cos(y / 3 - c)).astype(np.uint8)


def png(width, height, depth, color, samples, interlaced=False, chunks=()):
    """A PNG by hand, for the kinds that Pillow does not write. `samples` is [H, W, values]."""

    def pack(rows):
        out = b""
        for row in rows:
            out += b"\0"
            flat = row.reshape(-1)
            if depth == 16:
                out += flat.astype(">u2").tobytes()
            elif depth == 8:
                out += flat.astype(np.uint8).tobytes()
            else:
                bits = np.unpackbits(flat.astype(np.uint8)[:, None], axis=1)[:, 8 - depth :]
                out += np.packbits(bits.reshape(-1)).tobytes()
        return out

    adam7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
             (0, 1, 1, 2)]
    if interlaced:
        data = b"".join(
            pack(samples[y::dy, x::dx]) for x, y, dx, dy in adam7 if samples[y::dy, x::dx].size)
    else:
        data = pack(samples)

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(
            ">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunk(*c) for c in chunks)
            + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b""))


def pnm(samples, maximum, is_plain):
    """A PGM or PPM by hand. `samples` is [H, W, 1 or 3]."""
    height, width, values = samples.shape
    kind = {1: 2, 3: 3}[values] + (0 if is_plain else 3)
    header = f"P{kind}\n# made by hand\n{width} {height}\n{maximum}\n".encode()
    if is_plain:
        return header + b"".join(
            " ".join(map(str, row.reshape(-1))).encode() + b"\n" for row in samples)
    return header + samples.astype(">u2" if maximum > 255 else np.uint8).tobytes()


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def exif(orientation):
    data = Image.Exif()
    data[274] = orientation
    return data


def before_end(data, junk):
    """A JPEG with bytes between its last pixel and its end marker."""
    assert data.endswith(b"\xff\xd9")
    return data[:-2] + junk + data[-2:]


def between_segments(data, junk):
    """A JPEG with bytes behind its first segment."""
    at = 4 + struct.unpack(">H", data[4:6])[0]
    return data[:at] + junk + data[at:]


def without_spectrum(data):
    """A baseline JPEG whose scan says nothing of the coefficients that it has."""
    at = data.index(b"\xff\xda")
    end = at + 2 + struct.unpack(">H", data[at + 2:at + 4])[0]
    return data[:end - 3] + b"\0\0\0" + data[end:]


def cases():
    rgb = Image.fromarray(smooth(WIDTH, HEIGHT, 3))
    gray = Image.fromarray(smooth(WIDTH, HEIGHT, 1)[:, :, 0])
    yield "jpeg gray", saved(gray, "JPEG", quality=85)
    yield "jpeg 4:4:4", saved(rgb, "JPEG", quality=85, subsampling=0)
    yield "jpeg 4:2:0", saved(rgb, "JPEG", quality=75, subsampling=2)
    yield "jpeg progressive", saved(rgb, "JPEG", quality=75, progressive=True)
    yield "jpeg CMYK", saved(rgb.convert("CMYK"), "JPEG", quality=85)
    yield "jpeg orientation 6", saved(rgb, "JPEG", quality=75, exif=exif(6))
    yield "jpeg restart", saved(
        rgb, "JPEG", quality=75, subsampling=0, restart_marker_blocks=1)
    junk = bytes((37 + 11 * j) % 200 for j in range(99))
    for kind, options in (("gray", {}), ("4:2:0", {}), ("progressive", {"progressive": True})):
        data = saved(gray if kind == "gray" else rgb, "JPEG", quality=75, **options)
        yield f"jpeg {kind}, bytes before its end", before_end(data, junk)
        yield f"jpeg {kind}, zeros before its end", before_end(data, bytes(50))
        for junk_name, header_junk in (("zeros", bytes(4)), ("stuffing", b"\xff\0" * 2),
                                       ("fill", b"\xff" * 5), ("one byte", b"\x12")):
            yield f"jpeg {kind}, {junk_name} between segments", between_segments(data, header_junk)
    yield "jpeg 4:2:0, no spectrum", without_spectrum(saved(rgb, "JPEG", quality=75))
    edges = pattern(WIDTH, HEIGHT, 4)
    yield "png RGB", saved(Image.fromarray(edges[:, :, :3]), "PNG")
    yield "png RGBA", saved(Image.fromarray(edges), "PNG")
    yield "png LA", png(WIDTH, HEIGHT, 8, 4, edges[:, :, :2])
    yield "png RGB interlaced", png(WIDTH, HEIGHT, 8, 2, edges[:, :, :3], True)
    yield "png gray transparent", png(
        WIDTH, HEIGHT, 8, 0, edges[:, :, :1], chunks=[(b"tRNS", struct.pack(">H", 7))])
    for depth in (1, 2, 4, 8):
        samples = edges[:, :, :1] >> (8 - depth)
        yield f"png gray {depth} bit", png(WIDTH, HEIGHT, depth, 0, samples)
        palette = smooth(1 << depth, 1, 3).tobytes()
        yield f"png palette {depth} bit", png(
            WIDTH, HEIGHT, depth, 3, samples, depth == 2,
            [(b"PLTE", palette), (b"tRNS", bytes([0, 128]))])
    for name, (color, values) in WIDE.items():
        if name.startswith("png"):
            yield name, png(WIDTH, HEIGHT, 16, color, wide(values))
    small = Image.fromarray(pattern(4, 3, 3))
    for orientation in range(1, 9):
        yield f"png orientation {orientation}", saved(small, "PNG", exif=exif(orientation))
    rgba = Image.fromarray(edges)
    for name, options in (("lossy", {"quality": 80}), ("lossless", {"lossless": True})):
        yield f"webp {name}", saved(rgb, "WEBP", **options)
        yield f"webp {name} alpha", saved(rgba, "WEBP", exact=True, **options)
        yield f"webp {name} orientation 6", saved(rgb, "WEBP", exif=exif(6), **options)
    for name, values in (("gray", 1), ("RGB", 3)):
        samples = edges[:, :, :values]
        for is_plain in (False, True):
            kind = f"pnm {name} plain" if is_plain else f"pnm {name}"
            yield kind, pnm(samples, 255, is_plain)
            yield f"{kind} 4 bit", pnm(samples >> 4, 15, is_plain)
            yield f"{kind} 16 bit", pnm(wide(values), 65535, is_plain)


WIDE = {"png RGB 16 bit": (2, 3), "png gray 16 bit": (0, 1), "png LA 16 bit": (4, 2),
        "png RGBA 16 bit": (6, 4), "pnm gray 16 bit": (0, 1), "pnm RGB 16 bit": (2, 3),
        "pnm gray plain 16 bit": (0, 1), "pnm RGB plain 16 bit": (2, 3)}


def wide(values):
    return pattern(WIDTH, HEIGHT, 4)[:, :, :values].astype(np.uint16) * 251 + 19


def narrowed(values):
    """v * 255 / 65535 to the nearest: 65535 is odd, so no value lies half-way."""
    return np.rint(values * (255 / 65535)).astype(np.uint8)


def expected(name, data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Palettes with alpha: dropping it is what is wanted.
        return upright(name, data)


def upright(name, data):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    if name in WIDE:
        # Pillow keeps the high byte, or cuts off what is above 255.
        color, values = WIDE[name]
        samples = narrowed(wide(values))[:, :, :values - (color >= 4)]
        image = Image.fromarray(samples if samples.shape[2] == 3 else samples[:, :, 0])
    return image.convert("RGB"), image.convert("L")


def text(data):
    return base64.b64encode(data).decode()


RESIZES = [(40, 30, 3, 17, 11), (40, 30, 1, 7, 30), (23, 19, 3, 40, 19), (23, 19, 3, 31, 44),
           (64, 48, 3, 5, 4), (9, 9, 1, 1, 1), (600, 5, 3, 600, 2), (5, 7, 3, 5, 7)]


def resizes():
    for width, height, channels, to_width, to_height in RESIZES:
        array = pattern(width, height, channels)
        image = Image.fromarray(array if channels == 3 else array[:, :, 0])
        resized = image.resize((to_width, to_height), Image.Resampling.BILINEAR)
        yield {"width": width, "height": height, "channels": channels, "toWidth": to_width,
               "toHeight": to_height, "pixels": text(resized.tobytes())}


def images():
    for name, data in cases():
        rgb, gray = expected(name, data)
        yield {"name": name, "width": rgb.width, "height": rgb.height, "file": text(data),
               "rgb": text(rgb.tobytes()), "gray": text(gray.tobytes())}


def main():
    versions = {"Pillow": PIL.__version__, "numpy": np.__version__,
                "libjpeg-turbo": features.version("libjpeg_turbo"),
                "libwebp": features.version("webp")}
    print(json.dumps(
        {"versions": versions, "images": list(images()), "resizes": list(resizes())}, indent=1))


main()
