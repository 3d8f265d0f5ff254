#!/bin/sh
# Fetches the stock age tool, 1.3 or newer, for the round-trip tests, and prints the path of the program.
# Debian stable has an older age without hybrid keys, so it is taken from the suite `sid` of the mirror that this
# machine already uses, through apt (which checks the archive's signature), without touching the system: own list of
# sources, own state, own cache, and the program unpacked into target/tools/age.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
tools="$root/target/tools/age"
bin="$tools/usr/bin"

is_new_enough() {
  [ -x "$bin/age" ] && [ -x "$bin/age-plugin-batchpass" ] || return 1
  version=$("$bin/age" --version | sed 's/^v//; s/[^0-9.].*//')
  [ "$(printf '%s\n1.3\n' "$version" | sort -V | head -n 1)" = 1.3 ]
}

if ! is_new_enough; then
  # The main archive, not its security or updates suite, by its origin; before a machine's first `apt-get update` that
  # is not known, and the usual last part of its path tells it.
  mirror=$({
    apt-get indextargets --format '$(ORIGIN) $(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
      sed -n 's/^Debian [^ -]* //p'
    apt-get update --print-uris | sed -n "s|^'\(.*/debian\)/dists/[^/-]*/InRelease'.*|\1/|p"
  } | head -n 1)
  if [ -z "$mirror" ]; then
    echo "age.sh: no Debian mirror among this machine's apt sources; put age 1.3 or newer into $bin by hand" >&2
    exit 1
  fi
  private="$tools/apt"
  rm -rf "$tools"
  mkdir -p "$private/lists/partial" "$private/cache/archives/partial" "$private/parts"
  : >"$private/status"
  printf 'deb [signed-by=%s] %s sid main\n' /usr/share/keyrings/debian-archive-keyring.gpg "$mirror" >"$private/sources.list"
  apt() {
    apt-get -qq -o Dir::Etc::sourcelist="$private/sources.list" -o Dir::Etc::sourceparts="$private/parts" \
      -o Dir::State::lists="$private/lists" -o Dir::State::status="$private/status" -o Dir::Cache="$private/cache" \
      -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none "$@" >&2
  }
  apt update
  (cd "$private" && apt download age && dpkg -x age_*.deb "$tools")
  rm -rf "$private"
  if ! is_new_enough; then
    echo "age.sh: the mirror's age is older than 1.3 or lacks the batchpass plugin" >&2
    exit 1
  fi
fi
echo "$bin/age"
