#!/usr/bin/env python3
"""Writes the embedded digits: Sources/BalanceDatasets/Digits/DigitsData.swift.

    python3 -m pip install scikit-learn==1.9.1
    python3 tools/export-digits.py > Sources/BalanceDatasets/Digits/DigitsData.swift

The images are scikit-learn's `load_digits`: 1,797 images of 8 x 8 with values 0 to 16, in its
order. Source: E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine
Learning Repository, 1998, doi 10.24432/C50P49, CC BY 4.0.

Half of all pixels are 0, so a pixel is written as the bit 0, or as the bit 1 and four bits of
value - 1; a label as four bits; the highest bit of each byte first; then base64.
"""

import base64
import sys

import sklearn
from sklearn.datasets import load_digits

EXPECTED = "1.9.1"
if sklearn.__version__ != EXPECTED:
    sys.exit(f"scikit-learn {EXPECTED} is needed, {sklearn.__version__} is installed")


def pack(bits):
    bits = bits + "0" * (-len(bits) % 8)
    data = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
    text = base64.b64encode(data).decode()
    return "\n".join("    " + text[i : i + 96] for i in range(0, len(text), 96))


digits = load_digits()
pixels = digits.images.astype(int).ravel()
assert pixels.min() == 0 and pixels.max() == 16
assert digits.images.shape == (1797, 8, 8)
image_bits = "".join("0" if p == 0 else f"1{p - 1:04b}" for p in pixels)
label_bits = "".join(f"{t:04b}" for t in digits.target)

print(f'''\
/// The UCI handwritten digits, packed.
///
/// Written by `tools/export-digits.py` with scikit-learn {EXPECTED}; do not edit. Source: E. Alpaydin,
/// C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine Learning Repository, 1998,
/// doi 10.24432/C50P49, CC BY 4.0.
enum DigitsData {{
  static let count = {len(digits.target)}

  /// Four bits a label.
  static let labels = """
{pack(label_bits)}
    """

  /// A pixel is the bit 0, or the bit 1 and four bits of value - 1.
  static let pixels = """
{pack(image_bits)}
    """
}}''')
