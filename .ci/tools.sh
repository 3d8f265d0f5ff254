#!/usr/bin/env bash
# Installs the Debian packages that builds and browser tests need, where they are missing.
set -euo pipefail

missing=()
need() { command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }
need chromium chromium
need firefox-esr firefox-esr
need certutil libnss3-tools
need WebKitWebDriver webkit2gtk-driver
need Xvfb xvfb
need file file
need cc gcc
need pkg-config pkg-config
need curl curl
need strace strace
need oathtool oathtool
need script bsdutils
need git git
need node nodejs
need npm npm
if [ ${#missing[@]} -gt 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

node -e 'const [a, b] = process.versions.node.split(".").map(Number);
if (a < 20 || (a === 20 && b < 19)) { console.error("Node.js 20.19 or newer is needed, this is " + process.version); process.exit(1); }'
