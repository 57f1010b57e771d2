// Verifies a log of ours with golang.org/x/mod/sumdb (note, tlog), which is what Go's own checksum database is verified with.
//
//	verify.go LOG VKEY OLD-CHECKPOINT PROOF
//
// LOG is the folder of tiles, VKEY the file of its verifier key, OLD-CHECKPOINT one that the log had before, PROOF a tlog-proof
// of one of its entries. Every proof is computed anew from the tiles, and each tile is tied to the signed root on the way.
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type folder string

func (f folder) Height() int { return height }

func (f folder) SaveTiles(tiles []tlog.Tile, data [][]byte) {}

func (f folder) ReadTiles(tiles []tlog.Tile) (data [][]byte, err error) {
	for _, tile := range tiles {
		// C2SP tlog-tiles leaves out the height, which is always 8.
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		bytes, err := os.ReadFile(filepath.Join(string(f), path))
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func read(path string) []byte {
	content, err := os.ReadFile(path)
	check(err)
	return content
}

func tree(checkpoint []byte, verifier note.Verifier) tlog.Tree {
	opened, err := note.Open(checkpoint, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	return tlog.Tree{N: size, Hash: root}
}

// The entry at an index, out of the bundles.
func entry(log string, index, size int64) []byte {
	path := fmt.Sprintf("tile/entries/%03d", index/256)
	if rest := size - index/256*256; rest < 256 {
		path += fmt.Sprintf(".p/%d", rest)
	}
	bundle := read(filepath.Join(log, path))
	for at := index % 256; ; at-- {
		length := int(binary.BigEndian.Uint16(bundle))
		if at == 0 {
			return bundle[2 : 2+length]
		}
		bundle = bundle[2+length:]
	}
}

func main() {
	log := os.Args[1]
	verifier, err := note.NewVerifier(strings.TrimSuffix(string(read(os.Args[2])), "\n"))
	check(err)
	now := tree(read(filepath.Join(log, "checkpoint")), verifier)
	old := tree(read(os.Args[3]), verifier)
	hashes := tlog.TileHashReader(now, folder(log))

	root, err := tlog.TreeHash(now.N, hashes)
	check(err)
	if root != now.Hash {
		check(fmt.Errorf("another root"))
	}
	grown, err := tlog.ProveTree(now.N, old.N, hashes)
	check(err)
	check(tlog.CheckTree(grown, now.N, now.Hash, old.N, old.Hash))
	for index := int64(0); index < now.N; index++ {
		proof, err := tlog.ProveRecord(now.N, index, hashes)
		check(err)
		check(tlog.CheckRecord(proof, now.N, now.Hash, index, tlog.RecordHash(entry(log, index, now.N))))
	}

	// The tlog-proof: index, hashes, an empty line, the checkpoint.
	given := read(os.Args[4])
	end := bytes.Index(given, []byte("\n\n"))
	lines := strings.Split(string(given[:end]), "\n")
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	check(err)
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		check(err)
		proof = append(proof, hash)
	}
	under := tree(given[end+2:], verifier)
	check(tlog.CheckRecord(proof, under.N, under.Hash, index, tlog.RecordHash(entry(log, index, now.N))))
	fmt.Printf("%d entries, grown from %d, entry %d proved\n", now.N, old.N, index)
}
