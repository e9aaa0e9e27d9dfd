package localdb

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// programs is a folder with an initdb that does nothing and a postgres that does as it is told. The user as whom
// root starts PostgreSQL gets to it.
func programs(t *testing.T, postgres string) string {
	t.Helper()
	folder := t.TempDir()
	if os.Geteuid() == 0 {
		var err error
		if folder, err = os.MkdirTemp(forAll, "programs-"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(folder) })
	}
	for name, text := range map[string]string{"initdb": "touch $2/PG_VERSION", "postgres": postgres} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestAServerThatDoesNotStartSaysWhy(t *testing.T) {
	t.Setenv("DATABASE_URL", "")
	begun := time.Now()
	_, err := start(programs(t, "echo 'FATAL: not these data' >&2; exit 1"), filepath.Join(t.TempDir(), "data"), "ours")
	if err == nil || !strings.Contains(err.Error(), "FATAL: not these data") || !strings.Contains(err.Error(), "remove ") {
		t.Error(err)
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Error("it took", took)
	}
}

// TestMain is the server that hears no signal at first, where STAND_IN is set.
func TestMain(m *testing.M) {
	if os.Getenv("STAND_IN") == "" {
		os.Exit(m.Run())
	}
	time.Sleep(500 * time.Millisecond)
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, os.Interrupt)
	select {
	case <-heard:
	case <-time.After(10 * time.Second):
		os.Exit(1)
	}
}

func TestAServerThatIsStoppedAtOnceEnds(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	text := fmt.Sprintf(script, quoted(programs(t, "STAND_IN=1 exec "+quoted(self))), quoted(data), 1, "")
	command := exec.Command("sh", "-c", text) // Its input has ended.
	begun := time.Now()
	if said, err := command.CombinedOutput(); err != nil {
		t.Error(err, string(said))
	}
	if took := time.Since(begun); took > 8*time.Second {
		t.Error("it took", took)
	}
}

func TestTheDatabaseOfTheEnvironmentIsTaken(t *testing.T) {
	t.Setenv("DATABASE_URL", "postgres://somebody@127.0.0.1:1/none")
	d, err := Open("")
	if err != nil || d.URL != "postgres://somebody@127.0.0.1:1/none" {
		t.Fatal(d, err)
	}
	d.Stop()
}

func TestWhatIsInstalledComesBeforeADownload(t *testing.T) {
	downloaded := func() (string, error) { return "/cache/bin", nil }
	refused := func() (string, error) { return "", errors.New("the network is away") }
	for _, test := range []struct {
		installed string
		isRoot    bool
		download  func() (string, error)
		bin, said string
	}{
		{"/usr/bin", false, refused, "/usr/bin", "the PostgreSQL of this machine"},
		{"/usr/bin", true, refused, "/usr/bin", "the PostgreSQL of this machine"},
		{"", false, downloaded, "/cache/bin", "no PostgreSQL is installed: starting one from Maven Central"},
		{"", false, refused, "", "set DATABASE_URL, or install it: the network is away"},
		{"", true, downloaded, "", "set DATABASE_URL, or install PostgreSQL (apt-get install postgresql)"},
	} {
		bin, how, err := choose(test.installed, test.isRoot, test.download)
		if said := fmt.Sprint(how, err); bin != test.bin || !strings.Contains(said, test.said) {
			t.Errorf("%q, root %v: %s, %s", test.installed, test.isRoot, bin, said)
		}
	}
}

func TestAServerEndsWithItsData(t *testing.T) {
	if installed() == "" {
		t.Skip("no PostgreSQL is installed")
	}
	t.Setenv("TMPDIR", t.TempDir()) // Root's own: the user that PostgreSQL runs as may not get there.
	d, err := start(installed(), "", "ours")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(d.How, "data in ")
	folder, _, _ := strings.Cut(rest, " ")
	if _, err := os.Stat(folder); err != nil {
		t.Error(err)
	}
	d.Stop()
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Error("it is there still", err)
	}
}
