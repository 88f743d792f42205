#!/usr/bin/env python3
"""Records small picture files of every kind and what Pillow reads from them, as the oracle of RecordedPictureTests.

Writes pictures.json beside itself: name, file and pixels (RGB, upright) in base64, and what the header says.
Run with Pillow 9.4 or later (apt install python3-pil): python3 record_pictures.py
"""
import base64
import io
import json
import pathlib
import struct
import zlib

import PIL
from PIL import Image, ImageFile, ImageOps

ImageFile.LOAD_TRUNCATED_IMAGES = True
cases = []


def scene(width, height):
    """Smooth, and different at each corner, so that every orientation shows."""
    return Image.frombytes("RGB", (width, height), bytes(v for y in range(height) for x in range(width) for v in (
        40 + 200 * x // width, 30 + 190 * y // height, 220 - 90 * (x + 2 * y) // (width + 2 * height))))


def add(name, file, color, depth=8, orientation=1, pixels=None):
    image = Image.open(io.BytesIO(file))
    size = image.size
    image = ImageOps.exif_transpose(image).convert("RGB")
    cases.append({"name": name, "file": base64.b64encode(file).decode(), "color": color, "depth": depth, "orientation": orientation,
                  "storedWidth": size[0], "storedHeight": size[1], "width": image.width, "height": image.height,
                  "pixels": base64.b64encode(pixels or image.tobytes()).decode()})


def saved(image, format, **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def exif(orientation):
    notes = Image.Exif()
    notes[0x010F] = "maker"  # an entry before, so that the tag is looked for
    notes[0x0112] = orientation
    return notes.tobytes()


def jpegs():
    photo = scene(24, 16)
    add("baseline-420.jpg", saved(photo, "JPEG", quality=85), "RGB")
    add("baseline-422.jpg", saved(photo, "JPEG", quality=85, subsampling=1), "RGB")
    add("progressive.jpg", saved(photo, "JPEG", quality=85, progressive=True), "RGB")
    add("grey.jpg", saved(photo.convert("L"), "JPEG", quality=85), "grey")
    cmyk = saved(photo.convert("CMYK"), "JPEG", quality=85)
    add("cmyk.jpg", cmyk, "CMYK")
    adobe = cmyk.index(b"Adobe")
    ycck = cmyk[:adobe + 11] + b"\x02" + cmyk[adobe + 12:]  # the same coefficients, read as YCCK: whatever colours that gives
    add("ycck.jpg", ycck, "CMYK")
    tall = saved(scene(24, 48), "JPEG", quality=85, subsampling=0)
    scan = tall.index(b"\xff\xda")
    add("cut-at-three-quarters.jpg", tall[:scan + 3 * (len(tall) - scan) // 4], "RGB")
    for orientation in range(1, 9):
        add(f"exif-{orientation}.jpg", saved(scene(12, 8), "JPEG", quality=90, subsampling=0, optimize=True, exif=exif(orientation)), "RGB", 8, orientation)


def png(width, height, color, depth, interlaced, extra=b""):
    """A PNG by hand: Pillow writes neither interlaced files nor every depth."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]
    top = 2**depth - 1

    def sample(x, y, c):
        return (x * 7 + y * 5 + c * 3 + (x * y) % 3) * (257 if depth == 16 else 1) * (11 if depth >= 8 and color != 3 else 1) % (6 if color == 3 and depth > 2 else top + 1)

    def rows(columns, lines):
        out = bytearray()
        for y in lines:
            bits, n = 0, 0
            for x in columns:
                for c in range(channels):
                    bits, n = bits << depth | sample(x, y, c), n + depth
            out += b"\0" + (bits << -n % 8).to_bytes((n + 7) // 8, "big")
        return bytes(out)

    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)] if interlaced else [(0, 0, 1, 1)]
    data = b"".join(rows(range(x, width, dx), range(y, height, dy)) for x, y, dx, dy in passes if x < width and y < height)

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    palette = chunk(b"PLTE", bytes(range(10, 10 + 3 * min(6, 2**depth)))) + chunk(b"tRNS", b"\x80\x00") if color == 3 else b""
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced))
    notes = chunk(b"eXIf", extra) if extra else b""
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + palette + notes + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")
    # Pillow clips grey of 16 bits at 255; the upper byte is what is meant.
    pixels = bytes(sample(x, y, 0) >> 8 for y in range(height) for x in range(width) for _ in range(3)) if (color, depth) == (0, 16) else None
    return file, pixels


def pngs():
    names = {0: "grey", 2: "RGB", 3: "palette", 4: "grey+alpha", 6: "RGB+alpha"}
    depths = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
    for color in names:
        for depth in depths[color]:
            for interlaced in (False, True):
                file, pixels = png(9, 5, color, depth, interlaced)
                add(f"{names[color]}-{depth}{'-interlaced' if interlaced else ''}.png", file, names[color], depth, 1, pixels)
    for orientation in (1, 3, 6, 7):
        file, _ = png(7, 4, 2, 8, False, exif(orientation)[6:])
        add(f"exif-{orientation}.png", file, "RGB", 8, orientation)


jpegs()
pngs()
target = pathlib.Path(__file__).with_name("pictures.json")
target.write_text(json.dumps({"recordedWith": f"Pillow {PIL.__version__}", "cases": cases}, indent=0) + "\n")
