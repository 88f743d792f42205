#!/usr/bin/env bash
# Rectify beside PyTorch, ONNX Runtime, OpenBLAS and torchvision on this machine: ours, theirs, ours, theirs ...; one table in Markdown on standard output.
#   bench/peers/run.sh [--work step|infer|conv|gemm|data|NAME ...] [--pairs 7] [--threads 2] [--list]
# What is missing is fetched where that is allowed, into artifacts/peers (PyTorch: with apt), and said; a peer that cannot be had is named and skipped.
set -uo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
peers="$root/artifacts/peers"
mkdir -p "$peers"
say() { echo "peers: $*" >&2; }

python=/usr/bin/python3
[ -x "$python" ] || python="$(command -v python3 || true)"
if [ -z "$python" ]; then
  say "python3 is missing; it runs the comparison."
  exit 1
fi

for argument in "$@"; do
  if [ "$argument" = --list ] || [ "$argument" = --help ] || [ "$argument" = -h ]; then
    exec "$python" "$here/compare.py" "$@"
  fi
done

# PyTorch, and torchvision with PIL for loading.
for module in torch torchvision; do
  if ! "$python" -c "import $module" 2>/dev/null; then
    if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
      say "installing python3-$module with apt."
      apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "python3-$module" >/dev/null \
        || say "apt could not install python3-$module; it is left out."
    else
      say "$module is missing (Debian: apt-get install python3-$module); it is left out."
    fi
  fi
done

# OpenBLAS, unpacked beside the build, not installed. Debian's PyTorch computes its fully connected layers by whatever BLAS it finds, with the plain reference
# at about 1 GFLOP/s, so it is given this one: the form that shares OpenMP's threads with it.
if ! compgen -G "$peers/openblas/usr/lib/*/openblas-*/libopenblas.so.0" >/dev/null; then
  if command -v apt-get >/dev/null && command -v dpkg >/dev/null; then
    say "fetching Debian's OpenBLAS into artifacts/peers."
    for package in libopenblas0-openmp libopenblas0-pthread; do
      (cd "$peers" && apt-get download -qq "$package" >/dev/null 2>&1 && dpkg -x "$package"_*.deb openblas && rm -f "$package"_*.deb) \
        || say "apt could not fetch $package."
    done
  else
    say "OpenBLAS is fetched with apt-get and dpkg, which are missing; it is left out."
  fi
fi

# ONNX Runtime, without the scripts that its package would run.
if [ ! -d "$peers/node_modules/onnxruntime-node" ]; then
  if command -v npm >/dev/null && command -v node >/dev/null; then
    say "fetching onnxruntime-node 1.30.0 from npm into artifacts/peers (114 MB)."
    for package in onnxruntime-node onnxruntime-common; do
      (
        cd "$peers" && npm pack --ignore-scripts --silent "$package@1.30.0" >/dev/null 2>&1 && mkdir -p "node_modules/$package" \
          && tar xzf "$package-1.30.0.tgz" -C "node_modules/$package" --strip-components=1 && rm -f "$package-1.30.0.tgz"
      ) || { rm -rf "$peers/node_modules/$package"; say "npm could not fetch $package."; }
    done
  else
    say "node and npm are missing; ONNX Runtime is left out."
  fi
fi

# Ours; rectify builds when a source is newer.
"$root/rectify" bench --help >/dev/null || exit 1
exec "$python" "$here/compare.py" "$@"
