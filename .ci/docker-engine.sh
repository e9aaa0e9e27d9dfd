#!/bin/sh
# Starts and stops a Docker engine where no service manager does it.
#
#   docker-engine.sh start   does nothing where an engine answers already; otherwise starts dockerd and waits for it
#   docker-engine.sh stop    stops the engine that `start` started, and no other one
#   docker-engine.sh status  exit 0 when an engine answers
set -eu

here=$(cd "$(dirname "$0")" && pwd)
state="$here/.cache/engine"
pid_file="$state/dockerd.pid"

answers() {
  docker info >/dev/null 2>&1
}

ours() {
  [ -s "$pid_file" ] && [ "$(ps -o comm= -p "$(cat "$pid_file")" 2>/dev/null)" = dockerd ]
}

start() {
  if answers; then
    echo "docker engine: $(docker version --format '{{.Server.Version}}') answers"
    return 0
  fi
  if ! command -v dockerd >/dev/null || [ "$(id -u)" != 0 ]; then
    echo "docker engine: none answers, and starting one needs root and dockerd; container suites will skip" >&2
    return 1
  fi
  mkdir -p "$state"
  for driver in overlay2 vfs; do
    setsid dockerd --storage-driver "$driver" --pidfile "$pid_file" >"$state/dockerd.log" 2>&1 </dev/null &
    pid=$!
    tries=0
    while kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 150 ]; do
      if answers; then
        echo "docker engine: started $(docker version --format '{{.Server.Version}}') on $driver"
        return 0
      fi
      sleep 0.2
      tries=$((tries + 1))
    done
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    rm -f "$pid_file"
  done
  echo "docker engine: dockerd did not start; the end of its log:" >&2
  tail -n 20 "$state/dockerd.log" >&2
  return 1
}

stop() {
  if ! ours; then
    echo "docker engine: none of ours is running"
    return 0
  fi
  pid=$(cat "$pid_file")
  kill "$pid"
  tries=0
  while kill -0 "$pid" 2>/dev/null; do
    if [ "$tries" -ge 150 ]; then
      echo "docker engine: dockerd $pid still runs 30 s after SIGTERM" >&2
      return 1
    fi
    sleep 0.2
    tries=$((tries + 1))
  done
  rm -f "$pid_file"
  echo "docker engine: stopped"
}

case "${1:-}" in
  start) start ;;
  stop) stop ;;
  status) answers ;;
  *)
    echo "usage: docker-engine.sh start|stop|status" >&2
    exit 64
    ;;
esac
