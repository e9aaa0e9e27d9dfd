import type { Row } from './row.ts';

const quiet = { level: 'debug' };
const isJson = { 'content-type': /^application\/json/ };

/** The paths that operate a service. @param checks what readiness looks at */
export const operations = (checks: readonly string[], runtime: string): readonly Row[] => [
  ...['/health/live', '/livez', '/healthz'].map((path) => ({
    title: `${path} is asked whether the process is alive`,
    send: { path },
    answer: { status: 200, headers: isJson, body: { status: 'live' }, route: path, log: quiet },
  })),
  ...['/health/ready', '/readyz'].map((path) => ({
    title: `${path} is asked whether it should get traffic`,
    send: { path },
    answer: {
      status: 200,
      headers: isJson,
      body: { status: 'ready', checks: Object.fromEntries(checks.map((name) => [name, 'up'])) },
      route: path,
      log: quiet,
    },
  })),
  {
    title: '/version says what is running',
    send: { path: '/version' },
    answer: {
      status: 200,
      headers: isJson,
      body: new RegExp(
        `^\\{"name":"orders","description":"The orders service","version":"0\\.1\\.0","revision":"[0-9a-f]{40}","${runtime}":"[a-z]*\\d+\\.\\d+.*"\\}\\s*$`,
      ),
      route: '/version',
    },
  },
  {
    title: '/metrics is text for Prometheus',
    send: { path: '/metrics' },
    answer: {
      status: 200,
      headers: { 'content-type': /^text\/plain; ?version=0\.0\.4/ },
      route: '/metrics',
      log: quiet,
    },
  },
  {
    title: '/openapi.json is JSON',
    send: { path: '/openapi.json' },
    answer: { status: 200, headers: { 'content-type': /^application\/json/ }, route: '/openapi.json' },
  },
  ...['/livez', '/readyz', '/version', '/metrics', '/openapi.json'].map((path) => ({
    title: `HEAD of ${path}`,
    send: { method: 'HEAD', path },
    answer: {
      status: 200,
      body: '',
      route: path,
      ...(/openapi|version/.test(path) ? {} : { log: quiet }),
    },
  })),
];
