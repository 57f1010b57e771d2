#!/bin/sh
# Verifies a bundle of prov with sh, tar, openssl (3.0 or later), sha256sum, and what else coreutils, sed, awk and grep are.
#
#   verify.sh [--fingerprint HEX]… [--ca FILE]… [--tsa FILE] [--log-key FILE] [--at SECONDS] [BUNDLE | FOLDER]
#
#   --fingerprint HEX  SHA-256 of a certificate that you trust to sign; you have it from its owner, not from the bundle
#   --ca FILE          certificates, in PEM, of authorities that you trust
#   --tsa FILE         certificates, in PEM, of authorities for time stamps that you trust: every record must have a time stamp of theirs, or stand in a
#                     seal that has
#   --log-key FILE     the verifier key of a log that you trust, as C2SP signed-note writes it, NAME+HASH+BASE64: every record must have a proof of it
#   --at SECONDS       judge certificates for this moment, in seconds since 1970, where no time stamp says when it was signed
#
# BUNDLE is a tar (.zst needs zstd), FOLDER one it was unpacked into; without either, the folder this script is in.
# Ends with 0: verified; 1: something is not as it must be; 2: the command line is wrong; 3: all is as it must be, but nobody who is
# trusted vouches for who signed.
set -eu
LC_ALL=C
export LC_ALL

fail() { echo "FAILED: $*" >&2; exit 1; }
usage() { echo "verify.sh: $*" >&2; exit 2; }
hex() { od -An -v -tx1 | tr -d ' \n'; }
# Hexadecimal digits to bytes: printf of POSIX knows octal only.
bytes() {
    printf "$(printf '%s\n' "$1" | awk '{
        for (i = 1; i < length($0); i += 2)
            printf "\\%03o", 16 * index("123456789abcdef", substr($0, i, 1)) + index("123456789abcdef", substr($0, i + 1, 1)) }')"
}

fingerprints='' authorities='' stampers='' log_key='' at='' what=''
while [ $# -gt 0 ]; do
    case $1 in
        --fingerprint | --ca | --tsa | --log-key | --at) [ $# -gt 1 ] || usage "$1 needs a value" ;;
    esac
    case $1 in
        --fingerprint) fingerprints="$fingerprints $(printf %s "$2" | tr -d ': ' | tr A-F a-f | sed 's/^sha256//')"; shift 2 ;;
        --ca) [ -r "$2" ] || usage "cannot read '$2'"; authorities="$authorities
$2"; shift 2 ;;
        --tsa) [ -r "$2" ] || usage "cannot read '$2'"; stampers=$2; shift 2 ;;
        --log-key) [ -r "$2" ] || usage "cannot read '$2'"; log_key=$2; shift 2 ;;
        --at) at=$2; shift 2 ;;
        -h | --help) sed -n '2,/^set -eu/s/^# \{0,1\}//p' "$0"; exit 0 ;;
        -*) usage "unknown option '$1'" ;;
        *) [ -z "$what" ] || usage "one bundle at a time"; what=$1; shift ;;
    esac
done
[ -n "$what" ] || what=$(dirname "$0")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# --- unpack ---------------------------------------------------------------------------------------------------------------------

