package main

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

func TestWhatEndsByItselfIsAFailure(t *testing.T) {
	for script, want := range map[string]int{"exit 0": 0, "exit 3": 1} {
		if code := run(exec.Command("sh", "-c", script)); code != want {
			t.Errorf("%s: %d, not %d", script, code, want)
		}
	}
	if code := run(exec.Command("/nowhere/reflex")); code != 1 {
		t.Error(code)
	}
}

func TestWhatIsToldToStopIsNone(t *testing.T) {
	command := exec.Command("sh", "-c", "sleep 10 & wait")
	ready := make(chan int, 1)
	go func() { ready <- run(command) }()
	time.Sleep(300 * time.Millisecond)
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := <-ready; code != 0 {
		t.Error(code)
	}
}
