#!/usr/bin/env bash
# Rules of the house that no compiler checks. Run from anywhere; prints what breaks them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bad=0

# Files of more than 600 lines, but for those with a reason.
long_with_reason='src/Rectify/Kernels/Gemm/Tiles[12]\.g\.cs' # written by eng/GenerateTiles.cs: a method for each number of rows
while IFS= read -r file; do
  lines=$(wc -l <"$file")
  if [ "$lines" -gt 600 ] && ! grep -qE "^$long_with_reason\$" <<<"$file"; then
    echo "$file has $lines lines; split it (600 at most)."
    bad=1
  fi
done < <(git ls-files '*.cs' '*.sh' '*.py')

# Lines of more characters than .editorconfig has for a C# file; generated ones may.
width=$(sed -n 's/^max_line_length = //p' .editorconfig)
if LC_ALL=C.UTF-8 git grep -nE ".{$((width + 1))}" -- '*.cs' ':!*.g.cs' | cut -c1-200; then
  echo "the lines above have more than $width characters; break them."
  bad=1
fi

# Pointers belong to kernels, the arena and interop.
if git grep -lE '\bunsafe\b([^-]|$)' -- 'src/*.cs' | grep -vE '^src/Rectify/Kernels/|^src/Rectify/Tensors/NativeBuffer\.cs$|^src/Rectify\.(Imaging|Mpi)/'; then
  echo "the files above use pointers outside Kernels/, the arena and interop."
  bad=1
fi

# The generated register tiles are what their generator writes.
copy="$(mktemp -d)"
trap 'rm -rf "$copy"' EXIT
mkdir -p "$copy/src/Rectify/Kernels/Gemm"
dotnet build eng/GenerateTiles.cs -v quiet -nologo -o "$copy/generator" >"$copy/log" 2>&1 || { cat "$copy/log"; exit 1; }
(cd "$copy" && dotnet generator/GenerateTiles.dll)
for file in Tiles1.g.cs Tiles2.g.cs; do
  if ! diff -q "$copy/src/Rectify/Kernels/Gemm/$file" "src/Rectify/Kernels/Gemm/$file" >/dev/null; then
    echo "src/Rectify/Kernels/Gemm/$file is not what eng/GenerateTiles.cs writes; run: dotnet run eng/GenerateTiles.cs"
    bad=1
  fi
done

# Nothing heavy.
while IFS= read -r file; do
  [ -f "$file" ] || continue
  size=$(wc -c <"$file")
  if [ "$size" -gt 1000000 ]; then
    echo "$file has $size bytes; keep the repository light (1 MB at most)."
    bad=1
  fi
done < <(git ls-files)

exit $bad
