#!/bin/sh
# Makes the bundle of a distribution: with a Java of its own, made of the JDK at hand, for the platform that it runs on.
# sh bundle.sh JAVA_HOME DISTRIBUTION TIME
set -eu

jdk=$1 distribution=$2 time=$3
name=$(basename "$distribution" .tar.gz)

case $(uname -m) in
  x86_64) platform=x64 sqlite=x86_64 ;;
  aarch64) platform=arm64 sqlite=aarch64 ;;
  *) printf 'error: there is no bundle for %s\ntry: the distribution, with a Java of that machine\n' "$(uname -m)" >&2 && exit 1 ;;
esac
system=linux libc=Linux
if ls /lib/ld-musl-* >/dev/null 2>&1; then
  system=linux-musl libc=Linux-Musl
fi

work=$(dirname "$distribution")/bundle
rm -rf "$work"
mkdir "$work"
tar -xzf "$distribution" -C "$work"
root=$work/$name

# Recorded for another Java.
rm -rf "$root/lib/archives"
# The one library that this platform needs.
find "$root/lib/org/sqlite/native" -type f ! -path "*/$libc/$sqlite/*" -delete
find "$root/lib/org" -type d -empty -delete

# What jdeps says of the jar, and elliptic curves for TLS.
"$jdk/bin/jlink" --output "$root/runtime" --strip-java-debug-attributes --no-man-pages --no-header-files --vm server \
  --add-modules java.desktop,java.management,java.naming,java.scripting,java.security.jgss,java.sql,jdk.crypto.ec

# Liquibase needs java.desktop for its beans; nothing draws or prints.
for library in awt awt_headless awt_xawt fontmanager freetype javajpeg jawt jsound lcms mlib_image splashscreen; do
  rm -f "$root/runtime/lib/lib$library.so"
done
rm -f "$root"/runtime/lib/psfont*

# Some JDKs (Debian's) link zlib and the like of their system; what is not the C library's goes in as well.
ldd "$root/runtime/bin/java" "$root"/runtime/lib/*.so "$root"/runtime/lib/server/*.so 2>/dev/null |
  sed -n 's/.*=> \(\/[^ ]*\).*/\1/p' | grep -v "^$root/" | sort -u |
  grep -Ev '/(libc|libm|libdl|librt|libpthread|ld-[^/]*|libc\.musl[^/]*)\.so' | while read -r library; do
    cp -L "$library" "$root/runtime/lib/"
  done

# The archives hold only as long as these times do; the archive of the bundle keeps them.
find "$root" -exec touch -h -d "$time" {} +
sh "$root/bin/record-archives"
find "$root/lib/archives" -exec touch -d "$time" {} +

tar -c --sort=name --owner=0 --group=0 --numeric-owner -C "$work" "$name" |
  gzip -9n >"$(dirname "$distribution")/$name-$system-$platform.tar.gz"
rm -rf "$work"
