#!/usr/bin/env bash
# The release binary is static, runs in an empty root, and survives a name service configuration that makes a static
# glibc load the host's modules.
set -euo pipefail
cd "$(dirname "$0")/.."
host=$(rustc -vV | sed -n 's/^host: //p')
binary=$PWD/target/$host/release/alcove
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

file "$binary"
file "$binary" | grep -Eq 'static-pie linked|statically linked' || { echo "not a static binary" >&2; exit 1; }

size=$(stat -c %s "$binary")
echo "binary: $((size / 1000)) kB"

mkdir -p "$scratch/root/tmp" "$scratch/root/dev"
mknod -m 666 "$scratch/root/dev/urandom" c 1 9 || true
cp "$binary" "$scratch/root/alcove"

# Starts it, waits for its first answer, stops it.
serves() {
  local data=$1 port=$2
  shift 2
  "$@" serve --data-dir "$data" --key-file "$data.key" --listen "127.0.0.1:$port" --origin "https://localhost:$port" \
    >"$scratch/out" 2>&1 &
  local pid=$!
  for _ in $(seq 100); do
    if curl -sk --tlsv1.3 "https://localhost:$port/healthz" >/dev/null; then
      kill -TERM $pid
      wait $pid || true
      return 0
    fi
    sleep 0.1
  done
  cat "$scratch/out" >&2
  kill -KILL $pid 2>/dev/null || true
  return 1
}

serves /tmp/empty-root 18443 chroot "$scratch/root" /alcove
echo "serves in an empty root"

printf 'passwd: files systemd\nhosts: myhostname files dns\n' >"$scratch/nsswitch.conf"
export NSSWITCH=$scratch/nsswitch.conf BINARY=$binary
serves "$scratch/nss" 18444 unshare --mount bash -c 'mount --bind "$NSSWITCH" /etc/nsswitch.conf && exec "$BINARY" "$@"' alcove
echo "serves under hosts: myhostname files dns"
