#!/usr/bin/env python3
"""Records what Pillow's bilinear resize gives, as the oracle of ResizeTests.

Writes resize-bilinear.json beside itself: cases of (width, height, pixels) -> (width, height, pixels), pixels in hexadecimal, RGB.
Run with Pillow 9.4 or later (apt install python3-pil): python3 record_resize.py
"""
import json
import pathlib

import PIL
from PIL import Image

SIZES = [((7, 5), (3, 2)), ((7, 5), (14, 11)), ((16, 9), (16, 4)), ((9, 16), (4, 16)), ((33, 20), (13, 8)), ((24, 24), (5, 31)), ((1, 1), (4, 3)), ((50, 3), (1, 1)), ((40, 30), (39, 29))]


def picture(width, height, seed):
    state, out = seed, bytearray()
    for i in range(3 * width * height):
        state = (1664525 * state + 1013904223) % 2**32
        out.append(255 * (state >> 31) if i % 3 == 0 else state >> 24)  # red is black or white: the extremes
    return bytes(out)


cases = []
for number, (before, after) in enumerate(SIZES):
    pixels = picture(*before, number + 1)
    resized = Image.frombytes("RGB", before, pixels).resize(after, Image.BILINEAR)
    cases.append({"width": before[0], "height": before[1], "pixels": pixels.hex(), "toWidth": after[0], "toHeight": after[1], "resized": resized.tobytes().hex()})
target = pathlib.Path(__file__).with_name("resize-bilinear.json")
target.write_text(json.dumps({"recordedWith": f"Pillow {PIL.__version__}", "cases": cases}, indent=1) + "\n")
