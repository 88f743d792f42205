"""OpenBLAS's side of the comparison, as a server (see pytorch_peer.py): openblas_peer.py SIZE THREADS LIBRARY, or: openblas_peer.py version LIBRARY."""
import ctypes
import random
import sys
import time

ROW_MAJOR, NO_TRANSPOSE = 101, 111


def main(arguments):
    library = ctypes.CDLL(arguments[-1])
    library.openblas_get_config.restype = ctypes.c_char_p
    if arguments[0] == "version":
        print(library.openblas_get_config().decode())
        return
    size, threads = int(arguments[0]), int(arguments[1])
    library.openblas_set_num_threads(threads)
    matrix = ctypes.c_float * (size * size)
    a, b, c = matrix(), matrix(), matrix()
    for i in range(size * size):
        a[i], b[i] = random.randrange(9) - 4, random.randrange(9) - 4
    f = ctypes.c_float

    def run():
        library.cblas_sgemm(ROW_MAJOR, NO_TRANSPOSE, NO_TRANSPOSE, size, size, size, f(1), a, size, b, size, f(0), c, size)

    def seconds(runs):
        started = time.perf_counter()
        for _ in range(runs):
            run()
        return time.perf_counter() - started

    seconds(5)
    row, column = size // 3, size // 2
    if c[row * size + column] != sum(a[row * size + p] * b[p * size + column] for p in range(size)):
        raise SystemExit("openblas: the product is wrong")
    print(f"ready {library.openblas_get_config().decode()}", flush=True)
    for line in sys.stdin:
        if not line.strip():
            return
        processor = time.process_time()
        took = seconds(int(line))
        print(took, time.process_time() - processor, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
