#!/bin/sh
# Runs every command of the bundle where there is no Java: in a root of its own that holds the bundle, a shell and its
# library, and nothing else, read-only, with a /tmp that is noexec, by a user without name and home. As root, on Linux.
# sh without-java.sh BUNDLE
set -eu

bundle=$1
root=$(mktemp -d)
trap 'umount -R "$root" 2>/dev/null || :; rm -rf "$root"' EXIT

# Its own mounts: they go with this process, whatever happens.
[ "${ISOLATED:-}" ] || exec env ISOLATED=yes unshare --mount --propagation private sh "$0" "$@"

mount -t tmpfs -o mode=755 tmpfs "$root"
mkdir -p "$root/bin" "$root/opt" "$root/data" "$root/tmp" "$root/proc" "$root/dev"
tar -xzf "$bundle" -C "$root/opt"
for program in sh readlink; do
  file=$(readlink -f "$(command -v $program)")
  cp "$file" "$root/bin/$program"
  ldd "$file" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$root${library%/*}"
    cp -L "$library" "$root$library"
  done
done
# What Java links with besides; every image has them.
for library in libdl.so.2 libpthread.so.0 libm.so.6 librt.so.1; do
  find /lib /usr/lib -name "$library" -path "*$(uname -m)*" 2>/dev/null | head -1 | while read -r file; do
    mkdir -p "$root${file%/*}"
    cp -L "$file" "$root$file"
  done
done
: >"$root/dev/null"
mount --bind /dev/null "$root/dev/null"
mount -t tmpfs -o noexec,mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o noexec,mode=1777 tmpfs "$root/data"
mount -t proc proc "$root/proc"
mount -o remount,ro "$root"
command=$(echo "$root"/opt/*/bin/seedarr-db)
command=${command#"$root"}

run() {
  printf '$ seedarr-db %s\n' "$*"
  env -i DATABASE_URL="${url:-sqlite:////data/seedarr.db}" PATH=/bin \
    "$(command -v chroot)" --userspec=4711:4711 "$root" "$command" "$@"
}

for proc in with without; do
  if [ $proc = without ]; then
    umount "$root/proc"
  fi
  printf '== %s /proc\n' $proc
  run --version
  run --help >/dev/null
  run status
  run update
  run update
  run status --check
  run current
  run history
  run show 002 >/dev/null
  run verify
  run rollback-count 1
  run rollback base --no-backup
  run update --no-backup
  run update --sql
  run adopt --dry-run
  run release-locks
  backup=$(ls "$root"/data/*.003*.bak)
  run restore "${backup#"$root"}"
  run generate-completion >/dev/null
  rm "$root"/data/*
done
echo "every command ran without Java"
