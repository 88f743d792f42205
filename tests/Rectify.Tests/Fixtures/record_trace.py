"""Records ten training steps of small14's small form in PyTorch (float64) for PyTorchTraceTests.

Run: /usr/bin/python3 tests/Rectify.Tests/Fixtures/record_trace.py   (PyTorch 1.13 or later; writes small14-trace.json beside itself)

Nothing is drawn by a library's generator: every weight, pixel and label comes from `value`, an integer hash that the C# test repeats, so the file holds
results alone. Numbers are rounded to float32 first, because that is what Rectify stores.
"""
import json
import math
import os

import numpy
import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

BATCH, CROP, CLASSES, STEPS = 8, 24, 10, 10
MOMENTUM, DECAY = 0.9, 0.0005
RATES = [0.01] * 5 + [0.001] * 5
SLOPE = 0.25
# Every layer takes a little from the pixels' size, so that logits of about 1 are left of +-128: what equation 15 asks for, times this.
GAIN = 0.7
PIXEL = 128.0
SAMPLES = 32


def value(tensor, index):
    """Uniform in [-1, 1): 24 bits of a 32-bit hash (two rounds of multiply and shift) of tensor number and index."""
    x = (index * 0x9E3779B1 + tensor * 0x85EBCA77 + 0x165667B1) & 0xFFFFFFFF
    for _ in range(2):
        x ^= x >> 15
        x = (x * 0x2C1B3C6D) & 0xFFFFFFFF
        x ^= x >> 12
        x = (x * 0x297A2D39) & 0xFFFFFFFF
    x ^= x >> 15
    return (x >> 8) / float(1 << 23) - 1.0


def fill(tensor, shape, bound):
    numbers = [numpy.float32(value(tensor, i) * bound) for i in range(int(numpy.prod(shape)))]
    return torch.tensor(numpy.array(numbers, dtype=numpy.float64).reshape(shape))


def pyramid(x, levels):
    """Rectify's rule: bin (i, j) of level n covers rows floor(iH/n) to ceil((i+1)H/n); output [N, C, bins, 1]."""
    n, c, h, w = x.shape
    bins = []
    for level in levels:
        for i in range(level):
            for j in range(level):
                top, bottom = i * h // level, -(-(i + 1) * h // level)
                left, right = j * w // level, -(-(j + 1) * w // level)
                bins.append(x[:, :, top:bottom, left:right].amax(dim=(2, 3)))
    return torch.stack(bins, dim=2).unsqueeze(3)


# small14, small form, width 0.1: (name, filters, size, pad); then fully connected layers.
CONVOLUTIONS = [("conv1", 6, 3, 1)]
CONVOLUTIONS += [(f"conv2_{i + 1}", 13, 2, i % 2) for i in range(4)]
CONVOLUTIONS += [(f"conv3_{i + 1}", 26, 2, i % 2) for i in range(6)]
POOL_BEFORE = ("conv2_1", "conv3_1")
LINEARS = [("fc1", 51), ("fc2", 51), ("fc3", CLASSES)]


def build():
    """Parameters by name, in the order of Rectify's network; weights are [K,C,R,S]."""
    parameters = {}
    channels = 3

    def add(name, shape, bound):
        parameters[name] = fill(len(parameters), shape, bound).requires_grad_()

    def layer(name, shape, fan_in, rectified):
        # A uniform number in +-1 has the std 1/sqrt(3); equation 15 wants sqrt(2 / ((1 + a^2) n)).
        add(f"{name}.weight", shape, GAIN * math.sqrt(3.0) * math.sqrt(2.0 / ((1.0 + SLOPE * SLOPE) * fan_in)))
        add(f"{name}.bias", (shape[0],), 0.0)
        if rectified:
            add(f"{name}.rectifier.slope", (shape[0],), 0.0)
            with torch.no_grad():
                parameters[f"{name}.rectifier.slope"].fill_(SLOPE)

    for name, filters, size, _ in CONVOLUTIONS:
        layer(name, (filters, channels, size, size), channels * size * size, True)
        channels = filters
    features = (channels, 21, 1)
    for name, outputs in LINEARS:
        layer(name, (outputs, *features), int(numpy.prod(features)), name != "fc3")
        features = (outputs, 1, 1)
    return parameters


def forward(parameters, x):
    def rectify(name, y):
        a = parameters[f"{name}.rectifier.slope"].reshape(1, -1, 1, 1)
        return torch.where(y > 0, y, a * y)

    for name, _, _, pad in CONVOLUTIONS:
        if name in POOL_BEFORE:
            x = torch.nn.functional.max_pool2d(x, 2, 2)
        x = rectify(name, torch.nn.functional.conv2d(x, parameters[f"{name}.weight"], parameters[f"{name}.bias"], padding=pad))
    x = pyramid(x, (4, 2, 1))
    for name, _ in LINEARS:
        x = torch.nn.functional.conv2d(x, parameters[f"{name}.weight"], parameters[f"{name}.bias"])
        x = rectify(name, x) if name != "fc3" else x
    return x.flatten(1)


def main():
    parameters = build()
    # Pixels are hashed in the order [n, h, w, c], as Rectify holds them.
    # Half is noise, half a colour for each quarter of an image: pictures that differ.
    noise = fill(1000, (BATCH, CROP, CROP, 3), PIXEL / 2)
    colour = fill(1001, (BATCH, 2, 2, 3), PIXEL / 2).repeat_interleave(CROP // 2, dim=1).repeat_interleave(CROP // 2, dim=2)
    x = (noise + colour).float().double().permute(0, 3, 1, 2)
    labels = torch.tensor([(7 * i + 3) % CLASSES for i in range(BATCH)])
    velocity = {name: torch.zeros_like(p) for name, p in parameters.items()}
    losses, gradients = [], {}
    for step in range(STEPS):
        for p in parameters.values():
            p.grad = None
        loss = torch.nn.functional.cross_entropy(forward(parameters, x), labels)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            for name, p in parameters.items():
                flat = p.grad.flatten()
                count = min(SAMPLES, flat.numel())
                indices = [i * flat.numel() // count for i in range(count)]
                gradients[name] = {
                    "rms": float(f"{flat.square().mean().sqrt().item():.9g}"),
                    "index": indices,
                    "value": [float(f"{flat[i].item():.9g}") for i in indices],
                }
        with torch.no_grad():
            for name, p in parameters.items():
                decay = DECAY if name.endswith(".weight") else 0.0
                # The paper's form, the rate inside the velocity.
                velocity[name].mul_(MOMENTUM).add_(RATES[step] * (p.grad + decay * p))
                p.sub_(velocity[name])
    print(losses)
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "small14-trace.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"torch": torch.__version__, "losses": losses, "gradients": gradients}, file)
        file.write("\n")


if __name__ == "__main__":
    main()
