"""Runs Rectify and its peers by turns and prints a table; bench/peers/run.sh calls it when all is in place."""
import argparse
import datetime
import glob
import os
import platform
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PEERS = os.path.join(ROOT, "artifacts", "peers")
OURS = ["dotnet", os.path.join(ROOT, "artifacts", "bin", "Rectify.Cli", "release", "Rectify.Cli.dll"), "bench"]
MODULES = os.path.join(PEERS, "node_modules")

# A turn of a pair lasts about so long, and is at least one run.
TURN_SECONDS = 0.5

STEPS = [("a", 16), ("b", 16), ("c", 8), ("vgg19", 8), ("small14", 64), ("small30", 64)]
INFERENCES = [("a", 8), ("a", 1), ("vgg19", 8), ("vgg19", 1)]
# Shorter sides of one photo and its mirror image.
DENSE = ",".join(str(side) for side in range(256, 513, 32))
# The 3x3 layers of Table 3: batch, rows, columns, channels, filters.
CONVOLUTIONS = ["8,56,56,96,256", "8,56,56,256,256", "8,28,28,256,512", "8,28,28,512,512", "8,14,14,512,512", "8,28,28,768,768", "8,14,14,896,896", "8,56,56,384,384"]
PASSES = ["forward", "backward-data", "backward-filter"]
PRODUCTS = [1024, 2048]
# Loading: pictures a run, and the folder with train/ and class folders of photos below it.
LOADED = 512
PHOTOS = "CLOTHING"


def say(text):
    print(f"peers: {text}", file=sys.stderr, flush=True)


def library(kind):
    found = glob.glob(os.path.join(PEERS, "openblas", "usr", "lib", "*", f"openblas-{kind}", "libopenblas.so.0"))
    return found[0] if found else None


