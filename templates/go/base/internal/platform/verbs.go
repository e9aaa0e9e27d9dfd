package platform

import (
	"errors"
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"

	"service/internal/config"
	"service/internal/platform/env"
	"service/internal/platform/identity"
	"service/internal/platform/server"
)

// Every service has these.
var (
	_ = Verb("web", runWeb)
	_ = Verb("config", runConfig)
	_ = Verb("healthcheck", runHealthcheck)
	_ = Verb("version", runVersion)
)

func runWeb(p *Process, args []string) int {
	if len(args) > 0 {
		return p.Usage("web takes no arguments")
	}
	stop := p.Stop()
	if code := p.Load(); code != 0 {
		return code
	}
	app, err := NewApp(p)
	if err != nil {
		p.Log.Fatal("the service cannot start", "err", err)
		return ExitFailed
	}
	return server.Server{Config: p.Config, Handler: app, Readiness: app.Readiness, Log: p.Log, Close: app.Close}.Run(stop)
}

func runVersion(p *Process, args []string) int {
	if len(args) > 0 {
		return p.Usage("version takes no arguments")
	}
	return p.Print(identity.Of())
}

func runConfig(p *Process, args []string) int {
	switch {
	case slices.Equal(args, []string{"--schema"}):
		return p.Print(env.Schema())
	case slices.Equal(args, []string{"--example"}):
		_, _ = p.Output.Write([]byte(env.Example()))
		return 0
	case slices.Equal(args, []string{"--check"}):
		if code := p.Load(); code != 0 {
			return code
		}
		return p.Print(map[string]string{"status": "valid"})
	}
	return p.Usage("config takes one of --check, --schema and --example")
}

// runHealthcheck asks the service that runs on this machine's PORT whether it is alive, or with --ready ready.
func runHealthcheck(p *Process, args []string) int {
	path := "/livez"
	if slices.Equal(args, []string{"--ready"}) {
		path = "/readyz"
	} else if len(args) > 0 {
		return p.Usage("healthcheck takes --ready or nothing")
	}
	port, err := config.Port.From(p.lookup)
	if err != nil {
		return p.BadConfig("the configuration is invalid", env.Problem{Name: config.Port.Name, Reason: err.Error()})
	}
	host, _ := config.Host.From(p.lookup)
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	client := http.Client{Timeout: 2 * time.Second}
	answer, err := client.Get("http://" + net.JoinHostPort(host, strconv.Itoa(port)) + path)
	if err == nil {
		_ = answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			return 0
		}
		err = errors.New(answer.Status)
	}
	p.Log.Fatal("unhealthy: "+err.Error(), "event.name", "unhealthy")
	return ExitFailed
}
