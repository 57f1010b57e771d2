#!/bin/sh
# openssl.sh FOLDER: makes FOLDER/include and FOLDER/lib with libcrypto.a and libssl.a of OpenSSL 3.5 or later, for the program that has it linked in
# (make publish-static). Debian's own are taken where they are new enough, else its source package of a later release is built: apt checks its signature.
set -eu
folder=$1
least=3.5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

triplet=$(gcc -dumpmachine)
installed=$(dpkg-query -W -f '${Version}' libssl-dev 2>/dev/null | sed 's/-.*//') || installed=0
if [ -f "/usr/lib/$triplet/libcrypto.a" ] && [ "$(printf '%s\n%s\n' "$least" "$installed" | sort -V | head -n 1)" = "$least" ]; then
    mkdir -p "$folder/include" "$folder/lib"
    cp -r /usr/include/openssl "/usr/include/$triplet/openssl" "$folder/include/"
    cp "/usr/lib/$triplet/libcrypto.a" "/usr/lib/$triplet/libssl.a" "$folder/lib/"
    exit 0
fi

# Lists of their own, so that nothing of this machine's apt changes; from the same address, and of the releases after this one.
address=$(apt-get indextargets --format '$(SITE) $(REPO_URI)' 'Created-By: Packages' 'Component: main' | sed -n 's/^[^ ]* //p' | grep '/debian/*$' | head -n 1)
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/parts"
cat > "$work/parts/later.sources" <<END
Types: deb-src
URIs: $address
Suites: trixie sid
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
apt() {
    apt-get -q -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$work/parts" -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache" "$@"
}
apt update > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
versions=$(apt-cache -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$work/parts" -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache" \
    showsrc --only-source openssl | sed -n 's/^Version: //p' | sort -Vu)
cd "$work"
found=''
# The oldest that will do is the long-term one. A mirror may list what it does not have yet.
for version in $versions; do
    [ "$(printf '%s\n%s\n' "$least" "$version" | sort -V | head -n 1)" = "$least" ] || continue
    if apt source --download-only "openssl=$version" > "$work/log" 2>&1; then
        found=$version
        break
    fi
done
[ -n "$found" ] || { cat "$work/log"; echo "openssl.sh: no source package of OpenSSL $least or later could be fetched"; exit 1; }

dpkg-source --no-check -x "openssl_${found#*:}.dsc" source > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
cd source
# No configuration of the host's is read: it may name modules that this one has not. Two builds give the same bytes.
export SOURCE_DATE_EPOCH=1
case $(uname -m) in aarch64) target=linux-aarch64 ;; *) target=linux-x86_64 ;; esac
{ ./Configure "$target" --prefix=/usr --libdir=lib --openssldir=/etc/ssl no-shared no-tests no-docs no-apps no-module no-legacy no-engine no-dso \
    no-autoload-config &&
    make -j"$(nproc)" build_generated libcrypto.a libssl.a && make DESTDIR="$work/out" install_dev; } > "$work/log" 2>&1 || { tail -n 50 "$work/log"; exit 1; }
rm -rf "$folder/include" "$folder/lib"
mv "$work/out/usr/include" "$work/out/usr/lib" "$folder/"
echo "$found" > "$folder/version"
