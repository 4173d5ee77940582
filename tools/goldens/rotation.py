"""Prints Tests/Goldens/rotation.json: images turned about their centre, as scipy has it.

    python tools/goldens/rotation.py > Tests/Goldens/rotation.json

The images are made here, from a formula; nothing is read. Needs numpy and scipy.
"""

import json
import math

import numpy as np
import scipy
from scipy.ndimage import affine_transform

# Height, width, channels, degrees counter-clockwise.
CASES = [
    (7, 9, 3, 15.0), (8, 8, 1, -37.5), (1, 1, 3, 20.0), (5, 12, 3, 180.0), (6, 6, 1, 90.0),
    (2, 5, 1, 45.0), (9, 4, 3, -0.3),
]


def turned(plane, degrees):
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    matrix = np.array([[cosine, sine], [-sine, cosine]])
    centre = (np.array(plane.shape) - 1) / 2
    # Between the last pixels and black, too.
    return affine_transform(
        plane, matrix, offset=centre - matrix @ centre, order=1, mode="grid-constant", cval=0
    )


def main():
    cases = []
    for height, width, channels, degrees in CASES:
        y, x, c = np.ogrid[:height, :width, :channels]
        pixels = ((y * 29 + x * 17 + c * 101 + x * y * (c + 1)) % 251).astype(np.float64)
        values = np.stack([turned(pixels[..., c], degrees) for c in range(channels)], axis=-1)
        cases.append({
            "height": height, "width": width, "channels": channels, "degrees": degrees,
            "values": np.round(values, 6).reshape(-1).tolist()})
    print(json.dumps({
        "versions": {"numpy": np.__version__, "scipy": scipy.__version__}, "cases": cases}))


main()
