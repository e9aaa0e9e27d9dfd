package platform

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"service/internal/config"
	"service/internal/platform/env"
)

func TestAPasswordThatIsReadAgainIsBlankedInTheLog(t *testing.T) {
	file := filepath.Join(t.TempDir(), "url")
	write := func(password string) {
		if err := os.WriteFile(file, []byte("postgres://orders:"+password+"@127.0.0.1/orders"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("first-password")
	values := env.Examples()
	delete(values, config.DatabaseURL.Name)
	values[config.DatabaseURL.Name+"_FILE"] = file
	out := &bytes.Buffer{}
	p := NewProcess(out, func(name string) (string, bool) { value, isSet := values[name]; return value, isSet })
	if code := p.Load(); code != 0 {
		t.Fatal(code)
	}
	write("next-password")
	if _, err := config.DatabaseURL.Again(p.Config); err != nil {
		t.Fatal(err)
	}
	p.Log.Warn("refused: first-password, next-password")
	p.Output.Flush(time.Second)
	if !strings.Contains(out.String(), "refused: ***, ***") {
		t.Error(out.String())
	}
}