if [ -f "$what" ]; then
    tarball=$what
    if [ "$(head -c 4 "$what" | hex)" = 28b52ffd ]; then
        tarball=$work/bundle.tar
        zstd -q -d -c "$what" > "$tarball" || fail "$what: zstd cannot unpack it"
    fi
    # A tar ends with two blocks of zeros; one that was cut off between two files has none.
    [ "$(tail -c 1024 "$tarball" | tr -d '\0' | wc -c)" -eq 0 ] || fail "$what: was cut off"
    tar -tvf "$tarball" > "$work/list" 2> /dev/null || fail "$what: is no whole tar"
    if grep -qv '^[-d]' "$work/list"; then fail "$what: has something in it that is neither a file nor a folder"; fi
    tar -tf "$tarball" > "$work/names"
    if grep -qE '^/|(^|/)\.\.(/|$)' "$work/names"; then fail "$what: has a name in it that leads elsewhere"; fi
    if [ -n "$(grep -v '/$' "$work/names" | sort | uniq -d)" ]; then fail "$what: has a file in it twice"; fi
    mkdir "$work/bundle"
    tar -xf "$tarball" -C "$work/bundle" --no-same-owner
    folder=$work/bundle
    # A bag is one folder.
    [ -f "$folder/BUNDLE.json" ] || folder=$(echo "$folder"/*)
elif [ -d "$what" ]; then
    folder=$what
    if [ -n "$(find "$folder" ! -type f ! -type d -print)" ]; then fail "$what: has something in it that is neither a file nor a folder"; fi
else
    usage "no such file or folder: '$what'"
fi
absolute() { case $1 in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac; }
[ -z "$stampers" ] || stampers=$(absolute "$stampers")
[ -z "$log_key" ] || log_key=$(absolute "$log_key")
: > "$work/authorities.pem"
echo "$authorities" | while read -r file; do
    [ -z "$file" ] || cat "$file" >> "$work/authorities.pem"
done
cd "$folder"

# --- the bag around it (RFC 8493) -------------------------------------------------------------------------------------------------

if [ -f bagit.txt ]; then
    grep -q '^BagIt-Version: 1\.0$' bagit.txt || fail "bagit.txt: is of another version of BagIt than 1.0"
    for sum in sha256 sha512; do
        for manifest in manifest-$sum.txt tagmanifest-$sum.txt; do
            [ -f "$manifest" ] || fail "$manifest: is not there"
            "${sum}sum" --check --strict --quiet "$manifest" > "$work/sums" 2>&1 || fail "$manifest: $(head -n 1 "$work/sums")"
        done
        sed 's/^[0-9a-f]*  //' manifest-$sum.txt | sort > "$work/listed"
        find data -type f | sort | cmp -s - "$work/listed" || fail "manifest-$sum.txt: does not list the very files that are below data/"
    done
    echo "bag: as its manifests say"
    cd data
fi
[ -f BUNDLE.json ] || fail "BUNDLE.json: is not there"
case $(cat BUNDLE.json) in *'"format":"urn:x-prov:bundle/v1"'*) ;; *) fail "BUNDLE.json: is of another format than bundle/v1" ;; esac

# --- every blob against its name --------------------------------------------------------------------------------------------------

(cd blobs/sha256 && ls) > "$work/blobs"
if grep -qvE '^[0-9a-f]{64}$' "$work/blobs"; then fail "blobs/sha256: has a file in it whose name is no digest"; fi
sed 's/.*/&  blobs\/sha256\/&/' "$work/blobs" | sha256sum --check --strict --quiet > "$work/sums" 2>&1 ||
    fail "$(head -n 1 "$work/sums")"
echo "blobs: $(wc -l < "$work/blobs"), each has the SHA-256 that is its name"

# --- time stamps (RFC 3161), as an unsigned attribute of a signature ----------------------------------------------------------------

# One line of what 'openssl asn1parse' prints, up to the type: names out of certificates stand behind it, and may look like anything.
row='^ *[0-9]+:d=[0-9]+ +hl= *[0-9]+ +l= *[0-9]+ '
has_object() { grep -qE "${row}prim: OBJECT +:$1\$" "$work/parsed"; }

# Sets $when to the proven time of a signature, in seconds; empty where there is no time stamp. $work/parsed is openssl's view of it.
verify_token() {
    when=''
    if ! has_object id-smime-aa-timeStampToken; then
        # Anybody can take a time stamp away, and nobody would see that there was one.
        [ -z "$stampers" ] || [ -n "$covered" ] || fail "record $record: its signature has no time stamp, and --tsa asks for one"
        return 0
    fi
    [ -n "$stampers" ] || { echo "  time stamp: not checked, for no --tsa is given"; return 0; }
    # RFC 5652: the fields of the signer are five levels deep, the signature's value is his only octet string; the token stands in
    # the set of values of an unsigned attribute.
    awk -v row="$row" '
        $0 !~ row { next }
        { offset = $0 + 0; depth = $0; sub(/^ *[0-9]+:d=/, "", depth); depth += 0; type = $0; sub(row, "", type) }
        type ~ /^prim: OCTET STRING/ && depth == 5 && !found {
            size = $0; sub(/^ *[0-9]+:d=[0-9]+ +hl= *[0-9]+ +l= */, "", size)
            header = $0; sub(/^ *[0-9]+:d=[0-9]+ +hl= */, "", header); start = offset + header; many = size + 0
        }
        type ~ /^prim: OBJECT +:id-smime-aa-timeStampToken$/ { found = 1; set = depth; next }
        found == 1 && type ~ /^cons: SET/ && depth == set { found = 2; next }
        found == 2 && type ~ /^cons: SEQUENCE/ && depth == set + 1 { print start, many, offset; exit }' "$work/parsed" > "$work/offsets"
    read -r start length token < "$work/offsets" || fail "$1: its time stamp cannot be found"
    tail -c "+$((start + 1))" "$1" | head -c "$length" > "$work/value"
    openssl asn1parse -inform DER -in "$1" -noout -strparse "$token" -out "$work/token" || fail "$1: its time stamp is none"
    openssl ts -reply -token_in -in "$work/token" -token_out -text > "$work/token.txt" 2> /dev/null || fail "$1: its time stamp is none"
    stamped=$(sed -n 's/^Time stamp: //p' "$work/token.txt")
    when=$(date -u -d "$stamped" +%s)
    openssl ts -verify -token_in -in "$work/token" -data "$work/value" -CAfile "$stampers" -attime "$when" > "$work/out" 2>&1 ||
        fail "$1: its time stamp does not hold: $(grep -v '^$' "$work/out" | head -n 1)"
    echo "  time stamp: $stamped"
}

# --- seals: time stamps over what a log held, and over the seal before (the rules of RFC 4998, in plain files) -----------------------------

# $work/seals: of each the SHA-256 of its token, SHA-512 of its lines and of the token. $work/over: of each these two of every seal that it is over.
# $work/sealed: of those that are shown to have been there, since when, in seconds.
: > "$work/seals"
: > "$work/over"
: > "$work/sealed"
for seal in $(sed -n 's/.*"seals":\[\([^]]*\)\].*/\1/p' BUNDLE.json | grep -oE '"token":\{"sha256":"[0-9a-f]{64}"' | cut -d'"' -f6); do
    sums=seals/$seal/SHA512SUMS token=seals/$seal/SHA512SUMS.tst
    [ -f "$sums" ] && [ -f "$token" ] || fail "seal $seal: is not there"
    [ "$(sha256sum "$token" | cut -d' ' -f1)" = "$seal" ] || fail "$token: is not what its name says"
    if grep -qvE '^[0-9a-f]{128}  (blobs/sha256/[0-9a-f]{64}|(origins/seals/[0-9a-f]{64}|seals/[0-9]+-[0-9]+)/SHA512SUMS(\.tst)?)$' "$sums"; then
        fail "$sums: has a line in it that no seal has"
    fi
    openssl ts -reply -token_in -in "$token" -token_out -text > "$work/token.txt" 2> /dev/null || fail "$token: is no time stamp"
    algorithm=$(sed -n 's/^Hash Algorithm: //p' "$work/token.txt")
    case $algorithm in sha256 | sha384 | sha512) ;; *) fail "$token: is over a hash that is not accepted" ;; esac
    imprint=$(sed -n '/^Message data:/,/^Serial number:/s/^ *[0-9a-f]\{4\} - \(.\{47\}\).*/\1/p' "$work/token.txt" | tr -d ' \n-')
    [ "$imprint" = "$(openssl dgst "-$algorithm" -binary "$sums" | hex)" ] || fail "$sums: its time stamp is of something else"
    # The seal before it, and those of other archives that came along: two lines each.
    sed -n 's/  \(origins\/\)\{0,1\}seals\/.*//p' "$sums" | paste -d ' ' - - | sed "s/^/$seal /" >> "$work/over"
    echo "$seal $(sha512sum < "$sums" | cut -c1-128) $(sha512sum < "$token" | cut -c1-128)" >> "$work/seals"
    stamped=$(sed -n 's/^Time stamp: //p' "$work/token.txt")
    if [ -z "$stampers" ]; then
        echo "seal $seal: over its lines; whose time it is is not checked, for no --tsa is given"
        continue
    fi
    when=$(date -u -d "$stamped" +%s)
    if openssl ts -verify -token_in -in "$token" -data "$sums" -CAfile "$stampers" -attime "$when" > "$work/out" 2>&1; then
        echo "seal $seal: $stamped"
        echo "$seal $when" >> "$work/sealed"
    else
        echo "seal $seal: nobody you named vouches for its time"
    fi