class Server:
    """A program that says "ready" and then answers how long so many runs took."""

    def __init__(self, command, threads, settings=None):
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads), DOTNET_CLI_TELEMETRY_OPTOUT="1", **(settings or {}))
        blas = library("openmp")
        if blas is not None:
            environment["LD_LIBRARY_PATH"] = os.path.dirname(blas)
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        line = self.process.stdout.readline().strip()
        if not line.startswith("ready"):
            self.process.kill()
            complaint = self.process.stderr.read().strip().splitlines()
            raise RuntimeError(complaint[-1] if complaint else f"it ended with {self.process.wait()}")
        self.description = line[len("ready"):].strip()

    def seconds(self, runs):
        self.process.stdin.write(f"{runs}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        if len(answer) != 2:
            raise RuntimeError("it ended in the midst of the measurement")
        return float(answer[0]) / runs, float(answer[1]) / runs

    def forget_peak(self):
        """From here on the peak of memory counts anew, where the system can do so: what came before chose a layout or compiled."""
        try:
            with open(f"/proc/{self.process.pid}/clear_refs", "w", encoding="ascii") as file:
                file.write("5")
        except OSError:
            pass

    def peak(self):
        """The most memory that was resident since, in bytes; NaN where the system does not say."""
        try:
            with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
                return 1024 * next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
        except (OSError, StopIteration):
            return float("nan")

    def close(self):
        try:
            self.process.stdin.close()
            self.process.wait(timeout=20)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()


def pytorch(*arguments):
    return [sys.executable, os.path.join(HERE, "pytorch_peer.py"), *arguments]


def onnxruntime(model, batch, threads):
    """The network exported anew; its file holds the weights, so it goes when the peer has read it."""
    if not os.path.isdir(os.path.join(MODULES, "onnxruntime-node")):
        raise RuntimeError("onnxruntime-node is not there")
    path = os.path.join(PEERS, f"{model}-{batch}.onnx")
    exported = subprocess.run(pytorch("export", model, str(batch), path), capture_output=True, text=True, check=False)
    if exported.returncode != 0:
        complaint = exported.stderr.strip().splitlines()
        raise RuntimeError(f"PyTorch could not export {model}: {complaint[-1] if complaint else exported.returncode}")
    try:
        return Server(["node", os.path.join(HERE, "onnxruntime_peer.cjs"), MODULES, path, str(batch), str(threads)], threads)
    finally:
        for file in glob.glob(path + "*"):
            os.remove(file)


def openblas(size, threads):
    if library("pthread") is None:
        raise RuntimeError("OpenBLAS is not there")
    return Server([sys.executable, os.path.join(HERE, "openblas_peer.py"), str(size), str(threads), library("pthread")], threads)


def ours(kind, threads, *options, settings=None):
    return Server([*OURS, kind, *options, "--threads", str(threads), "--server"], threads, settings)


def step(model, batch, threads, *options, settings=None):
    return ours("step", threads, "--model", model, "--batch", str(batch), "--seconds", "1", *options, settings=settings)


def loading(threads, *options):
    return Server([*OURS, "data", "--data", photos(), "--workers", str(threads), "--images", str(LOADED), "--server", *options], threads)


def photos():
    folder = os.environ.get(PHOTOS)
    if not folder:
        raise RuntimeError(f"set {PHOTOS} to a folder with train/ and class folders of photos below it")
    return os.path.join(folder, "train")


def torchvision(threads):
    return Server([sys.executable, os.path.join(HERE, "torchvision_peer.py"), photos(), str(threads), str(LOADED)], threads)


def works(threads):
    """Name, how to start ours, and the peers: name and how to start it."""
    for model, batch in STEPS:
        yield (
            f"step {model}, batch {batch}",
            lambda m=model, b=batch: step(m, b, threads),
            [("PyTorch", lambda m=model, b=batch: Server(pytorch("step", m, str(b), str(threads)), threads))],
        )
    yield (
        "step a, batch 16, AVX2",
        lambda: step("a", 16, threads, settings={"DOTNET_EnableAVX512": "0"}),
        [("PyTorch", lambda: Server(pytorch("step", "a", "16", str(threads)), threads, {"ONEDNN_MAX_CPU_ISA": "AVX2", "OPENBLAS_CORETYPE": "Haswell"}))],
    )
    for model, batch in INFERENCES:
        yield (
            f"infer {model}, batch {batch}",
            lambda m=model, b=batch: ours("infer", threads, "--model", m, "--batch", str(b), "--seconds", "1"),
            [
                ("ONNX Runtime", lambda m=model, b=batch: onnxruntime(m, b, threads)),
                ("PyTorch", lambda m=model, b=batch: Server(pytorch("infer", m, str(b), str(threads)), threads)),
            ],
        )
    yield (
        "dense a, 9 scales",
        lambda: ours("dense", threads, "--model", "a", "--scales", DENSE),
        [("PyTorch", lambda: Server(pytorch("dense", "a", DENSE, str(threads)), threads))],
    )
    for shape in CONVOLUTIONS:
        for which in PASSES:
            yield (
                f"conv {shape} {which}",
                lambda s=shape, w=which: ours("conv", threads, "--shape", s, "--pass", w),
                [("PyTorch", lambda s=shape, w=which: Server(pytorch("conv", s, w, str(threads)), threads))],
            )
    for size in PRODUCTS:
        yield f"gemm {size}³", lambda n=size: ours("gemm", threads, "--size", str(n)), [("OpenBLAS", lambda n=size: openblas(n, threads))]
    yield (
        "data: photos to crops of 224",
        lambda: loading(threads),
        [("torchvision", lambda: torchvision(threads)), ("libjpeg-turbo, decoding alone", lambda: loading(threads, "--decode-only"))],
    )
    # Beside ourselves: what slopes cost, and what the second thread brings.
    yield "rectifiers: step a, batch 16", lambda: step("a", 16, threads), [("Rectify, ReLU", lambda: step("a", 16, threads, "--activation", "relu"))]
    for model, batch in [("a", 16), ("small14", 64)]:
        yield f"threads: step {model}, batch {batch}", lambda m=model, b=batch: step(m, b, threads), [("Rectify, 1 thread", lambda m=model, b=batch: step(m, b, 1))]


def turn(server, runs):
    """After a run that does not count: a system may take memory from who was idle during the other's turn, and give it back page by page."""
    server.seconds(1)
    return server.seconds(runs)


def compare(mine, theirs, pairs):
    """Medians of each, of the ratios of neighbouring turns, and of those of processor time; and both peaks of memory."""
    rows = []
    runs = []
    for server in (mine, theirs):
        runs.append(max(1, round(TURN_SECONDS / max(1e-9, min(server.seconds(1)[0] for _ in range(2))))))
        server.forget_peak()
    for _ in range(pairs):
        rows.append((turn(mine, runs[0]), turn(theirs, runs[1])))
    ratios = [b[0] / a[0] for a, b in rows]
    return (
        statistics.median(a[0] for a, _ in rows),
        statistics.median(b[0] for _, b in rows),
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        statistics.median(b[1] / a[1] if a[1] > 0 else float("nan") for a, b in rows),
        mine.peak(),
        theirs.peak(),
    )


def number(seconds):
    return f"{seconds:.3f} s" if seconds >= 1 else f"{1e3 * seconds:.2f} ms"


def output_of(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "not there"


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            lines = file.read().splitlines()
    except OSError:
        return platform.processor()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    widest = "AVX-512" if any(" avx512f" in line for line in lines) else "AVX2" if any(" avx2" in line for line in lines) else "no AVX2"
    return f"{names[0] if names else platform.machine()}, {widest}"


def heading(threads, pairs):
    commit = output_of("git", "-C", ROOT, "describe", "--always", "--dirty", "--abbrev=10")
    blas = output_of(sys.executable, os.path.join(HERE, "openblas_peer.py"), "version", library("pthread") or "none")
    print(f"{datetime.date.today()}, commit {commit}, .NET {output_of('dotnet', '--version')} (SDK); {os.cpu_count()} × {processor()}; {threads} threads, {pairs} pairs.")
    print(f"PyTorch {output_of(*pytorch('version'))} (Debian; its matrix products by OpenBLAS); ONNX Runtime "
          f"{output_of('node', os.path.join(HERE, 'onnxruntime_peer.cjs'), MODULES, 'version')}; {blas}.")
    if hasattr(os, "getloadavg"):
        print(f"Load average before the first turn: {os.getloadavg()[0]:.1f} (0 where nothing else runs).")
    print()
    print("| work | Rectify | peer | | times faster | from .. to | by processor time | memory: Rectify, peer |")
    print("|---|---|---|---|---|---|---|---|")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(prog="bench/peers/run.sh")
    parser.add_argument("--work", nargs="*", default=[], help="works whose names begin so; all without it (step, infer, conv, gemm, data, 'step a', ...)")
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--list", action="store_true", help="print the names of the works")
    arguments = parser.parse_args()
    chosen = [work for work in works(arguments.threads) if not arguments.work or any(work[0].startswith(name) for name in arguments.work)]
    if arguments.list:
        print("\n".join(name for name, _, _ in chosen))
        return
    if not chosen:
        sys.exit("peers: no work begins so; see --list")
    heading(arguments.threads, arguments.pairs)
    for name, begin, peers in chosen:
        say(name)
        try:
            mine = begin()
        except RuntimeError as error:
            say(f"{name}: Rectify could not: {error}")
            continue
        for peer, start in peers:
            try:
                theirs = start()
            except (RuntimeError, OSError) as error:
                say(f"{name}: {peer} is left out: {error}")
                continue
            try:
                a, b, ratio, least, most, cpu, memory, other = compare(mine, theirs, arguments.pairs)
                note = f" ({theirs.description})" if peer in ("PyTorch", "torchvision") else ""
                print(f"| {name} | {number(a)} | {peer}{note} | {number(b)} | **{ratio:.2f}** | {least:.2f} .. {most:.2f} | {cpu:.2f} "
                      f"| {memory / 1e9:.2f} GB, {other / 1e9:.2f} GB |", flush=True)
            except (RuntimeError, OSError) as error:
                say(f"{name}: beside {peer} the measurement failed: {error}")
            finally:
                theirs.close()
        mine.close()


if __name__ == "__main__":
    main()
