#!/usr/bin/env python3
"""Records npy.json: small files as numpy.save writes them, with the numbers that they hold in C order."""
import base64
import io
import json
import os

import numpy as np
from numpy.lib import format as npy


def file_of(array, version):
    stream = io.BytesIO()
    npy.write_array(stream, array, version=version)
    return base64.b64encode(stream.getvalue()).decode()


values = np.array([[[0, 1.5, -2], [3, 65504, 5]], [[6, 7, 8.25], [9, 10, 100]]])
arrays = [
    ("f4", values.astype("<f4")),
    ("f8", values.astype("<f8")),
    ("f2", values.astype("<f2")),
    ("i8", np.array([[-1, 2**40], [3, -(2**63)]], "<i8")),
    ("i4", np.array([-1, 2**31 - 1, 7], "<i4")),
    ("u1", np.array([[0, 255, 7]], "u1")),
    ("b1", np.array([True, False, True])),
    ("single", np.array(2.5, "<f4")),
    ("empty", np.zeros((0, 3), "<f4")),
]
cases = []
for name, array in arrays:
    for version in [(1, 0), (2, 0), (3, 0)]:
        for order in "CF":
            laid = np.asfortranarray(array) if order == "F" and array.ndim > 0 else array
            cases.append({
                "name": f"{name} {version[0]} {order}",
                "file": file_of(laid, version),
                "element": name if name in ("f4", "f8", "f2", "i8", "i4", "u1", "b1") else "f4",
                "shape": list(array.shape),
                "values": [str(v) if array.dtype.kind in "iub" else float(v) for v in array.astype("i8" if array.dtype.kind in "iub" else "f8").ravel()],
            })

with open(os.path.join(os.path.dirname(__file__), "npy.json"), "w") as out:
    json.dump({"numpy": np.__version__, "cases": cases}, out, indent=1)
    out.write("\n")
