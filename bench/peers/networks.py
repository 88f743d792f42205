"""The networks of Rectify's catalogue in PyTorch: the same layers, channels, slopes, pyramid, dropout and classes."""
import torch
from torch import nn


class Pyramid(nn.Module):
    """Rectify's rule, which is adaptive pooling's: bin i of n covers rows floor(iH/n) to ceil((i+1)H/n)."""

    def __init__(self, levels):
        super().__init__()
        self.levels = levels

    def forward(self, x):
        if torch.onnx.is_in_onnx_export():
            return self.by_slices(x)
        return torch.cat([nn.functional.adaptive_max_pool2d(x, n).flatten(2) for n in self.levels], dim=2).flatten(1)

    def by_slices(self, x):
        """In operators that ONNX has: where bins overlap, no single pooling does it."""
        height, width = x.shape[2], x.shape[3]
        parts = []
        for n in self.levels:
            if height % n == 0 and width % n == 0:
                parts.append(nn.functional.max_pool2d(x, (height // n, width // n)).flatten(2))
                continue
            for i in range(n):
                for j in range(n):
                    top, bottom = i * height // n, -(-(i + 1) * height // n)
                    left, right = j * width // n, -(-(j + 1) * width // n)
                    parts.append(nn.functional.max_pool2d(x[:, :, top:bottom, left:right], (bottom - top, right - left)).flatten(2))
        return torch.cat(parts, dim=2).flatten(1)


def small(deep):
    """Table 1: conv 7x7,64,/2; pool 3,/3; four 2x2,128; pool; 2x2,256 ...; pyramid 6,3,2,1."""
    parts = [("conv", 7, 64, 2, 0), ("pool", 3)]
    parts += [("conv", 2, 128, 1, i % 2) for i in range(4)] + [("pool", 2)]
    parts += [("conv", 2, 256, 1, i % 2) for i in range(deep)] + [("pyramid", (6, 3, 2, 1))]
    return parts


def threes(count, filters):
    return [("conv", 3, filters, 1, 1)] * count


def large(at56, at28, at14, filters56, filters28, filters14):
    """Table 3, models A, B and C."""
    parts = [("conv", 7, 96, 2, 3), ("pool", 2)] + threes(at56, filters56) + [("pool", 2)] + threes(at28, filters28)
    return parts + [("pool", 2)] + threes(at14, filters14) + [("pyramid", (7, 3, 2, 1))]


def vgg(*layers):
    parts = []
    for count, filters in zip(layers, (64, 128, 256, 512, 512)):
        parts += threes(count, filters) + [("pool", 2)]
    return parts


CATALOGUE = {
    "small14": small(6),
    "small30": small(22),
    "a": large(5, 5, 5, 256, 512, 512),
    "b": large(6, 6, 6, 256, 512, 512),
    "c": large(6, 6, 6, 384, 768, 896),
    "vgg16": vgg(2, 2, 3, 3, 3),
    "vgg19": vgg(2, 2, 4, 4, 4),
}


def build(name, activation="prelu", size=224, classes=1000, hidden=4096):
    """The network with He's initialization, drawn anew each time: speed does not depend on the weights."""

    def rectifier(channels):
        return nn.PReLU(channels) if activation == "prelu" else nn.ReLU(inplace=True)

    layers, channels = [], 3
    for part in CATALOGUE[name]:
        if part[0] == "conv":
            _, kernel, filters, stride, pad = part
            layers += [nn.Conv2d(channels, filters, kernel, stride, pad), rectifier(filters)]
            nn.init.kaiming_normal_(layers[-2].weight, a=0.25, mode="fan_out")
            nn.init.zeros_(layers[-2].bias)
            channels = filters
        elif part[0] == "pool":
            layers.append(nn.MaxPool2d(part[1], part[1]))
        else:
            layers.append(Pyramid(part[1]))
    if not isinstance(layers[-1], Pyramid):
        layers.append(nn.Flatten())
    with torch.no_grad():
        features = nn.Sequential(*layers)(torch.zeros(1, 3, size, size)).shape[1]
    for outputs in (hidden, hidden):
        layers += [nn.Linear(features, outputs), rectifier(outputs), nn.Dropout(0.5)]
        nn.init.normal_(layers[-3].weight, std=0.01)
        features = outputs
    layers.append(nn.Linear(features, classes))
    nn.init.normal_(layers[-1].weight, std=0.001)
    return nn.Sequential(*layers)
