#!/bin/sh
# Installs what the end-to-end suites need beyond Node: a Docker engine with buildx and compose, PostgreSQL, Redis
# and nginx (servers for the suites, binaries for the stand-in images), shells to complete in, and small tools.
# For Debian, or Ubuntu with a Docker engine, as root; prints the reason and exits 0 elsewhere, because suites without an
# engine skip with a reason.
set -eu

# shellcheck source=/dev/null # the machine's own
. /etc/os-release
case ${ID:-} in debian | ubuntu) known=yes ;; *) known=no ;; esac
if [ $known = no ] || [ "$(id -u)" != 0 ]; then
  echo "system packages: needs root on Debian or Ubuntu, found uid $(id -u) on ${ID:-unknown}; nothing installed"
  exit 0
fi

base="busybox-static docker-registry fish git nginx postgresql procps redis-server skopeo strace zsh"
docker="docker-buildx docker-cli docker-compose docker.io"
engine="containerd iptables runc"
# Docker's own packages, which runners bring, exclude Ubuntu's.
if [ "$ID" = ubuntu ] && docker buildx version >/dev/null 2>&1; then
  docker=
  engine=
fi

installed() {
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || return 1
  done
}

# HEALTHCHECK --start-interval needs Engine 25 and compose has to be version 2. Debian 12 has older ones, so these
# packages alone come from the next suite: a priority of 50 keeps apt from upgrading anything else from there.
next_suite() {
  [ "$VERSION_CODENAME" = bookworm ] || return 0
  sources=/etc/apt/sources.list.d
  sed 's/bookworm-updates//; s/bookworm/trixie/' "$sources/debian.sources" |
    awk 'BEGIN { RS = ""; ORS = "\n\n" } !/security/' >"$sources/next-suite.sources"
  printf 'Package: *\nPin: release n=trixie\nPin-Priority: 50\n' >/etc/apt/preferences.d/next-suite
  docker=$(for package in $docker; do printf '%s/trixie ' "$package"; done)
}

# shellcheck disable=SC2086 # lists of package names
if installed $base $docker && [ "$(docker compose version --short | cut -d. -f1)" != 1 ]; then
  echo "system packages: present"
  exit 0
fi

next_suite
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
# Servers are started by the suites that need them, never by the installation.
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
trap 'rm -f /usr/sbin/policy-rc.d' EXIT
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $base $docker $engine >/dev/null
echo "system packages: installed"
