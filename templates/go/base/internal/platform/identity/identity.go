// Package identity says who this process is: what /version and the verb version answer.
package identity

import (
	"runtime"
	"runtime/debug"
)

// Version is what the file VERSION says.
var Version string

// Set at build time: -ldflags "-X service/internal/platform/identity.revision=$REVISION".
var revision string

// Identity is a JSON document.
type Identity struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Version     string `json:"version"`
	Revision    string `json:"revision"`
	Go          string `json:"go"`
}

// Of this process. Its revision is the commit: what the build was told, else what Go found in the folder.
func Of() Identity {
	who := Identity{Name, Description, Version, revision, runtime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok && revision == "" {
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				who.Revision = setting.Value
			}
		}
	}
	if who.Revision == "" {
		who.Revision = "unknown"
	}
	return who
}
