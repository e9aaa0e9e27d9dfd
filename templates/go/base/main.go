// One program, many processes: its first argument says which.
package main

import (
	_ "embed"
	"os"
	"strings"

	_ "service/internal/features"
	"service/internal/platform"
)

//go:embed VERSION
var version string

func main() { os.Exit(platform.Run(strings.TrimSpace(version), os.Args[1:])) }
