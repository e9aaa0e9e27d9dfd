#!/bin/sh
# Provides the images that the templates and the tutorial name. Pulls them where a registry can be reached; elsewhere builds stand-ins
# under the same names: a small root with busybox, the binaries of this machine, and what the suites use of the official
# images (the node image's user and npm, Go's folder, Python with pip, the database images' variables, data folders and probes).
# Where pipelines install more, `apk add` puts programs on the path that are in the image already.
# Stand-ins carry the label twelve.stand-in=true, so that a suite can say which kind it ran on.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/.." && pwd)
cache="$here/.cache/images"
templates="$root/templates"
node_image=$(sed -n 's/^ARG NODE_IMAGE=//p' "$templates"/typescript/base/Dockerfile*)
go_image=$(sed -n 's/^ARG GO_IMAGE=//p' "$templates"/go/base/Dockerfile*)
python_image=$(sed -n 's/^ARG PYTHON_IMAGE=//p' "$templates"/python/base/Dockerfile*)
alpine_image=$(sed -n 's/^ARG RUNTIME_IMAGE=//p' "$templates"/go/base/Dockerfile*)
postgres_image=$(grep -ho 'image: postgres:.*' "$templates"/common/base/docker-compose.*.hbs | head -n 1 | cut -d' ' -f2)
stamp=$(cksum <"$0" | cut -d' ' -f1)
redis_image=$(grep -ho 'image: redis:.*' "$templates"/common/base/docker-compose.*.hbs | head -n 1 | cut -d' ' -f2)
nginx_image=$(sed -n 's/^ *image: \(nginx:.*\)/\1/p' "$root/docs/tutorials/visit-counter.md" | head -n 1)

# copy_with_libraries ROOT BINARY...: each binary at its own path, with the shared libraries it loads.
copy_with_libraries() {
  target=$1
  shift
  for file in "$@"; do
    {
      echo "$file"
      ldd "$file" 2>/dev/null | grep -o '/[^ ]*' || true
    }
  done | sort -u | while read -r path; do
    [ -e "$target$path" ] || { mkdir -p "$target$(dirname "$path")" && cp -L "$path" "$target$path"; }
  done
}

# base_root ROOT: busybox with its applets, a user table, and a temporary folder.
base_root() {
  mkdir -p "$1/bin" "$1/sbin" "$1/usr/bin" "$1/usr/sbin" "$1/etc" "$1/root" "$1/proc" "$1/sys" "$1/dev" "$1/var" "$1/run"
  mkdir -m 1777 "$1/tmp"
  cp /bin/busybox "$1/bin/busybox"
  for applet in $("$1/bin/busybox" --list-full); do
    [ -e "$1/$applet" ] || ln -s /bin/busybox "$1/$applet"
  done
  ln -sf /bin/busybox "$1/usr/bin/env"
  echo 'root:x:0:0:root:/root:/bin/sh' >"$1/etc/passwd"
  echo 'root:x:0:' >"$1/etc/group"
  echo 'hosts: files dns' >"$1/etc/nsswitch.conf"
}

# add_user ROOT NAME ID HOME
add_user() {
  echo "$2:x:$3:$3::$4:/bin/sh" >>"$1/etc/passwd"
  echo "$2:x:$3:" >>"$1/etc/group"
  mkdir -p "$1$4"
  chown "$3:$3" "$1$4"
}

# import ROOT IMAGE [--change INSTRUCTION]...
import() {
  tree=$1
  image=$2
  shift 2
  tar -C "$tree" --numeric-owner -c . |
    docker import --change "LABEL twelve.stand-in=true twelve.stand-in.of=$stamp" \
      --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' "$@" - "$image" >/dev/null
}

npm_tarball() {
  mkdir -p "$cache/$1"
  [ -d "$cache/$1/package" ] && return 0
  file=$(cd "$cache/$1" && npm pack --silent "$2" | tail -n 1)
  tar -C "$cache/$1" -xzf "$cache/$1/$file"
  rm "$cache/$1/$file"
}

