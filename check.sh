#!/usr/bin/env bash
# Everything that must hold before a change lands: format, warnings as errors, house rules, packages, tests at every vector width. CI runs this and nothing else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

step() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }

step "native parts"
eng/setup.sh

step "build, warnings as errors"
dotnet build Rectify.slnx -c Release -v quiet -nologo -p:RestoreLockedMode=true

step "format"
dotnet format Rectify.slnx --no-restore --verify-no-changes

step "house rules"
eng/house-rules.sh

step "packages"
eng/pack-check.sh

# The widest vectors come first, as the machine has them; then narrower ones, by switching wider ones off.
widths() {
  local flags=""
  case "$(uname -s)" in
    Linux) flags="$(grep -m1 -E '^flags' /proc/cpuinfo || true)" ;;
    Darwin) flags="$(sysctl -n machdep.cpu.leaf7_features machdep.cpu.features 2>/dev/null | tr '[:upper:]' '[:lower:]' || true)" ;;
  esac
  if grep -qw avx512vl <<<"$flags"; then echo "V512 V256 V128 Scalar"
  elif grep -qw avx2 <<<"$flags"; then echo "V256 V128 Scalar"
  else echo "V128 Scalar"
  fi
}
all="$(widths)"
echo "vector widths to test on this machine: $all"

total_passed=0
for width in $all; do
  step "tests at $width"
  case "$width" in
    V512) switch=() ;;
    V256) switch=(DOTNET_EnableAVX512=0) ;;
    V128) switch=(DOTNET_EnableAVX512=0 DOTNET_EnableAVX2=0) ;;
    Scalar) switch=(DOTNET_EnableHWIntrinsic=0) ;;
  esac
  # What does not depend on the width is tested once.
  [ "$width" = "${all%% *}" ] && filter=() || filter=(--filter-not-trait Width=any)
  log="$(mktemp)"
  if ! env "${switch[@]}" RECTIFY_EXPECT_ISA="$width" dotnet artifacts/bin/Rectify.Tests/release/Rectify.Tests.dll "${filter[@]}" >"$log" 2>&1; then
    cat "$log"
    echo "check.sh: the tests failed at $width." >&2
    exit 1
  fi
  grep -iE 'skipped|total:|succeeded:' "$log" || true
  passed="$(grep -oiE 'succeeded: *[0-9]+' "$log" | grep -oE '[0-9]+' | tail -n1)"
  if [ -z "$passed" ] || [ "$passed" -eq 0 ]; then
    cat "$log"
    echo "check.sh: no test ran at $width." >&2
    exit 1
  fi
  total_passed=$((total_passed + passed))
  rm -f "$log"
done

step "done"
echo "$total_passed passed, 0 failed"
