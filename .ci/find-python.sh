#!/bin/sh
# Prints the folder of a Python that services in Python run on: one of the path, or one of pyenv. Exits 1 where there is none.
set -eu

for python in python3 python3.14 python3.13 "$HOME"/.pyenv/versions/3.1[3-4]*/bin/python3; do
  if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 13))' 2>/dev/null; then
    exec "$python" -c 'import sys; print(sys.base_prefix)'
  fi
done
exit 1
