"""torchvision's side of the comparison of loading, as a server (see pytorch_peer.py): torchvision_peer.py FOLDER WORKERS IMAGES, or: torchvision_peer.py version.

The paper's transforms: the shorter side resized to a random s of 256 to 512, a random 224x224 crop, a flip with probability 1/2, a tensor, colours altered along
their principal components, the mean subtracted; decoded by PIL, gathered into batches of 128 by a DataLoader whose workers stay. A run is one epoch over the
same pictures as Rectify's: FOLDER's, sorted by path, evenly spread. Processor time is that of this process and its workers.
"""
import os
import random
import sys
import time

import torch
import torchvision
from PIL import Image
from torchvision import transforms

BATCH, CROP, SCALES = 128, 224, (256, 512)


class RandomScale:
    def __call__(self, image):
        return transforms.functional.resize(image, random.randint(*SCALES))


class Lighting:
    """The same values as rectify bench data has: deviations along the components of natural pictures, on 0..1."""

    def __init__(self):
        self.deviations = torch.tensor([14000.0, 1200.0, 300.0]).sqrt() / 255
        self.components = torch.tensor([[0.57, 0.58, 0.58], [0.72, 0.0, -0.69], [-0.40, 0.81, -0.42]])

    def __call__(self, image):
        shift = (torch.randn(3) * 0.1 * self.deviations) @ self.components
        return image.add_(shift.view(3, 1, 1))


class SubtractMean:
    def __init__(self):
        self.mean = torch.tensor([123.7, 116.3, 103.5]).view(3, 1, 1).expand(3, CROP, CROP).contiguous() / 255

    def __call__(self, image):
        return image.sub_(self.mean)


class Photos(torch.utils.data.Dataset):
    def __init__(self, folder, images):
        files = []
        for root, _, names in os.walk(folder):
            files += [os.path.join(root, name) for name in names if name.lower().endswith((".jpg", ".jpeg", ".png"))]
        files.sort()
        images = min(images, len(files))
        self.files = [files[i * len(files) // images] for i in range(images)]
        self.transform = transforms.Compose([
            RandomScale(), transforms.RandomCrop(CROP), transforms.RandomHorizontalFlip(), transforms.ToTensor(), Lighting(), SubtractMean(),
        ])

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        with open(self.files[index], "rb") as file:
            return self.transform(Image.open(file).convert("RGB")), index


def processor(workers):
    total = time.process_time()
    for worker in workers:
        with open(f"/proc/{worker.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def main(arguments):
    if arguments[0] == "version":
        print(torchvision.__version__, Image.__version__)
        return
    folder, workers, images = arguments[0], int(arguments[1]), int(arguments[2])
    torch.set_num_threads(1)
    torch.manual_seed(1)
    loader = torch.utils.data.DataLoader(Photos(folder, images), batch_size=BATCH, shuffle=True, num_workers=workers, persistent_workers=True, multiprocessing_context="fork")

    def run():
        started = time.perf_counter()
        count = sum(batch.shape[0] for batch, _ in loader)
        assert count == len(loader.dataset)
        return time.perf_counter() - started

    run()
    print(f"ready torchvision {torchvision.__version__}, PIL {Image.__version__}, {len(loader.dataset)} pictures", flush=True)
    for line in sys.stdin:
        if not line.strip():
            return
        before = processor(loader._iterator._workers)
        took = sum(run() for _ in range(int(line)))
        print(took, processor(loader._iterator._workers) - before, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
