#!/usr/bin/env python3
"""Turns CIFAR-10's own archive into train.tar and test.tar, tars of class folders of PNG files.

    python3 cifar10_to_folders.py cifar-10-python.tar.gz FOLDER

The archive comes from https://www.cs.toronto.edu/~kriz/cifar.html ("CIFAR-10 python version"). Needs Pillow.
"""
import io
import pathlib
import pickle
import sys
import tarfile

from PIL import Image

SIZE = 32
PLANE = SIZE * SIZE


def rows(archive, name):
    batch = pickle.load(archive.extractfile(f"cifar-10-batches-py/{name}"), encoding="bytes")
    return zip(batch[b"filenames"], batch[b"labels"], batch[b"data"])


def png(pixels):
    planes = [Image.frombytes("L", (SIZE, SIZE), bytes(pixels[i * PLANE:(i + 1) * PLANE])) for i in range(3)]
    file = io.BytesIO()
    Image.merge("RGB", planes).save(file, "PNG")
    return file.getvalue()


def main(source, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(source) as archive:
        names = pickle.load(archive.extractfile("cifar-10-batches-py/batches.meta"), encoding="bytes")[b"label_names"]
        parts = {"train": [f"data_batch_{i}" for i in range(1, 6)], "test": ["test_batch"]}
        for part, batches in parts.items():
            with tarfile.open(folder / f"{part}.tar", "w") as tar:
                for batch in batches:
                    for filename, label, pixels in rows(archive, batch):
                        data = png(pixels)
                        info = tarfile.TarInfo(f"{names[label].decode()}/{filename.decode()}")
                        info.size = len(data)
                        tar.addfile(info, io.BytesIO(data))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
