// Package migrate applies plain SQL files. No library keeps what it promises: an applied migration never changes, one of many
// processes runs it, and what fails changes nothing. The format and the table are those of services in other languages.
package migrate

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Migration is a pair of files.
type Migration struct {
	// Name is `0001_products`: number and name, the key in the history.
	Name string
	// checksum is the SHA-256 of the up script: it tells that the file was edited after it was applied.
	checksum string
	number   int
	up, down script
}

type script struct {
	sql string
	// isAlone says that it runs in no transaction: PostgreSQL refuses some statements there.
	isAlone bool
	// fault is why it cannot be run. A migration that was applied already may have one.
	fault error
}

var (
	upFile  = regexp.MustCompile(`^((\d{4,})_[a-z0-9_]+)\.up\.sql$`)
	outside = regexp.MustCompile(`^--[ \t]*migrate:no-transaction[ \t]*(\n|$)`)
	comment = regexp.MustCompile(`--.*`)
)

// Read reads the migrations of a folder, in the order of their numbers. It fails for a file that is misnamed, a number that is
// taken twice, and a missing way back.
func Read(files fs.FS) ([]Migration, error) {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, fmt.Errorf("the migrations cannot be read: %w", err)
	}
	var migrations []Migration
	var faults []string
	left := map[string]bool{}
	for _, entry := range entries {
		if strings.EqualFold(path.Ext(entry.Name()), ".sql") {
			left[entry.Name()] = true
		}
	}
	for _, entry := range entries {
		match := upFile.FindStringSubmatch(entry.Name())
		if match == nil {
			continue
		}
		m, down := Migration{Name: match[1]}, match[1]+".down.sql"
		m.number, _ = strconv.Atoi(match[2])
		if !left[down] {
			faults = append(faults, down+" is missing")
		} else if m.down, err = read(files, down); err != nil {
			return nil, err
		}
		if m.up, err = read(files, entry.Name()); err != nil {
			return nil, err
		}
		sum := sha256.Sum256([]byte(m.up.sql))
		m.checksum = hex.EncodeToString(sum[:])
		delete(left, entry.Name())
		delete(left, down)
		migrations = append(migrations, m)
	}
	for name := range left {
		faults = append(faults, name+" belongs to no migration")
	}
	slices.SortFunc(migrations, func(a, b Migration) int { return cmp.Compare(a.number, b.number) })
	for i := 1; i < len(migrations); i++ {
		if migrations[i].number == migrations[i-1].number {
			faults = append(faults, migrations[i].Name+" has the number of another migration")
		}
	}
	if faults != nil {
		return nil, fmt.Errorf("bad migrations: %s", strings.Join(faults, "; "))
	}
	return migrations, nil
}

// read makes the same script on every machine: git may check out CRLF, an editor may put a byte order mark in front.
func read(files fs.FS, name string) (script, error) {
	content, err := fs.ReadFile(files, name)
	if err != nil {
		return script{}, fmt.Errorf("%s cannot be read: %w", name, err)
	}
	sql := strings.ReplaceAll(string(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))), "\r\n", "\n")
	one := script{sql: sql, isAlone: outside.MatchString(sql)}
	if !utf8.ValidString(sql) {
		one.fault = errors.New("the file is not UTF-8")
	} else if strings.TrimSpace(comment.ReplaceAllString(sql, "")) == "" {
		one.fault = errors.New("the file has no statement yet (select 1; does nothing)")
	}
	return one, nil
}