done
if [ -d seals ]; then
    cut -d' ' -f1 "$work/seals" | sed 's/.*/seals\/&\/SHA512SUMS\nseals\/&\/SHA512SUMS.tst/' | sort > "$work/listed"
    find seals -type f | sort | cmp -s - "$work/listed" || fail "seals: BUNDLE.json does not list the very files that are there"
fi
# Nobody need believe a seal's own time where the one over it shows that it was there.
changed=yes
while [ -n "$changed" ]; do
    changed=''
    while read -r seal sums token _; do
        grep -q "^$seal " "$work/sealed" && continue
        over=$(awk -v before="$sums $token" '$2 " " $3 == before { print $1 }' "$work/over" | grep -F -f - "$work/sealed" | cut -d' ' -f2 | sort -n | head -n 1) || true
        [ -n "$over" ] || continue
        echo "$seal $over" >> "$work/sealed"
        changed=yes
    done < "$work/seals"
done

# verify_seals RECORD SIGNATURE: sets $covered to the earliest time that a seal shows both to have been there, in seconds; empty where none does.
verify_seals() {
    covered=''
    first="$(sha512sum < "blobs/sha256/$1" | cut -c1-128)  blobs/sha256/$1"
    second="$(sha512sum < "blobs/sha256/$2" | cut -c1-128)  blobs/sha256/$2"
    while read -r seal seconds; do
        awk -v first="$first" -v second="$second" 'before == first && $0 == second { found = 1 } { before = $0 } END { exit !found }' \
            "seals/$seal/SHA512SUMS" || continue
        if [ -z "$covered" ] || [ "$seconds" -lt "$covered" ]; then covered=$seconds; fi
    done < "$work/sealed"
    [ -z "$covered" ] || echo "  sealed before $(date -u -d "@$covered" '+%Y-%m-%d %H:%M:%S') UTC"
}

