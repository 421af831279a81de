#!/bin/sh
# What the tests need beside Python packages: a real Chromium, and the W3C's HTML checker, which runs on Java.
# Debian's are installed where that is possible; the checker is the npm package vnu-jar, put beside the virtual
# environment. Whatever can't be had is said here, and by the tests that want it.
set -eu
cd "$(dirname "$0")/.."

have() { command -v "$1" >/dev/null 2>&1; }

wanted=""
have chromium || have google-chrome || wanted="$wanted chromium fonts-noto-core"
have java || wanted="$wanted default-jre-headless"
have npm || wanted="$wanted npm"
if [ -n "$wanted" ] && [ "$(id -u)" = 0 ] && have apt-get; then
    echo "installing for the tests, from Debian:$wanted"
    apt-get update -qq
    # shellcheck disable=SC2086 - words on purpose
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >/dev/null
fi
if have npm && [ ! -f .venv/vnu/node_modules/vnu-jar/build/dist/vnu.jar ]; then
    npm install --silent --no-save --no-audit --no-fund --prefix .venv/vnu vnu-jar@26.9.27 ||
        echo "the HTML checker vnu-jar could not be fetched: tests that want it will say so" >&2
fi
have chromium || have google-chrome || echo "no Chromium here, and no way to install it: the browser tests will say so" >&2
