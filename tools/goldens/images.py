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


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def exif(orientation):
    data = Image.Exif()
    data[274] = orientation
    return data


def cases():
    rgb = Image.fromarray(smooth(WIDTH, HEIGHT, 3))
    gray = Image.fromarray(smooth(WIDTH, HEIGHT, 1)[:, :, 0])
    yield "jpeg gray", saved(gray, "JPEG", quality=85)
    yield "jpeg 4:4:4", saved(rgb, "JPEG", quality=85, subsampling=0)
    yield "jpeg 4:2:0", saved(rgb, "JPEG", quality=75, subsampling=2)
    yield "jpeg progressive", saved(rgb, "JPEG", quality=75, progressive=True)
    yield "jpeg CMYK", saved(rgb.convert("CMYK"), "JPEG", quality=85)
    yield "jpeg orientation 6", saved(rgb, "JPEG", quality=75, exif=exif(6))
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
    wide = edges[:, :, :3].astype(np.uint16) * 251 + 19
    yield "png RGB 16 bit", png(WIDTH, HEIGHT, 16, 2, wide)
    yield "png gray 16 bit", png(WIDTH, HEIGHT, 16, 0, wide[:, :, :1])
    small = Image.fromarray(pattern(4, 3, 3))
    for orientation in range(1, 9):
        yield f"png orientation {orientation}", saved(small, "PNG", exif=exif(orientation))


def expected(name, data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Palettes with alpha: dropping it is what is wanted.
        return upright(name, data)


def upright(name, data):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    if name == "png gray 16 bit":
        # Pillow cuts off what is above 255; the high byte is the image.
        image = Image.fromarray((np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8))
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
                "libjpeg-turbo": features.version("libjpeg_turbo")}
    print(json.dumps(
        {"versions": versions, "images": list(images()), "resizes": list(resizes())}, indent=1))


main()
