#!/usr/bin/env bash
# Installs the native parts that tests, photos and work on several machines need, libjpeg-turbo, libspng and Open MPI, and restores with npm the scripts that draw the charts of reports and those that test
# ONNX files. Says what it does; where it may not, prints the one line that does it.
set -uo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

# Restores the packages of a folder's lock file: what it is, what it needs Node for.
restore() {
  local folder="$1" what="$2"
  if [ -d "$root/$folder/node_modules" ] && [ ! "$root/$folder/package-lock.json" -nt "$root/$folder/node_modules" ]; then
    return
  fi
  if ! command -v npm >/dev/null; then
    echo "setup: $what need Node.js 20 or later (https://nodejs.org). Everything else works without."
  elif (cd "$root/$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null); then
    touch "$root/$folder/node_modules"
    echo "setup: $what are restored."
  else
    echo "setup: npm could not restore $what. Try: cd $folder && npm ci --ignore-scripts"
  fi
}

restore src/Rectify.Reports/web "the scripts of reports"
restore tests/Rectify.Tests/Onnx/node "the tests with ONNX Runtime (300 MB)"

present() { ldconfig -p 2>/dev/null | grep -q "$1"; }

case "$(uname -s)" in
  Linux)
    missing=()
    present 'libturbojpeg\.so' || missing+=(libturbojpeg0)
    present 'libspng\.so' || missing+=(libspng0)
    command -v mpirun >/dev/null && present 'libmpi\.so\.40' || missing+=(openmpi-bin libopenmpi3)
    if [ ${#missing[@]} -eq 0 ]; then
      echo "setup: libjpeg-turbo, libspng and Open MPI are here."
      exit 0
    fi
    if ! command -v apt-get >/dev/null; then
      echo "setup: photos need libjpeg-turbo (TurboJPEG) and libspng, several machines Open MPI 4; install them with this system's package manager. Everything else works without."
      exit 0
    fi
    if [ "$(id -u)" -eq 0 ]; then
      echo "setup: installing ${missing[*]} with apt."
      if apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; then
        exit 0
      fi
      echo "setup: apt could not install them. Try: apt-get install ${missing[*]}"
      exit 0
    fi
    echo "setup: photos and several machines need: sudo apt-get install ${missing[*]}"
    ;;
  Darwin)
    echo "setup: photos need: brew install jpeg-turbo libspng"
    ;;
  *)
    echo "setup: photos need libjpeg-turbo (turbojpeg.dll) and libspng on the PATH: winget install libjpeg-turbo.libjpeg-turbo.VC"
    ;;
esac
exit 0
