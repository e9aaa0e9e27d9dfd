// Package migrations carries the scripts of this folder in the program.
package migrations

import "embed"

// Files are the scripts.
//
//go:embed *
var Files embed.FS
