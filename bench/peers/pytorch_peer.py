"""PyTorch's side of the comparison, as a server: "ready" and a few words, then for each line with a number, so many runs and a line with the seconds they
took and the processor time.

  pytorch_peer.py step  MODEL BATCH THREADS    whole training steps: forward, loss, backward, SGD (momentum, decay of weights; its foreach form)
  pytorch_peer.py infer MODEL BATCH THREADS    forward passes without dropout and gradients
  pytorch_peer.py dense MODEL SCALES THREADS   dense testing of a photo of 500x375 and its mirror image at shorter sides S,S,...
  pytorch_peer.py conv  N,H,W,C,K PASS THREADS a 3x3 convolution's forward (with bias), backward-data or backward-filter
  pytorch_peer.py export MODEL BATCH FILE      the network as ONNX, weights and all
  pytorch_peer.py version

Both memory formats are tried, plain and channels-last; the faster one stays, and the first line says which.
"""
import sys
import time

import torch

FORMATS = {"plain": torch.contiguous_format, "channels-last": torch.channels_last}
SIZE, CLASSES = 224, 1000


def model_of(name):
    import networks

    return networks.build(name, size=SIZE, classes=CLASSES)


def step(name, batch):
    model = model_of(name).train()
    images = torch.rand(batch, 3, SIZE, SIZE) * 256 - 128
    labels = torch.tensor([(7 * i + 3) % CLASSES for i in range(batch)])
    weights = [p for n, p in model.named_parameters() if p.dim() > 1]
    others = [p for n, p in model.named_parameters() if p.dim() == 1]
    groups = [{"params": weights, "weight_decay": 0.0005}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.SGD(groups, lr=1e-7, momentum=0.9, foreach=True)
    held = {}

    def layout(form):
        model.to(memory_format=form)
        optimizer.zero_grad(set_to_none=True)
        optimizer.state.clear()
        held["images"] = images.contiguous(memory_format=form)

    def run():
        optimizer.zero_grad(set_to_none=True)
        loss = torch.nn.functional.cross_entropy(model(held["images"]), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return layout, run


def infer(name, batch):
    model = model_of(name).eval()
    images = torch.rand(batch, 3, SIZE, SIZE) * 256 - 128
    held = {}

    def layout(form):
        model.to(memory_format=form)
        held["images"] = images.contiguous(memory_format=form)

    def run():
        with torch.inference_mode():
            model(held["images"])

    return layout, run


def dense(name, scales):
    """Convolutions on the whole photo, maxima of each size of bin at all places (along rows, then along columns), windows put together from slices of
    these, and all windows of a scale through the fully connected layers at once."""
    import networks

    model = model_of(name).eval()
    cut = next(i for i, layer in enumerate(model) if isinstance(layer, networks.Pyramid))
    body, head, levels = model[:cut], model[cut + 1:], model[cut].levels
    with torch.no_grad():
        side = body(torch.zeros(1, 3, SIZE, SIZE)).shape[2]
        first = head[0]
        bins = sum(n * n for n in levels)
        # From channels first to bins first: slices are then copied by whole pixels.
        first.weight.copy_(first.weight.view(first.out_features, -1, bins).transpose(1, 2).reshape(first.out_features, -1).clone())
    photos = [torch.rand(2, 3, s, s * 500 // 375) * 256 - 128 for s in scales]
    held = {}

    def layout(form):
        body.to(memory_format=form)
        held["photos"] = [photo.contiguous(memory_format=form) for photo in photos]

    def pooled(x):
        rows, columns = min(side, x.shape[2]), min(side, x.shape[3])
        down, across = x.shape[2] - rows + 1, x.shape[3] - columns + 1
        along, maxima, parts = {}, {}, []
        for n in levels:
            for i in range(n):
                for j in range(n):
                    top, bottom = i * rows // n, -(-(i + 1) * rows // n)
                    left, right = j * columns // n, -(-(j + 1) * columns // n)
                    height, width = bottom - top, right - left
                    if width not in along:
                        along[width] = torch.nn.functional.max_pool2d(x, (1, width), 1)
                    if (height, width) not in maxima:
                        maxima[height, width] = torch.nn.functional.max_pool2d(along[width], (height, 1), 1).permute(0, 2, 3, 1)
                    parts.append(maxima[height, width][:, top:top + down, left:left + across])
        return torch.stack(parts, dim=3).flatten(0, 2).flatten(1)

    def run():
        with torch.inference_mode():
            for photo in held["photos"]:
                torch.softmax(head(pooled(body(photo))), dim=1).double().mean(dim=0)

    return layout, run


def conv(shape, which):
    n, h, w, c, k = (int(number) for number in shape.split(","))
    x, weight, bias, dy = torch.rand(n, c, h, w) - 0.5, torch.rand(k, c, 3, 3) - 0.5, torch.rand(k), torch.rand(n, k, h, w) - 0.5
    held = {}

    def layout(form):
        held["x"], held["w"], held["dy"] = (tensor.contiguous(memory_format=form) for tensor in (x, weight, dy))

    def backward(mask):
        torch.ops.aten.convolution_backward(held["dy"], held["x"], held["w"], [k], [1, 1], [1, 1], [1, 1], False, [0, 0], 1, mask)

    passes = {
        "forward": lambda: torch.nn.functional.conv2d(held["x"], held["w"], bias, padding=1),
        "backward-data": lambda: backward([True, False, False]),
        "backward-filter": lambda: backward([False, True, False]),
    }

    def run():
        with torch.inference_mode():
            passes[which]()

    return layout, run


def seconds(run, runs):
    started = time.perf_counter()
    for _ in range(runs):
        run()
    return time.perf_counter() - started


def faster(layout, run):
    """Leaves the faster layout in place, by processor time: each is looked at by turns, up to three times, but no longer than a minute in all."""
    best, started = {}, time.perf_counter()
    for turn in range(6):
        name = list(FORMATS)[turn % 2]
        if turn >= 2 and time.perf_counter() - started > 60:
            break
        layout(FORMATS[name])
        run()
        processor = time.process_time()
        run()
        best[name] = min(best.get(name, float("inf")), time.process_time() - processor)
    chosen = min(best, key=best.get)
    layout(FORMATS[chosen])
    run()
    return chosen


def serve(layout, run):
    chosen = faster(layout, run)
    print(f"ready {chosen}", flush=True)
    for line in sys.stdin:
        if not line.strip():
            return
        processor = time.process_time()
        took = seconds(run, int(line))
        print(took, time.process_time() - processor, flush=True)


def main(arguments):
    torch.manual_seed(1)
    if arguments[0] == "version":
        print(torch.__version__)
    elif arguments[0] == "export":
        _, name, batch, path = arguments
        torch.onnx.export(model_of(name).eval(), torch.zeros(int(batch), 3, SIZE, SIZE), path, opset_version=13)
    else:
        work, first, second, threads = arguments
        torch.set_num_threads(int(threads))
        works = {
            "step": lambda: step(first, int(second)),
            "infer": lambda: infer(first, int(second)),
            "dense": lambda: dense(first, [int(side) for side in second.split(",")]),
            "conv": lambda: conv(first, second),
        }
        serve(*works[work]())


if __name__ == "__main__":
    main(sys.argv[1:])
