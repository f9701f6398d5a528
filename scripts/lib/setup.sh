# shellcheck shell=bash disable=SC2015,SC2034
# What scripts/setup installs, and how. Sourced with the checkout as the current directory, under `set -euo pipefail`.

readonly kPackages=(
  g++ cmake ninja-build pkgconf ccache
  python3-pip unzip  # only to fetch and unpack the wheels
  libeigen3-dev libyaml-cpp-dev libtbb-dev libcli11-dev libfmt-dev nlohmann-json3-dev librandom123-dev
  libgif-dev libhwy-dev libzip-dev
  libopencv-core-dev libopencv-imgproc-dev libopencv-imgcodecs-dev libopencv-videoio-dev
  libglfw3-dev libxrandr-dev  # windows
  libegl-dev libegl1 libgl1-mesa-dri libosmesa6  # headless rendering without a GPU
  libgtest-dev libgmock-dev libbenchmark-dev
)
readonly kTestPackages=(chromium fish zsh xvfb xdotool)  # without them the tests of report, completion and windows are skipped
readonly kDevPackages=(git clang-14 libclang-rt-14-dev clang-format-14 clang-tidy-14 python3-venv)
deps=.deps            # where MuJoCo and the models go,
machine=$(uname -m)   # and for which processor: scripts/test_arm64 has its own
scratch=  # a temporary file or folder, gone when the script ends, however it ends
trap 'rm -rf "$scratch"' EXIT

Say() { printf 'setup: %s\n' "$*" >&2; }

# Fail WHAT BY_HAND...: says what cannot be had and, line by line, how to get it by hand.
Fail() {
  Say "$1"; shift
  [ $# = 0 ] || printf '  %s\n' "$@" >&2
  exit 3
}

InstallPackages() {
  local -a missing as_root=()
  command -v dpkg-query >/dev/null \
    || Fail 'this is not Debian, and the packages have other names here. Install what these stand for:' "$*" \
            'then run: scripts/setup --wheels-only'
  mapfile -t missing < <(
    dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
      awk -v wanted="$*" '$1 == "installed" {have[$2]}
                          END {n = split(wanted, w, " "); for (i = 1; i <= n; i++) if (!(w[i] in have)) print w[i]}')
  [ ${#missing[@]} -gt 0 ] || return 0

  local by_hand="apt-get update && apt-get install --no-install-recommends ${missing[*]}"
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null \
      || Fail 'Debian packages are missing, and without root or sudo they cannot be had. Ask someone who is root:' \
              "$by_hand"
    as_root=(sudo)
  fi
  as_root+=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)

  Say "installing Debian packages: ${missing[*]}"
  scratch=$(mktemp)
  # A failing update need not matter (one broken list of many): whether the packages can be had, install tells.
  "${as_root[@]}" update >"$scratch" 2>&1 || true
  if ! "${as_root[@]}" install --no-install-recommends "${missing[@]}" </dev/null >>"$scratch" 2>&1; then
    tail -n 15 "$scratch" >&2
    Fail 'apt-get failed (above: why). When that is mended, run scripts/setup again, or as root:' "$by_hand"
  fi
  rm "$scratch"
}

# InstallWheel NAME UNPACK: puts parts of the wheel NAME, pinned in cmake/wheels.txt, into .deps/NAME-VERSION. UNPACK
# WHEEL FOLDER copies the parts. The folder appears by a rename at the end, so it is whole or it is not there.
InstallWheel() {
  local name=$1 unpack=$2 pin version target
  pin=$(grep "^$name==" cmake/wheels.txt)
  version=${pin#*==}; version=${version%% *}
  target=$deps/$name-$version
  [ "$(cat "$target/.pin" 2>/dev/null)" != "$pin" ] || return 0

  # Platform and Python version are given, not taken from here: the pinned wheel is chosen whatever Python runs pip.
  local -a download=(-m pip download --no-deps --only-binary=:all: --python-version 3.11 --implementation cp --abi cp311
                     --platform "manylinux_2_28_$machine")
  local python=/usr/bin/python3  # Debian's; the first on PATH may be a virtual environment without pip
  "$python" -m pip --version >/dev/null 2>&1 || python=python3

  # The temporary folder lies beside its target, so that the last step is a rename and not a copy.
  mkdir -p "$deps" && scratch=$(mktemp -d "$deps/.tmp.XXXXXX") && mkdir "$scratch/new" &&
    printf '%s\n' "$pin" >"$scratch/pin" \
    || Fail "cannot write into $PWD/$deps. Make room there, or make it writable for $(id -un)."

  local by_hand="python3 ${download[*]} $name==$version"
  if compgen -G "$deps/wheels/$name-$version-*.whl" >/dev/null; then
    download+=(--no-index --find-links "$deps/wheels")
  fi
  Say "fetching $name $version"
  "$python" "${download[@]}" --quiet --disable-pip-version-check --require-hashes -r "$scratch/pin" -d "$scratch" >&2 \
    || Fail "pip could not fetch $name $version with the SHA-256 sums of cmake/wheels.txt (above: why)." \
            'On a machine with a network:' "  $by_hand" \
            "then put the .whl file into $PWD/$deps/wheels/ and run scripts/setup again: it checks the sums once more."
  "$unpack" "$scratch/$name"-*.whl "$scratch/new" && mv "$scratch/pin" "$scratch/new/.pin" &&
    rm -rf "$target" && mv -T "$scratch/new" "$target" \
    || Fail "cannot unpack $name $version into $PWD/$target (above: why). Make room there and run scripts/setup again."
  rm -rf "$scratch"
}

# A wheel is a zip file. Of MuJoCo: the C library and the headers, without those in folders below (of the studio, of the
# Filament renderer), which unzip's * reaches too.
UnpackMujoco() {
  unzip -q "$1" 'mujoco/libmujoco.so.*' 'mujoco/include/mujoco/*.h' '*/licenses/LICENSE*' \
    -x 'mujoco/include/mujoco/*/*' -d "$2" &&
    mv "$2"/mujoco/* "$2"/*.dist-info/licenses/* "$2" && rm -r "$2"/mujoco "$2"/*.dist-info
}

# The Control Suite's models. The pattern leaves out the dog's meshes (20 MB).
UnpackDmControl() {
  unzip -q "$1" 'dm_control/suite/*.xml' '*/licenses/LICENSE' -d "$2" &&
    mv "$2"/dm_control/* "$2"/*.dist-info/licenses/* "$2" && rm -r "$2"/dm_control "$2"/*.dist-info
}

InstallMujoco() {
  if [ -n "${MUJOCO_ROOT:-}" ]; then
    [ -f "$MUJOCO_ROOT/include/mujoco/mujoco.h" ] \
      || Fail "MUJOCO_ROOT=$MUJOCO_ROOT holds no include/mujoco/mujoco.h. Correct it, or have MuJoCo fetched:" \
              'env -u MUJOCO_ROOT scripts/setup'
    return 0
  fi
  case $machine in
    x86_64 | aarch64) InstallWheel mujoco UnpackMujoco ;;
    *) Fail "there is no MuJoCo wheel for $machine. Build MuJoCo from source, then:" \
            'MUJOCO_ROOT=/its/install/folder scripts/setup' ;;
  esac
}

InstallDmControl() { InstallWheel dm_control UnpackDmControl; }