# --- proofs that a log holds a record (C2SP tlog-proof, tlog-checkpoint, signed-note) --------------------------------------------------

# verify_proofs RECORD ENTRY LINE: that of the log it came from last, and those of logs of archives it came through before, which LINE names.
verify_proofs() {
    shown='' vouching=''
    if [ -f "proofs/$1.tlog-proof" ]; then
        verify_proof "proofs/$1.tlog-proof" "$2" log
    fi
    for origin in $(printf %s "$3" | sed -n 's/.*"origins":\[\([^]]*\)\].*/\1/p' | grep -oE '"sha256":"[0-9a-f]{64}"' | cut -d'"' -f4); do
        proof=origins/$origin.tlog-proof
        [ -f "$proof" ] || fail "record $1: its proof $proof is not there"
        [ "$(sha256sum "$proof" | cut -d' ' -f1)" = "$origin" ] || fail "$proof: is not what its name says"
        verify_proof "$proof" "$2" 'log before'
    done
    [ -n "$log_key" ] || return 0
    [ -n "$shown" ] || fail "record $1: no proof that a log holds it is there, and --log-key asks for one"
    [ -n "$vouching" ] || fail "$shown: the checkpoint is not signed by $name"
}

# verify_proof PROOF ENTRY WHAT
verify_proof() {
    proof=$1 entry=$2
    shown=${shown:-$proof}
    index=$(sed -n 's/^index //p' "$proof")
    sed '1,/^$/d' "$proof" > "$work/checkpoint"
    sed '/^$/,$d' "$work/checkpoint" > "$work/note"
    size=$(sed -n 2p "$work/note") root=$(sed -n 3p "$work/note" | base64 -d | hex)
    result=$({ printf '\0'; cat "$entry"; } | openssl dgst -sha256 -binary | hex)
    # A shell evaluates what it is to reckon with: nothing but digits may come there.
    for number in "$index" "$size"; do
        case $number in '' | *[!0-9]*) fail "$proof: has something in it that is no number" ;; esac
    done
    # RFC 9162, section 2.1.3.2.
    first=$index second=$((size - 1))
    [ "$index" -lt "$size" ] || fail "$proof: entry $index is not in a log of $size"
    for line in $(sed -n '/^index /,/^$/p' "$proof" | sed '1d;$d'); do
        [ "$second" -gt 0 ] || fail "$proof: is too long"
        hash=$(printf %s "$line" | base64 -d | hex)
        [ ${#hash} -eq 64 ] || fail "$proof: has something in it that is no hash"
        if [ $((first & 1)) -eq 1 ] || [ "$first" -eq "$second" ]; then
            result=$({ printf '\1'; bytes "$hash"; bytes "$result"; } | openssl dgst -sha256 -binary | hex)
            while [ $((first & 1)) -eq 0 ] && [ "$first" -ne 0 ]; do first=$((first >> 1)) second=$((second >> 1)); done
        else
            result=$({ printf '\1'; bytes "$result"; bytes "$hash"; } | openssl dgst -sha256 -binary | hex)
        fi
        first=$((first >> 1)) second=$((second >> 1))
    done
    [ "$result" = "$root" ] && [ "$second" -eq 0 ] || fail "$proof: the record is not under the root of the checkpoint"
    if [ -z "$log_key" ]; then
        echo "  $3: entry $index of $size; who keeps the log is not checked, for no --log-key is given"
        return 0
    fi
    # The key: algorithm 1 is Ed25519, then its 32 bytes. The signature: 4 bytes that name the key, then 64.
    key=$(cut -d+ -f3- "$log_key" | base64 -d | hex) name=$(cut -d+ -f1 "$log_key")
    [ ${#key} -eq 66 ] && [ "${key%"${key#??}"}" = 01 ] || fail "$log_key: is no Ed25519 verifier key"
    bytes "302a300506032b6570032100${key#??}" > "$work/key.der"
    hint=$({ printf '%s\n' "$name"; bytes "$key"; } | openssl dgst -sha256 -binary | head -c 4 | hex)
    grep "^— $name " "$work/checkpoint" | sed 's/.* //' > "$work/lines" || true
    while read -r line; do
        [ "$(printf %s "$line" | base64 -d | head -c 4 | hex)" = "$hint" ] || continue
        printf %s "$line" | base64 -d | tail -c +5 > "$work/sig"
        openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/key.der" -rawin -in "$work/note" -sigfile "$work/sig" > "$work/out" 2>&1 ||
            fail "$proof: the checkpoint's signature does not hold"
        echo "  $3: entry $index of $size in $name, under its signature"
        vouching=yes
        return 0
    done < "$work/lines"
    echo "  $3: entry $index of $size, in a log whose key is not the one given"
}

# --- records ----------------------------------------------------------------------------------------------------------------------

# BUNDLE.json is canonical: members in order, no white space. Proofs may stand between kind and record.
grep -oE '"kind":"(image|run|replay|endorsement|citation|rotation|revocation|tombstone)",("origins":\[[^]]*\],)?("proof":\{[^}]*\},)?"record":\{[^}]*\},"signature":\{[^}]*\}' BUNDLE.json > "$work/records" ||
    fail "BUNDLE.json: lists no record"
: > "$work/named"
: > "$work/sha512"
: > "$work/sizes"
# Certificates: those somebody named vouches for, the others; who endorses what, and which follows which.
: > "$work/vouched"
: > "$work/unvouched"
: > "$work/endorsers"
: > "$work/rotations"

name_blob() { echo "$1" >> "$work/named"; }

# Descriptors in a statement, as canonical JSON writes them.
name_descriptors() {
    grep -oE '"digest":"sha256:[0-9a-f]{64}","mediaType":"[^"]*","sha512":"[0-9a-f]{128}","size":[0-9]+' "$1" |
        sed 's/"digest":"sha256:\([0-9a-f]*\)","mediaType":"[^"]*","sha512":"\([0-9a-f]*\)","size":\([0-9]*\)/\1 \2 \3/' > "$work/descriptors" || true
    cut -d' ' -f1 "$work/descriptors" >> "$work/named"
    sed 's/^\([0-9a-f]*\) \([0-9a-f]*\) .*/\2  blobs\/sha256\/\1/' "$work/descriptors" >> "$work/sha512"
    sed 's/^\([0-9a-f]*\) [0-9a-f]* \(.*\)/\1 \2/' "$work/descriptors" >> "$work/sizes"
}

# Files that the lists of a run say are kept, one JSON object a line. A quotation mark inside a string is escaped, and does not match.
name_kept() {
    for list in $(grep -oE '"(used|generated)":\{"blob":\{"digest":"sha256:[0-9a-f]{64}"' "$1" | sed 's/.*sha256:\([0-9a-f]*\)"/\1/'); do
        grep -E '[{,]"kept":true[,}]' "blobs/sha256/$list" |
            sed 's/.*"digest":{[^}]*"sha256":"\([0-9a-f]*\)"[^}]*}.*/\1/' >> "$work/named" || true
    done
}

# name_about MEMBER WHAT: the record that $statement is about, which its MEMBER names by both digests; left in $about.
name_about() {
    sed -n 's/.*"'"$1"'":{"sha256":"\([0-9a-f]*\)","sha512":"\([0-9a-f]*\)","size":\([0-9]*\)}.*/\1 \2 \3/p' "$statement" > "$work/about"
    [ -s "$work/about" ] || fail "record $record: names no $2"
    read -r about sum bytes < "$work/about" || true # the statement ends without a line feed
    name_blob "$about"
    echo "$sum  blobs/sha256/$about" >> "$work/sha512"
    echo "$about $bytes" >> "$work/sizes"
}

# Who signed $statement in $p7s, and whether somebody named on the command line vouches for them.
verify_signer() {
    # The signature is over the statement; whoever signed is found out.
    openssl cms -verify -binary -noverify -inform DER -in "$p7s" -content "$statement" -signer "$work/signer.pem" -out /dev/null \
        > "$work/out" 2>&1 || fail "record $record: its signature does not hold: $(tail -n 1 "$work/out")"
    [ "$(grep -c 'BEGIN CERTIFICATE' "$work/signer.pem")" -eq 1 ] || fail "record $record: not signed by one"
    print=$(openssl x509 -in "$work/signer.pem" -noout -fingerprint -sha256 | sed 's/.*=//' | tr -d : | tr A-F a-f)
    # The statement says whose key signs it; older ones do not. Whoever gets hold of one could sign it, too, and be shown as who did.
    named=$(sed -n 's/.*"predicateType":"urn:x-prov:[a-z]*\/v1","signer":"sha256:\([0-9a-f]*\)","subject":\[.*/\1/p' "$statement")
    if [ -n "$named" ]; then
        key=$(openssl x509 -in "$work/signer.pem" -noout -pubkey | sed '/^-----/d' | base64 -d | sha256sum | cut -d' ' -f1)
        [ "$named" = "$key" ] || fail "record $record: names key $named as its signer, and key $key has signed it"
    fi
    who=$(openssl x509 -in "$work/signer.pem" -noout -subject -nameopt RFC2253,-esc_msb | sed 's/^subject= *//')

    # The signature names that very certificate, which was fit to sign at that time. (-cades and -noverify exclude each other.)
    openssl cms -verify -cades -binary -inform DER -in "$p7s" -content "$statement" -CAfile "$work/signer.pem" -partial_chain $judged \
        -out /dev/null > "$work/out" 2>&1 || fail "record $record: its certificate may not sign: $(tail -n 1 "$work/out")"

    # Is it trusted?
    case " $fingerprints " in
        *" $print "*)
            echo "  signed by $who, whose fingerprint you gave"
            echo "$print" >> "$work/vouched" ;;
        *)
            if [ -s "$work/authorities.pem" ] && openssl cms -verify -cades -binary -inform DER -in "$p7s" -content "$statement" \
                -CAfile "$work/authorities.pem" $judged -out /dev/null > "$work/out" 2>&1; then
                echo "  signed by $who, for whom an authority vouches that you gave"
                echo "$print" >> "$work/vouched"
            else
                echo "  signed by $who; nobody you named vouches for certificate $print"
                echo "$print" >> "$work/unvouched"
            fi ;;
    esac
}

# Whether this openssl lacks what the signature was made with.
is_beyond_openssl() {
    grep -qE ':(2\.16\.840\.1\.101\.3\.4\.3\.1[789]|ML-DSA-[0-9]*)$' "$work/parsed" && ! openssl list -signature-algorithms 2> /dev/null | grep -q 'ML-DSA'
}

while read -r line; do
    kind=$(printf %s "$line" | sed 's/^"kind":"\([a-z]*\)".*/\1/')
    record=$(printf %s "$line" | sed 's/.*"record":{"sha256":"\([0-9a-f]*\)".*/\1/')
    signature=$(printf %s "$line" | sed 's/.*"signature":{"sha256":"\([0-9a-f]*\)".*/\1/')
    statement=blobs/sha256/$record p7s=blobs/sha256/$signature
    echo "$kind $record"
    [ -f "$statement" ] || fail "record $record: is not there"
    [ -f "$p7s" ] || fail "record $record: its signature $signature is not there"

    # Attributes of a signature, offered as if they were what it signs, begin with another byte (openssl/openssl#27055).
    [ "$(head -c 1 "$statement")" = "{" ] || fail "record $record: is no statement"
    case $(cat "$statement") in *"\"predicateType\":\"urn:x-prov:$kind/v1\""*) ;; *) fail "record $record: is of another kind than $kind" ;; esac

    # Nothing stands behind the signature, it has one signer, and it names the very certificate it was made with.
    openssl asn1parse -inform DER -in "$p7s" > "$work/parsed" 2> /dev/null || fail "record $record: its signature is no DER"
    length=$(sed -n '1s/.*hl= *\([0-9]*\) *l= *\([0-9]*\).*/\1+\2/p' "$work/parsed")
    [ "$(wc -c < "$p7s")" -eq "$(($length))" ] || fail "record $record: something stands behind its signature"
    has_object id-smime-aa-signingCertificateV2 || fail "record $record: its signature does not name its certificate"

    verify_seals "$record" "$signature"
    verify_token "$p7s"
    if [ -z "$when" ] || [ "${covered:-$when}" -lt "$when" ]; then when=$covered; fi
    moment=${when:-$at}
    judged=''
    [ -z "$moment" ] || judged="-attime $moment"

    if is_beyond_openssl; then
        # A second signature: the first, by an algorithm that every openssl knows, is under the record itself.
        [ "$kind" = endorsement ] || fail "record $record: is signed with ML-DSA, which takes OpenSSL 3.5"
        echo "  not checked: signed with ML-DSA, which takes OpenSSL 3.5"
        print='' who=''
    else
        verify_signer
    fi

    printf '{"kind":"%s","record":%s,"signature":%s}' "$kind" \
        "$(printf %s "$line" | sed 's/.*"record":\({[^}]*}\).*/\1/')" "$(printf %s "$line" | sed 's/.*"signature":\({[^}]*}\).*/\1/')" > "$work/entry"
    verify_proofs "$record" "$work/entry" "$line"

    name_blob "$record"
    name_blob "$signature"
    name_descriptors "$statement"
    [ "$kind" != run ] || name_kept "$statement"
    # What a record about another names by both digests. The figures of a citation are outputs of its run; what a tombstone takes down is here all
    # the same, for whoever was given this bundle.
    case $kind in
        endorsement)
            name_about record "record that it endorses"
            echo "$print $about $who" >> "$work/endorsers"
            ;;
        citation) name_about run "run that it cites" ;;
        tombstone) name_about record "record that it takes down" ;;
    esac
    if [ "$kind" = rotation ]; then
        sed -n 's/.*"new":{"sha256":"\([0-9a-f]*\)",.*"old":{"sha256":"\([0-9a-f]*\)",.*/\2 \1/p' "$statement" > "$work/follows"
        read -r old new < "$work/follows" || true
        [ "$old" = "$print" ] || fail "record $record: another key than the old one has signed it"
        echo "$old $new $record $who" >> "$work/rotations"
    fi
    # What a run or a replay names by digest alone: its image's record, the run that was repeated. The end of a chain may be elsewhere.
    sed 's/"chain":{"run":"[^"]*"//' "$statement" | grep -oE '"record":"sha256:[0-9a-f]{64}","reference"|"run":"sha256:[0-9a-f]{64}"' |
        sed 's/.*sha256:\([0-9a-f]*\)".*/\1/' >> "$work/named" || true
