package env

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var (
	testCount = Int(Spec{Name: "COUNT", Description: "How many.", Default: "3"}, 1, 10)
	testPause = Millis(Spec{Name: "PAUSE_MS", Description: "How long.", Default: "250"}, 0)
	testMode  = Choice(Spec{Name: "MODE", Description: "Which.", Optional: true}, "fast", "slow")
	testURL   = URL(Spec{Name: "ITS_URL", Description: "Where.", Example: "http://127.0.0.1", Secret: true}, nil, "http", "https")
	_         = Rule(func(c *Config) *Problem {
		if testCount.In(c) == 7 {
			return &Problem{"COUNT", "must not be 7"}
		}
		return nil
	})
)

func load(values map[string]string) (*Config, error) {
	return Load(func(name string) (string, bool) {
		value, isSet := values[name]
		return value, isSet
	})
}

func TestValues(t *testing.T) {
	file := filepath.Join(t.TempDir(), "url")
	if err := os.WriteFile(file, []byte("https://user:s3cret@a\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := load(map[string]string{"COUNT": "10", "MODE": "", "ITS_URL_FILE": file})
	if err != nil {
		t.Fatal(err)
	}
	if testCount.In(c) != 10 || testPause.In(c) != 250*time.Millisecond || testMode.In(c) != "" || testURL.In(c) != "https://user:s3cret@a" {
		t.Error(c)
	}
	if len(c.Secrets) != 1 {
		t.Error(c.Secrets)
	}
	_ = os.WriteFile(file, []byte("http://b"), 0o600)
	hidden := ""
	c.Hide = func(secret string) { hidden = secret }
	if again, err := testURL.Again(c); again != "http://b" || hidden != again || err != nil {
		t.Error(again, hidden, err)
	}
}

func TestAFileLosesItsLastNewlineAndNothingElse(t *testing.T) {
	file := filepath.Join(t.TempDir(), "value")
	for content, want := range map[string]string{"a b \n": "a b ", "a\r\n": "a", "a\n\n": "a\n", "\n": ""} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		values := map[string]string{"NAME_FILE": file}
		got, err := textOf("NAME", func(name string) (string, bool) { return values[name], true })
		if got != want || err != nil {
			t.Errorf("%q: %q, %v", content, got, err)
		}
	}
}

func TestEveryProblemIsToldAtOnceAndNoValue(t *testing.T) {
	for _, one := range []struct {
		values map[string]string
		want   string
	}{
		{map[string]string{}, "ITS_URL is required"},
		{map[string]string{"COUNT": "7", "ITS_URL": "http://a"}, "COUNT must not be 7"},
		{map[string]string{"COUNT": "0", "PAUSE_MS": "1e3", "MODE": "hunter2", "ITS_URL": "ftp://hunter2"}, "COUNT must be at least 1; " +
			"PAUSE_MS must be a whole number; MODE must be one of fast, slow; ITS_URL must be a URL that starts with http:// or https://"},
		{map[string]string{"COUNT": "11", "ITS_URL": "http://a", "ITS_URL_FILE": "/b"}, "COUNT must be at most 10; ITS_URL is set twice, also as ITS_URL_FILE"},
		{map[string]string{"ITS_URL_FILE": "/hunter2"}, "ITS_URL ITS_URL_FILE cannot be read (ENOENT)"},
		{map[string]string{"ITS_URL": "http://a:hunter2/x@b"}, "ITS_URL cannot be read as a URL"},
		{map[string]string{"ITS_URL": "http://"}, "ITS_URL must have a host after the ://"},
		{map[string]string{"ITS_URL": "https://u:hunter2@:80/x"}, "ITS_URL must have a host after the ://"},
	} {
		_, err := load(one.values)
		var invalid Invalid
		if !errors.As(err, &invalid) {
			t.Fatalf("%v: %v", one.values, err)
		}
		var said []string
		for _, problem := range invalid {
			said = append(said, problem.Name+" "+problem.Reason)
		}
		if got := strings.Join(said, "; "); !strings.HasPrefix(got, one.want) || strings.Contains(got, "hunter2") {
			t.Errorf("%v: %s", one.values, got)
		}
	}
}

func TestDocuments(t *testing.T) {
	schema, _ := json.Marshal(Schema())
	for _, want := range []string{
		`"COUNT":{"default":3,"description":"How many.","maximum":10,"minimum":1,"type":"integer"}`, `"required":["ITS_URL"]`, `"writeOnly":true`,
	} {
		if !strings.Contains(string(schema), want) {
			t.Errorf("no %s in %s", want, schema)
		}
	}
	if want := "\n# Which. One of fast, slow.\n#MODE=\n\n# Where. Required. Secret.\n#ITS_URL=http://127.0.0.1\n"; !strings.HasSuffix(Example(), want) {
		t.Error(Example())
	}
}
