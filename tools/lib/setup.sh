# Shared by the scripts in tools/: where the project is, what it needs from the system, how it is
# built. Sourced, not run.

set -euo pipefail
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

say() { printf '%s\n' "$*" >&2; }

# The libraries that the package links, by their Debian names.
packages=(libdnnl-dev libopenblas-dev libjpeg-dev libpng-dev libwebp-dev libsqlite3-dev
  libxxhash-dev)

# The tests that depend on the numeric libraries and on the processor.
engine_tests='^Balance(Tensors|Networks)Tests\.'

# Installs what is missing, as root or with sudo; elsewhere than on Debian and Ubuntu it says what
# is needed and goes on.
install_packages() {
  if ! command -v dpkg-query > /dev/null; then
    say "This is not Debian or Ubuntu: install oneDNN, OpenBLAS, libjpeg-turbo, libpng, libwebp, SQLite and xxHash with headers."
    return
  fi
  local missing=() name
  for name in "$@"; do
    if ! dpkg-query -W -f='${Status}' "$name" 2> /dev/null | grep -q '^install ok installed'; then
      missing+=("$name")
    fi
  done
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo > /dev/null || {
      say "Missing packages: ${missing[*]}. Install them as root: apt-get install ${missing[*]}"
      exit 1
    }
    as_root=(sudo)
  fi
  say "Installing system packages: ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
}

require_swift() {
  command -v swift > /dev/null || {
    say "No Swift toolchain found: install Swift 6.2 or later and put 'swift' on the PATH."
    exit 1
  }
}

# Builds the products named, optimised, and sets $binaries to where they are.
build_products() {
  require_swift
  install_packages "${packages[@]}"
  local product
  for product in "$@"; do
    say "Building $product"
    swift build --package-path "$project" -c release --product "$product" >&2
  done
  binaries=$(swift build --package-path "$project" -c release --show-bin-path)
}

# Makes the Python environment of the outside witnesses when it is missing or out of date, and
# sets $python.
python_environment() {
  local folder="$project/.venv" wanted="$project/tools/witness/requirements.txt"
  python="$folder/bin/python"
  if [ -x "$python" ] && cmp -s "$wanted" "$folder/requirements.txt"; then return; fi
  say "Making the Python environment of the witnesses in .venv (some minutes, once)"
  command -v python3 > /dev/null || install_packages python3
  python3 -m venv "$folder" 2> /dev/null || {
    install_packages python3-venv
    python3 -m venv "$folder"
  }
  # The build of PyTorch without GPU libraries where the package index has it.
  "$python" -m pip install -q "torch==2.13.0+cpu" 2> /dev/null \
    || "$python" -m pip install -q "torch==2.13.0"
  "$python" -m pip install -q -r "$wanted"
  # Without what it depends on: its models need nothing but PyTorch.
  "$python" -m pip install -q --no-deps "torchvision==0.28.0" "timm==1.0.31"
  cp "$wanted" "$folder/requirements.txt"
}