done < "$work/records"

# --- what is named is there, and nothing else ----------------------------------------------------------------------------------------

grep -oE '\{"digest":"sha256:[0-9a-f]{64}","reason":"[a-z-]*","size":[0-9]+\}' BUNDLE.json |
    sed 's/.*sha256:\([0-9a-f]*\)".*/\1/' | sort -u > "$work/absent" || true
sort -u "$work/named" > "$work/all"
sort -u "$work/blobs" > "$work/there"
comm -23 "$work/all" "$work/there" | comm -23 - "$work/absent" > "$work/missing"
[ ! -s "$work/missing" ] || fail "blob $(head -n 1 "$work/missing"): is named by a record, and is not there"
comm -13 "$work/all" "$work/there" > "$work/strays"
[ ! -s "$work/strays" ] || fail "blob $(head -n 1 "$work/strays"): no record names it"
comm -12 "$work/there" "$work/absent" > "$work/both"
[ ! -s "$work/both" ] || fail "blob $(head -n 1 "$work/both"): is said to be absent, and is there"

sort -u "$work/sizes" | while read -r blob size; do
    [ ! -f "blobs/sha256/$blob" ] || [ "$(wc -c < "blobs/sha256/$blob")" -eq "$size" ] || { echo "blob $blob: has another size" ; break; }