build_node() {
  major=$(echo "$node_image" | sed 's/^.*://; s/[^0-9].*//')
  case $(uname -m) in aarch64) arch=arm64 ;; *) arch=x64 ;; esac
  npm_tarball "node-$major" "node-linux-$arch@$major"
  npm_tarball npm npm@11
  base_root "$1"
  add_user "$1" node 1000 /home/node
  mkdir -p "$1/usr/local/bin" "$1/usr/local/lib/node_modules"
  cp "$cache/node-$major/package/bin/node" "$1/usr/local/bin/node"
  copy_with_libraries "$1" "$cache/node-$major/package/bin/node"
  rm -r "${1:?}$cache"
  # pnpm, which some services install with, is a program that loads them.
  for library in librt.so.1 libpthread.so.0 libdl.so.2; do
    copy_with_libraries "$1" "$(ldconfig -p | awk "/$library /{print \$NF; exit}")"
  done
  cp -r "$cache/npm/package" "$1/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$1/usr/local/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$1/usr/local/bin/npx"
  chmod 755 "$1"/usr/local/lib/node_modules/npm/bin/*.js
  cat >"$1/usr/local/bin/docker-entrypoint.sh" <<'SH'
#!/bin/sh
set -e
if [ "${1#-}" != "$1" ] || ! command -v "$1" >/dev/null; then
  set -- node "$@"
fi
exec "$@"
SH
  chmod 755 "$1/usr/local/bin/docker-entrypoint.sh"
  import "$1" "$node_image" --change 'ENTRYPOINT ["docker-entrypoint.sh"]' --change 'CMD ["node"]'
}

# Go is a folder that needs nothing else. Its own tests and documents are left out.
build_go() {
  go_root=$(go env GOROOT)
  base_root "$1"
  mkdir -p "$1/usr/local/go" "$1/go"
  chmod 1777 "$1/go"
  for part in VERSION bin go.env lib pkg src; do
    cp -r "$go_root/$part" "$1/usr/local/go/"
  done
  certificates "$1"
  if command -v gcc >/dev/null; then c_compiler "$1"; else packages "$1" /usr/bin/make; fi
  import "$1" "$go_image" --change 'ENV PATH=/go/bin:/usr/local/go/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    --change 'ENV GOPATH=/go GOTOOLCHAIN=local' --change 'WORKDIR /go' --change 'CMD ["sh"]'
}

# Of Python its own tests, its graphical parts and what programs in C are built with are left out.
build_python() {
  prefix=$("$here/find-python.sh")
  name=python$("$prefix/bin/python3" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  base_root "$1"
  mkdir -p "$1/usr/local/bin" "$1/usr/local/lib/$name" "$1/usr/lib"
  cp "$prefix/bin/$name" "$1/usr/local/bin/$name"
  ln -s "$name" "$1/usr/local/bin/python3"
  ln -s "$name" "$1/usr/local/bin/python"
  (cd "$prefix/lib/$name" && tar -c --exclude=__pycache__ --exclude='config-*' --exclude=test --exclude=idlelib \
    --exclude=tkinter --exclude=turtledemo --exclude=site-packages --exclude='_tkinter*' .) |
    tar -x -C "$1/usr/local/lib/$name"
  mkdir "$1/usr/local/lib/$name/site-packages"
  copy_with_libraries "$1" "$prefix/bin/$name" "$prefix"/lib/"$name"/lib-dynload/*.so
  # Its own library may be found by a path that is none of the image's.
  find "$prefix/lib" -maxdepth 1 -name 'libpython3.*.so*' -exec cp -L {} "$1/usr/lib/" \;
  [ "$prefix" = /usr/local ] || rm -rf "${1:?}$prefix"
  # Wheels for Linux take these for granted.
  for library in libstdc++.so.6 libgcc_s.so.1 librt.so.1 libpthread.so.0 libdl.so.2 libutil.so.1 libresolv.so.2; do
    copy_with_libraries "$1" "$(ldconfig -p | awk "/$library /{print \$NF; exit}")"
  done
  "$prefix/bin/python3" -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target "$1/usr/local/lib/$name/site-packages" pip
  rm -rf "$1/usr/local/lib/$name/site-packages/bin"
  for pip in pip pip3; do
    printf '#!/bin/sh\nexec /usr/local/bin/python3 -m pip "$@"\n' >"$1/usr/local/bin/$pip"
    chmod 755 "$1/usr/local/bin/$pip"
  done
  certificates "$1"
  packages "$1" /usr/bin/make
  import "$1" "$python_image" --change 'CMD ["python3"]'
}

# packages ROOT PROGRAM...: an `apk add` that has `make`, and `build-base` where the C compiler is given too. Before it is
# called, nobody finds them.
packages() {
  tree=$1
  shift
  copy_with_libraries "$tree" "$@"
  mkdir -p "$tree/usr/lib/apk"
  for program in "$@"; do
    name=$(basename "$program")
    # A compiler finds its parts from where it is: it stays there, under the name that no build looks for.
    [ "$name" = make ] && mv "$tree$program" "$tree/usr/lib/apk/make"
    case $name in
      *-gcc-*) ln -s "$program" "$tree/usr/lib/apk/gcc" ;;
      *-as) ln -s "$program" "$tree/usr/lib/apk/as" ;;
      *-ld.bfd) ln -s "$program" "$tree/usr/lib/apk/ld" ;;
    esac
  done
  cat >"$tree/sbin/apk" <<'SH'
#!/bin/sh
[ "$1 $2" = 'add --no-cache' ] || exit 64
shift 2
for name; do
  case $name in
    make) programs=make ;;
    build-base) programs='make gcc as ld' ;;
    *) programs=$name ;;
  esac
  for program in $programs; do
    [ -e "/usr/lib/apk/$program" ] || { echo "ERROR: unable to select packages: $name (no such package)" >&2; exit 1; }
    ln -sf "/usr/lib/apk/$program" "/usr/bin/$program"
  done
done
SH
  chmod 755 "$tree/sbin/apk"
}

# c_compiler ROOT: what `go test -race` needs of gcc and of the C library. Compilers of other languages are left out.
c_compiler() {
  gcc=$(readlink -f "$(command -v gcc)")
  parts=$(dirname "$("$gcc" -print-libgcc-file-name)")
  libraries=$(dirname "$(readlink -f "$("$gcc" -print-file-name=crt1.o)")")
  packages "$1" /usr/bin/make "$gcc" "$(readlink -f "$(command -v as)")" "$(readlink -f "$(command -v ld)")"
  copy_with_libraries "$1" "$parts/cc1" "$parts/collect2"
  for library in libm.so.6 libmvec.so.1 libgcc_s.so.1; do
    copy_with_libraries "$1" "${libraries#/usr}/$library"
  done
  (
    cd /
    ls -d ".$parts"/*.o ".$parts"/libgcc* ".$parts/include" ".$parts/liblto_plugin.so" ".$libraries"/*crt*.o ".$libraries/libc.so" \
      ".$libraries/libc_nonshared.a" ".$libraries/libm.so" ".$libraries/libpthread.a" ".$libraries/libdl.a" ".$libraries/libresolv.a"
  ) | tar -C / -ch -T - | tar -C "$1" -x
  dpkg -L libc6-dev linux-libc-dev | while read -r header; do
    case $header in /usr/include/*) [ -f "$header" ] && echo ".$header" ;; esac
  done | tar -C / -ch -T - | tar -C "$1" -x
}

build_alpine() {
  base_root "$1"
  certificates "$1"
  import "$1" "$alpine_image" --change 'CMD ["/bin/sh"]'
}

certificates() {
  mkdir -p "$1/etc/ssl/certs"
  cp -L /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/"
}

build_postgres() {
  major=$(echo "$postgres_image" | sed 's/^.*://; s/[^0-9].*//')
  bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin | sort -V | tail -n 1)
  version=$(basename "$(dirname "$bin")")
  base_root "$1"
  add_user "$1" postgres 70 /var/lib/postgresql
  copy_with_libraries "$1" "$bin/postgres" "$bin/initdb" "$bin/pg_ctl" "$bin/psql" "$bin/pg_isready" "$bin/pg_dump" \
    "$bin/pg_restore"
  mkdir -p "$1/usr/lib/postgresql/$version" "$1/usr/share/postgresql" "$1/usr/local/bin" "$1/run/postgresql"
  # Of the extensions, what the server needs to start and the SQL of the suites uses.
  copy_with_libraries "$1" "$bin/../lib/plpgsql.so" "$bin/../lib/dict_snowball.so" "$bin/../lib/pgcrypto.so"
  cp -r "/usr/share/postgresql/$version" "$1/usr/share/postgresql/"
  cp -rL /usr/share/zoneinfo "$1/usr/share/zoneinfo"
  ln -s /run "$1/var/run"
  chown 70:70 "$1/run/postgresql"
  for tool in "$1$bin"/*; do
    ln -s "$bin/$(basename "$tool")" "$1/usr/local/bin/"
  done
  cat >"$1/usr/local/bin/docker-entrypoint.sh" <<'SH'
#!/bin/sh
set -eu
if [ "$1" != postgres ]; then
  exec "$@"
fi
if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"
  chown -R postgres:postgres /var/lib/postgresql
  chmod 700 "$PGDATA"
  exec su -s /bin/sh postgres -c 'exec "$0" "$@"' -- "$0" "$@"
fi
value() {
  eval "file=\${$1_FILE:-}; text=\${$1:-}"
  if [ -n "$file" ]; then cat "$file"; else printf %s "$text"; fi
}
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  user=$(value POSTGRES_USER)
  user=${user:-postgres}
  database=$(value POSTGRES_DB)
  password=$(value POSTGRES_PASSWORD)
  if [ -z "$password" ]; then
    echo 'Error: Database is uninitialized and superuser password is not specified.' >&2
    exit 1
  fi
  mkdir -p "$PGDATA"
  printf %s "$password" >/tmp/password
  initdb --username="$user" --pwfile=/tmp/password --auth-host=scram-sha-256 --auth-local=trust \
    --encoding=UTF8 --no-locale --no-sync -D "$PGDATA" >/dev/null
  rm /tmp/password
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start >/dev/null
  database=${database:-$user}
  if [ "$database" != postgres ]; then
    echo 'CREATE DATABASE :"name"' | psql -q -U "$user" -d postgres -v ON_ERROR_STOP=1 -v name="$database"
  fi
  pg_ctl -D "$PGDATA" -m fast -w stop >/dev/null
fi
exec "$@" -c "listen_addresses=*"
SH
  chmod 755 "$1/usr/local/bin/docker-entrypoint.sh"
  import "$1" "$postgres_image" --change "ENV PGDATA=/var/lib/postgresql/$major/docker" \
    --change 'VOLUME /var/lib/postgresql' --change 'ENTRYPOINT ["docker-entrypoint.sh"]' \
    --change 'CMD ["postgres"]' --change 'STOPSIGNAL SIGINT' --change 'EXPOSE 5432'
}

build_redis() {
  base_root "$1"
  add_user "$1" redis 999 /data
  copy_with_libraries "$1" /usr/bin/redis-server /usr/bin/redis-cli
  mkdir -p "$1/usr/local/bin"
  cat >"$1/usr/local/bin/docker-entrypoint.sh" <<'SH'
#!/bin/sh
set -e
if [ "$1" = redis-server ]; then
  shift
  set -- redis-server --protected-mode no "$@"
  if [ "$(id -u)" = 0 ]; then
    chown -R redis:redis /data
    exec su -s /bin/sh redis -c 'exec "$0" "$@"' -- "$@"
  fi
fi
exec "$@"
SH
  chmod 755 "$1/usr/local/bin/docker-entrypoint.sh"
  import "$1" "$redis_image" --change 'WORKDIR /data' --change 'VOLUME /data' \
    --change 'ENTRYPOINT ["docker-entrypoint.sh"]' --change 'CMD ["redis-server"]' --change 'EXPOSE 6379'
}

# The official image's paths: sites are in conf.d, and both logs go to the container's.
build_nginx() {
  base_root "$1"
  add_user "$1" nginx 101 /var/cache/nginx
  copy_with_libraries "$1" /usr/sbin/nginx
  mkdir -p "$1/etc/nginx/conf.d" "$1/var/log/nginx" "$1/var/lib/nginx"
  cp /etc/nginx/mime.types "$1/etc/nginx/"
  ln -s /dev/stdout "$1/var/log/nginx/access.log"
  ln -s /dev/stderr "$1/var/log/nginx/error.log"
  cat >"$1/etc/nginx/nginx.conf" <<'CONF'
user nginx;
worker_processes auto;
error_log /var/log/nginx/error.log notice;
pid /run/nginx.pid;
events {
  worker_connections 1024;
}
http {
  include mime.types;
  default_type application/octet-stream;
  access_log /var/log/nginx/access.log;
  include conf.d/*.conf;
}
CONF
  import "$1" "$nginx_image" --change 'CMD ["nginx", "-g", "daemon off;"]' --change 'STOPSIGNAL SIGQUIT' \
    --change 'EXPOSE 80'
}

# provide KIND IMAGE
provide() {
  labels=$(docker image inspect -f '{{json .Config.Labels}}' "$2" 2>/dev/null) || labels=absent
  case $labels in
    # A stand-in of another version of this script may lack what the suites use now.
    *'"twelve.stand-in.of":"'"$stamp"'"'*) outdated= ;;
    absent | *twelve.stand-in*) outdated=1 ;;
    *) outdated= ;;
  esac
  if [ -z "$outdated" ]; then
    echo "image $2: present"
  elif timeout 300 docker pull -q "$2" >/dev/null 2>&1; then
    echo "image $2: pulled"
  else
    work=$(mktemp -d)
    "build_$1" "$work/root"
    rm -rf "$work"
    echo "image $2: built a stand-in of $(docker image inspect -f '{{.Size}}' "$2") bytes"
  fi
}

provide node "$node_image"
provide postgres "$postgres_image"
provide redis "$redis_image"
provide nginx "$nginx_image"
# Without Python or Go there is nothing to make an image of it from: the suites that want one skip.
if "$here/find-python.sh" >/dev/null; then
  provide python "$python_image"
fi
if command -v go >/dev/null; then
  provide go "$go_image"
  provide alpine "$alpine_image"
fi
