package logging

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestNoCredentialIsWritten(t *testing.T) {
	out := &bytes.Buffer{}
	log := New(out, Options{Level: "info", Secrets: []string{"postgres://me:hunter2x@db/x", "top\"secret"}})
	log.Info("connected to amqp://a:b@c with hunter2x", "err", errors.New(`top"secret`), "api_key", "k", "event.name", "x")
	log.Debug("nobody asked")
	line := out.String()
	for _, secret := range []string{"hunter2x", "a:b@", "secret", `"k"`} {
		if strings.Contains(line, secret) {
			t.Errorf("%s in %s", secret, line)
		}
	}
	if !strings.Contains(line, `"level":"info"`) || !strings.Contains(line, `"event.name":"x"`) || strings.Count(line, "\n") != 1 {
		t.Error(line)
	}
}

func TestASecretMayHaveAnyCharacter(t *testing.T) {
	const secret = `p&s<s>"w\d`
	out := &bytes.Buffer{}
	log := New(out, Options{Level: "info", Secrets: []string{secret}})
	log.Info("with "+secret, "err", errors.New(secret), "list", []string{secret})
	line := log.Begin(slog.LevelInfo, time.Now())
	*line = append(log.AppendSafeField(append(*line, `"msg":"request"`...), "note", secret), `,"end":true`...)
	log.End(line)
	for text := range strings.Lines(out.String()) {
		if !json.Valid([]byte(text)) || strings.Contains(text, "p&s") || strings.Contains(text, "p\\u0026s") {
			t.Error(text)
		}
	}
	if text := log.Redact("with " + secret); text != "with ***" {
		t.Error(text)
	}
}

func TestASecretThatIsReadLaterIsBlankedToo(t *testing.T) {
	out := &bytes.Buffer{}
	log := New(out, Options{Level: "info"})
	log.Hide("postgres://user:n3w-password@db/app")
	log.Info("it was n3w-password")
	if text := log.Redact("n3w-password"); text != "***" || !strings.Contains(out.String(), `"it was ***"`) {
		t.Error(text, out.String())
	}
}

func TestASecretThatIsPartOfAnotherLeavesNoRestOfIt(t *testing.T) {
	out := &bytes.Buffer{}
	log := New(out, Options{Level: "info", Secrets: []string{"inside-1", "around-inside-1-around"}})
	if text := log.Redact("around-inside-1-around, inside-1"); text != "***, ***" {
		t.Error(text)
	}
	log.Info("around-inside-1-around")
	if strings.Contains(out.String(), "around") {
		t.Error(out.String())
	}
}

func TestAFieldIsJSONWhateverItSays(t *testing.T) {
	log := New(&bytes.Buffer{}, Options{})
	for _, value := range []string{"a\x01b", "\a\v", "\xff", "\U000E0001", "\u2028", `"\`, "<&>é"} {
		var read map[string]string
		text := "{" + string(AppendField(nil, "na\"me", value)[1:]) + "}"
		if err := json.Unmarshal([]byte(text), &read); err != nil || read[`na"me`] != strings.ToValidUTF8(value, "\uFFFD") {
			t.Errorf("%q: %s %v", value, text, err)
		}
	}
	if text := string(log.AppendSafeField(nil, "api_key", "k")); text != `,"api_key":"***"` {
		t.Error(text)
	}
	into := make([]byte, 0, 100)
	if count := testing.AllocsPerRun(10, func() { AppendField(into, "http.route", "/größe/{id}") }); count > 0 {
		t.Errorf("%v allocations", count)
	}
}

func TestLevelsAndForms(t *testing.T) {
	out := &bytes.Buffer{}
	log := New(out, Options{Level: "trace", Format: "pretty"})
	log.Fatal("over", "event.name", "end")
	line := log.Begin(slog.LevelDebug, time.Now())
	*line = append(*line, `"msg":"request"`...)
	log.End(line)
	if text := out.String(); !strings.Contains(text, " FATAL over event.name=end\n") || !strings.Contains(text, " DEBUG request\n") {
		t.Error(text)
	}
}

// stalled takes nothing until it is let go.
type stalled struct {
	letGo chan struct{}
	bytes.Buffer
}

func (s *stalled) Write(text []byte) (int, error) {
	<-s.letGo
	return s.Buffer.Write(text)
}

func TestAReaderThatStallsBlocksNobody(t *testing.T) {
	out, told := &stalled{letGo: make(chan struct{})}, make(chan int, 9)
	o := NewOutput(out, func(dropped int) { told <- dropped })
	line := bytes.Repeat([]byte("x"), 1<<10)
	for range 3 << 10 {
		_, _ = o.Write(line)
	}
	if o.Dropped() == 0 {
		t.Error("3 MiB are kept")
	}
	close(out.letGo)
	o.Flush(5 * time.Second)
	if dropped := <-told; float64(dropped) != o.Dropped() {
		t.Error(dropped, o.Dropped())
	}
	if kept := out.Len(); kept < 1<<20 || kept > 3<<20 {
		t.Error(kept)
	}
}