done > "$work/out"
[ ! -s "$work/out" ] || fail "$(cat "$work/out")"
sort -u "$work/sha512" | while read -r sum file; do [ ! -f "$file" ] || echo "$sum  $file"; done > "$work/sums512"
if [ -s "$work/sums512" ]; then
    sha512sum --check --strict --quiet "$work/sums512" > "$work/sums" 2>&1 || fail "SHA-512 of $(head -n 1 "$work/sums")"
fi
echo "contents: all that the records name, with both digests$([ ! -s "$work/absent" ] || echo ", but for $(wc -l < "$work/absent") said to be absent")"

# A successor: the key that is vouched for has named it, and it has signed that too; both are one person's.
changed=yes
while [ -n "$changed" ]; do
    changed=''
    while read -r old new rotation who; do
        grep -qx "$old" "$work/vouched" || continue
        grep -qx "$new" "$work/vouched" && continue
        grep -qxF "$new $rotation $who" "$work/endorsers" || continue
        echo "$new" >> "$work/vouched"
        echo "certificate $new follows $old, by rotation $rotation"
        changed=yes
    done < "$work/rotations"
done

sort -u "$work/vouched" > "$work/known"
if [ -n "$(sort -u "$work/unvouched" | comm -23 - "$work/known")" ]; then
    echo "whole, but not verified: give --fingerprint or --ca, from somebody you trust" >&2
    exit 3
fi
echo verified
