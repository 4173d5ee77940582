"""Prints Tests/Goldens/normalization.json: mean and deviation of a few images, and one of them
padded, cropped, flipped and normalised, as numpy has it.

    python tools/goldens/normalization.py > Tests/Goldens/normalization.json

The images are made here, from a formula; nothing is read. Needs numpy.
"""

import json

import numpy as np

IMAGES, HEIGHT, WIDTH, CHANNELS = 5, 7, 9, 3


def main():
    n, y, x, c = np.ogrid[:IMAGES, :HEIGHT, :WIDTH, :CHANNELS]
    pixels = (n * 53 + y * 29 + x * 17 + c * 101 + x * y * (c + 1)) % 251
    values = pixels / 255.0
    training = values[[0, 2, 3]]
    mean = training.mean(axis=(0, 1, 2))
    deviation = training.std(axis=(0, 1, 2))
    padding, top, left = 4, 7, 1
    padded = np.pad(values[2], ((padding, padding), (padding, padding), (0, 0)))
    crop = padded[top : top + HEIGHT, left : left + WIDTH][:, ::-1]
    print(json.dumps({
        "versions": {"numpy": np.__version__},
        "images": IMAGES, "height": HEIGHT, "width": WIDTH, "channels": CHANNELS,
        "training": [0, 2, 3],
        "mean": mean.tolist(), "deviation": deviation.tolist(),
        "cropped": {
            "image": 2, "dy": top - padding, "dx": left - padding, "flip": True,
            "values": ((crop - mean) / deviation).reshape(-1).tolist()},
    }))


main()
