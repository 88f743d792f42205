#!/usr/bin/env python3
"""Records torchvision.json: names and shapes of torchvision's VGG-19 and VGG-16 at a sixteenth of their width, and their scores of two pictures.

Weights and pictures are formulas (see WeightsImportTests), exact in float32, so that the file holds no more than names and scores."""
import json
import os

import numpy as np
import torch
from torch import nn
from torchvision.models import vgg

CLASSES, CROP = 10, 64
MEAN, STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])


def hashed(count, seed):
    """Numbers in -0.5..0.5 with 16 bits."""
    i = np.arange(count, dtype=np.uint64)
    h = (i * np.uint64(2654435761) + np.uint64(seed) * np.uint64(40503)) & np.uint64(0xFFFFFFFF)
    h ^= h >> np.uint64(15)
    h = (h * np.uint64(2246822519)) & np.uint64(0xFFFFFFFF)
    h ^= h >> np.uint64(13)
    return ((h & np.uint64(0xFFFF)).astype(np.float64) / 65536 - 0.5).astype(np.float32)


def picture(index):
    """[CROP, CROP, 3] in 0..255: a slope with noise."""
    noise = hashed(CROP * CROP * 3, 1000 + index).reshape(CROP, CROP, 3)
    rows, columns, channels = np.meshgrid(np.arange(CROP), np.arange(CROP), np.arange(3), indexing="ij")
    return np.floor((rows * (1 + index) + columns * 2 + channels * 30) % 192 + 63 * (noise + 0.5))


def record(name, form):
    cfg = [v if v == "M" else v // 16 for v in vgg.cfgs[form]]
    hidden = 4096 // 16
    last = [v for v in cfg if v != "M"][-1]
    model = vgg.VGG(vgg.make_layers(cfg), num_classes=CLASSES, init_weights=False)
    model.avgpool = nn.AdaptiveAvgPool2d((CROP // 32, CROP // 32))
    model.classifier = nn.Sequential(
        nn.Linear(last * (CROP // 32) ** 2, hidden), nn.ReLU(True), nn.Dropout(),
        nn.Linear(hidden, hidden), nn.ReLU(True), nn.Dropout(), nn.Linear(hidden, CLASSES))
    model.eval()
    tensors = []
    with torch.no_grad():
        for number, (key, tensor) in enumerate(model.state_dict().items()):
            fan_in = int(np.prod(tensor.shape[1:])) if tensor.dim() > 1 else 0
            # A power of two nearest to the He std for uniform numbers.
            scale = 2.0 ** round(np.log2(np.sqrt(2 / fan_in) * np.sqrt(12))) if fan_in else 0.125
            tensor.copy_(torch.from_numpy(hashed(tensor.numel(), number) * np.float32(scale)).reshape(tensor.shape))
            tensors.append({"name": key, "shape": list(tensor.shape), "scale": scale})
        scores = []
        for index in range(2):
            x = (picture(index) / 255 - MEAN) / STD
            x = torch.from_numpy(x.transpose(2, 0, 1)[None].astype(np.float64))
            scores.append(model.double()(x)[0].tolist())
            model.float()
    return {"model": name, "tensors": tensors, "scores": scores}


with open(os.path.join(os.path.dirname(__file__), "torchvision.json"), "w") as out:
    json.dump({"torch": torch.__version__, "models": [record("vgg19", "E"), record("vgg16", "D")]}, out, indent=1)
    out.write("\n")
