// Package localdb is a PostgreSQL for development and tests: nothing of it is in the service.
package localdb

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	embedded "github.com/fergusstrange/embedded-postgres"
	"github.com/jackc/pgx/v5"
)

// Database is where one is.
type Database struct {
	URL string
	// How says in a line which one it is, and why.
	How  string
	stop func()
}

// Stop ends what was started.
func (d *Database) Stop() { d.stop() }

const asRoot = "PostgreSQL does not run as root: set DATABASE_URL, or install PostgreSQL (apt-get install postgresql), " +
	"which is then run as another user, or start this as another user"

// Another user gets to this folder. It may not get to those of root, of which TMPDIR may be one.
const forAll = "/tmp"

// Open takes DATABASE_URL, else a PostgreSQL that is installed, else one that is downloaded. Data are kept in the folder; without
// one they are gone at the end. What it starts ends with this process, however that ends.
func Open(folder string) (*Database, error) {
	if url := os.Getenv("DATABASE_URL"); url != "" {
		return &Database{url, "the database is that of DATABASE_URL", func() {}}, nil
	}
	bin, how, err := choose(installed(), os.Geteuid() == 0, download)
	if err != nil {
		return nil, err
	}
	return start(bin, folder, how+bin)
}

// choose takes the programs that are installed, else those that are downloaded: they would run as root, which PostgreSQL refuses.
func choose(installed string, isRoot bool, download func() (string, error)) (bin, how string, err error) {
	if installed != "" {
		return installed, "DATABASE_URL is not set: starting the PostgreSQL of this machine, ", nil
	}
	if isRoot {
		return "", "", errors.New(asRoot)
	}
	if bin, err = download(); err != nil {
		return "", "", fmt.Errorf("no PostgreSQL is installed, and none can be downloaded: set DATABASE_URL, or install it: %w", err)
	}
	return bin, "DATABASE_URL is not set, and no PostgreSQL is installed: starting one from Maven Central, ", nil
}

// installed is the folder of the newest PostgreSQL of this machine.
func installed() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	for _, pattern := range []string{"/opt/homebrew/opt/postgresql*/bin/initdb", "/usr/local/opt/postgresql*/bin/initdb", "/usr/libexec/postgresql*/initdb"} {
		more, _ := filepath.Glob(pattern)
		found = append(found, more...)
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		found = append(found, path)
	}
	if len(found) == 0 {
		return ""
	}
	slices.SortFunc(found, func(a, b string) int { return cmp.Compare(versionOf(a), versionOf(b)) })
	return filepath.Dir(found[len(found)-1])
}

func versionOf(path string) int {
	digits := strings.FieldsFunc(path, func(r rune) bool { return r < '0' || r > '9' })
	if len(digits) == 0 {
		return 0
	}
	version, _ := strconv.Atoi(digits[0])
	return version
}

// download gives the programs that embedded-postgres unpacks. It downloads them once.
func download() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(cache, "embedded-postgres", string(embedded.V18))
	if _, err := os.Stat(filepath.Join(folder, "bin", "postgres")); err == nil {
		return filepath.Join(folder, "bin"), nil
	}
	runtime, err := os.MkdirTemp("", "postgres-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(runtime) }()
	port, err := freePort()
	if err != nil {
		return "", err
	}
	server := embedded.NewDatabase(embedded.DefaultConfig().Version(embedded.V18).BinariesPath(folder).RuntimePath(runtime).
		Port(uint32(port)).Logger(&bytes.Buffer{}))
	if err := server.Start(); err != nil {
		return "", err
	}
	return filepath.Join(folder, "bin"), server.Stop()
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = listener.Close() }()
	return strconv.Atoi(listener.Addr().String()[len("127.0.0.1:"):])
}

// The end of its input tells the shell that this process is gone; Ctrl-C, which reaches it too, does not. A server that has
// just begun does not hear its signal, which is sent again.
const script = `trap '' INT TERM HUP
[ -f %[2]s/PG_VERSION ] || %[1]s/initdb -D %[2]s -U postgres -A trust -E UTF8 --locale=C --no-sync >/dev/null || exit 1
%[1]s/postgres -D %[2]s -p %[3]d -h 127.0.0.1 -k '' -c fsync=off -c max_connections=200 >/dev/null 2>%[2]s/said &
server=$!
exec 3<&0
{ cat <&3 >/dev/null; while kill -INT $server; do sleep 1; done; } 2>/dev/null &
wait $server || { cat %[2]s/said >&2; }
%[4]s`

func start(bin, folder, how string) (*Database, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	who, isRoot := (*user.User)(nil), os.Geteuid() == 0
	if isRoot {
		if who, err = user.Lookup("postgres"); err != nil {
			if who, err = user.Lookup("nobody"); err != nil {
				return nil, errors.New(asRoot)
			}
		}
	}
	data, parent, atEnd := folder, "", ""
	if folder == "" || isRoot {
		if isRoot {
			parent = forAll
		}
		if data, err = os.MkdirTemp(parent, "postgres-"); err != nil {
			return nil, err
		}
		atEnd = "rm -rf " + quoted(data)
	} else if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, err
	}
	text := fmt.Sprintf(script, quoted(bin), quoted(data), port, atEnd)
	command := exec.Command("sh", "-c", text)
	if isRoot {
		uid, _ := strconv.Atoi(who.Uid)
		gid, _ := strconv.Atoi(who.Gid)
		if err := os.Chown(data, uid, gid); err != nil {
			return nil, err
		}
		command = exec.Command("su", "-s", "/bin/sh", "-c", text, who.Username)
		command.Dir = "/"
		how += " as " + who.Username
	}
	if how += ", data in " + data; atEnd != "" {
		how += " until it stops"
	}
	said := &bytes.Buffer{}
	command.Stderr = said
	input, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	ended := make(chan struct{})
	go func() {
		_ = command.Wait()
		close(ended)
	}()
	d := &Database{fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres", port), how, func() {
		_ = input.Close()
		<-ended
	}}
	for until := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		conn, err := pgx.Connect(context.Background(), d.URL)
		if err == nil {
			return d, conn.Close(context.Background())
		}
		select {
		case <-ended:
			text := fmt.Sprintf("%s: it ended: %s", how, said)
			if folder != "" {
				text += "If its data are of another version, or another one uses them: remove " + folder + ", or end that one."
			}
			return nil, errors.New(text)
		default:
		}
		if time.Now().After(until) {
			d.Stop()
			return nil, fmt.Errorf("%s: it does not answer: %w", how, err)
		}
	}
}

func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
