"""Writes goldens as a Swift file: one JSON text in a raw string literal."""

import json
import pathlib
import platform
import re

TESTS = pathlib.Path(__file__).resolve().parents[2] / "Tests"


def write(path, type_name, script, versions, value):
    """Tests/`path` becomes `enum type_name { static let json = … }`."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=True)
    # JSON has no NaN: written as the string that CanonicalJSON reads back.
    text = re.sub(r"\bNaN\b", '"nan"', text)
    text = re.sub(r"-Infinity\b", '"-inf"', text)
    text = re.sub(r"\bInfinity\b", '"inf"', text)
    lines, line = [], ""
    # Pieces end after a comma that is not inside a string.
    for part in re.findall(r'(?:"(?:[^"\\]|\\.)*"|[^,"])*(?:,|$)', text):
        if len(line) + len(part) > 96:
            lines.append(line)
            line = ""
        line += part
    lines.append(line)
    known = ", ".join(f"{name} {version}" for name, version in versions.items())
    body = "\n".join("    " + l for l in lines)
    (TESTS / path).write_text(
        f"// Printed by tools/goldens/{script} with Python {platform.python_version()},\n"
        f"// {known}.\n"
        f"// Do not edit: run the script again.\n\n"
        f"enum {type_name} {{\n"
        f'  static let json = #"""\n{body}\n    """#\n'
        f"}}\n"
    )
