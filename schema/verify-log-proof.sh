#!/bin/sh
# Verifies without prov that a record is in a log: sh, openssl, sha256sum and od alone. Specified in FORMAT.d/log.md.
#   verify-log-proof.sh STATEMENT SIGNATURE PROOF VKEY
# VKEY is a file with the log's verifier key, from somebody you trust: it is what makes the proof one.
set -eu
export LC_ALL=C
statement=$1 signature=$2 proof=$3 vkey=$4
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
refuse() { echo "NOT VERIFIED: $1" >&2; exit 1; }

# Hashes are kept in base 64: a shell's variables hold no zero bytes.
hash() { openssl dgst -sha256 -binary | openssl base64 -A; }
bytes() { printf %s "$1" | openssl base64 -d -A; }
node() { { printf '\001'; bytes "$1"; bytes "$2"; } | hash; }
hex() { od -An -v -tx1 | tr -d ' \n'; }
digest() { openssl dgst "-$1" -binary "$2" | hex; }
blob() { printf '{"sha256":"%s","sha512":"%s","size":%s}' "$(digest sha256 "$1")" "$(digest sha512 "$1")" "$(wc -c < "$1" | tr -d ' ')"; }

# The log's entry, made from the record itself (RFC 8785: members in order, no blanks).
kind=$(sed -n 's/.*"predicateType":"urn:x-prov:\([a-z]*\)\/v1".*/\1/p' "$statement")
printf '{"kind":"%s","record":%s,"signature":%s}' "$kind" "$(blob "$statement")" "$(blob "$signature")" > "$temporary/entry"

# The proof (C2SP tlog-proof): index, hashes, an empty line, the checkpoint.
[ "$(head -n 1 "$proof")" = 'c2sp.org/tlog-proof@v1' ] || refuse 'this is no proof'
index=$(sed -n '2,3s/^index \([0-9]\{1,\}\)$/\1/p' "$proof")
[ -n "$index" ] || refuse 'the proof has no index'
sed '1,/^$/d' "$proof" > "$temporary/checkpoint"
sed '/^$/,$d' "$temporary/checkpoint" > "$temporary/text"
origin=$(sed -n 1p "$temporary/text") size=$(sed -n 2p "$temporary/text") root=$(sed -n 3p "$temporary/text")
[ "$index" -lt "$size" ] || refuse "entry $index of $size"

# RFC 9162 section 2.1.3.2: from the leaf up to the root.
here=$({ printf '\000'; cat "$temporary/entry"; } | hash) place=$index last=$((size - 1))
for step in $(sed '1,/^index /d;/^$/,$d' "$proof"); do
  [ "$last" -gt 0 ] || refuse 'the proof is too long'
  if [ $((place & 1)) = 1 ] || [ "$place" = "$last" ]; then
    here=$(node "$step" "$here")
    while [ "$place" != 0 ] && [ $((place & 1)) = 0 ]; do place=$((place >> 1)) last=$((last >> 1)); done
  else
    here=$(node "$here" "$step")
  fi
  place=$((place >> 1)) last=$((last >> 1))
done
[ "$last" = 0 ] && [ "$here" = "$root" ] || refuse 'the entry is not under the root of the checkpoint'

# The key (C2SP signed-note): its ID is a digest of name, type and key, and its name is the log's.
name=$(cut -d+ -f1 "$vkey") id=$(cut -d+ -f2 "$vkey") typed=$(cut -d+ -f3- "$vkey")
[ "$({ printf '%s\n' "$name"; bytes "$typed"; } | openssl dgst -sha256 -binary | head -c 4 | hex)" = "$id" ] || refuse 'the key has another ID'
[ "$(bytes "$typed" | head -c 1 | hex)" = 01 ] && [ "$(bytes "$typed" | wc -c)" -eq 33 ] || refuse 'this is no key of a log'
[ "$name" = "$origin" ] || refuse "the checkpoint is of log '$origin'"

# The signature, as RFC 8032 over the text: behind four bytes of ID. The DER before the key says Ed25519 (RFC 8410).
line=$(sed '1,/^$/d' "$temporary/checkpoint" | while read -r dash by base64; do
  if [ "$dash" = '—' ] && [ "$by" = "$name" ] && [ "$(bytes "$base64" | head -c 4 | hex)" = "$id" ]; then echo "$base64"; break; fi
done)
[ -n "$line" ] || refuse "'$name+$id' has not signed the checkpoint"
bytes "$line" | tail -c +5 > "$temporary/signature"
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; bytes "$typed" | tail -c 32; } > "$temporary/key"
openssl pkeyutl -verify -pubin -keyform DER -inkey "$temporary/key" -rawin -in "$temporary/text" -sigfile "$temporary/signature" > /dev/null 2>&1 ||
  refuse 'the signature of the checkpoint does not hold'

echo "entry $index of $size in log $origin, signed by $id: $(sha256sum "$statement" | cut -d' ' -f1)"
