// Serves what is in this folder, again whenever a file changes: what `make dev` runs.
package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"

	_ "service/internal/config"
	"service/internal/platform/env"
)

// Layers add what has to be there, and what is run before the service.
var (
	provide []func() (stop func(), err error)
	before  string
)

func main() {
	readEnv()
	setDefault("LOG_FORMAT", "pretty")
	code := 0
	var stops []func()
	for _, one := range provide {
		stop, err := one()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
			break
		}
		stops = append(stops, stop)
	}
	for name, example := range env.Examples() {
		if os.Getenv(name+"_FILE") == "" {
			setDefault(name, example)
		}
	}
	if code == 0 {
		code = watch()
	}
	for _, stop := range stops {
		stop()
	}
	os.Exit(code)
}

func watch() int {
	serve := "go build -o bin/service . && " + before + "exec bin/service"
	command := exec.Command("go", "tool", "reflex", "-s", "-d", "none", "-r", `\.(go|sql)$`, "--", "sh", "-c", serve)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	return run(command)
}

// run answers 1 where the command could not start or ended by itself: nobody asked for that.
func run(command *exec.Cmd) int {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	if err := command.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var isStopped atomic.Bool
	go func() {
		for one := range signals { // Ctrl-C reaches all of them.
			isStopped.Store(true)
			if one == syscall.SIGTERM {
				_ = command.Process.Signal(one)
			}
		}
	}()
	if err := command.Wait(); err != nil && !isStopped.Load() {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// readEnv takes what .env has and the environment has not.
func readEnv() {
	file, err := os.Open(".env")
	if err != nil {
		return
	}
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		name, value, isSet := strings.Cut(strings.TrimSpace(lines.Text()), "=")
		if isSet && !strings.HasPrefix(name, "#") {
			setDefault(strings.TrimSpace(name), strings.Trim(strings.TrimSpace(value), `"'`))
		}
	}
}

func setDefault(name, value string) {
	if os.Getenv(name) == "" {
		_ = os.Setenv(name, value)
	}
}
