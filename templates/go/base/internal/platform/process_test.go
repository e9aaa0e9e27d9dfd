package platform

import (
	"io"
	"testing"

	"service/internal/platform/env"
)

func TestTheLogIsReplacedWhileOthersUseIt(t *testing.T) {
	values := env.Examples()
	p := NewProcess(io.Discard, func(name string) (string, bool) { value, isSet := values[name]; return value, isSet })
	before, ended := p.current.Load(), make(chan bool)
	go func() {
		defer close(ended)
		for range 1000 {
			p.current.Load().Debug("as the race detector sees")
		}
	}()
	if code := p.Load(); code != 0 {
		t.Fatal(code)
	}
	<-ended
	if now := p.current.Load(); now == before || now != p.Log {
		t.Error("others have another log than the process")
	}
}
