/** A service that its authors never meant to keep our contract, as it comes from its registry. */
export interface Stranger {
  readonly name: string;
  readonly from: 'npm' | 'PyPI' | 'Go' | 'crates.io' | 'Maven Central' | 'Debian';
  /** What is installed, in the words of the registry's own client. */
  readonly packages: readonly string[];
  /** How it is started: `--cmd` and whatever else `verify` has to be told. */
  readonly verify: readonly string[];
}

/** The folder of the same name, if there is one, has the few lines that a user of a framework writes. */
export const strangers: readonly Stranger[] = [
  {
    name: 'go-httpbin',
    from: 'Go',
    packages: ['github.com/mccutchen/go-httpbin/v2/cmd/go-httpbin@v2.26.0'],
    verify: ['--cmd', './bin/go-httpbin', '--live', '/status/200', '--ready', '/status/200'],
  },
  {
    name: 'node_exporter',
    from: 'Go',
    packages: ['github.com/prometheus/node_exporter@v1.12.1'],
    verify: ['--cmd', './bin/node_exporter --web.listen-address=:$PORT', '--live', '/', '--ready', '/'],
  },
  {
    name: 'static-web-server',
    from: 'crates.io',
    packages: ['static-web-server@2.44.1', '--no-default-features'],
    verify: ['--cmd', './bin/static-web-server --root public --health', '--port-variable', 'SERVER_PORT'],
  },
  {
    name: 'nginx',
    from: 'Debian',
    packages: ['nginx'],
    verify: [
      '--cmd',
      'sed "s#PORT#$PORT#; s#SCRATCH#$TMPDIR#" nginx.conf >$TMPDIR/nginx.conf && exec nginx -c $TMPDIR/nginx.conf',
      ...['--live', '/', '--ready', '/'],
    ],
  },
  {
    name: 'express',
    from: 'npm',
    packages: ['express@5.3.0'],
    verify: ['--cmd', 'node app.js', '--live', '/', '--ready', '/'],
  },
  {
    name: 'fastify',
    from: 'npm',
    packages: ['fastify@5.12.8'],
    verify: ['--cmd', 'node app.js', '--live', '/', '--ready', '/'],
  },
  {
    name: 'hono',
    from: 'npm',
    packages: ['hono@4.13.19', '@hono/node-server@2.1.9'],
    verify: ['--cmd', 'node app.js', '--live', '/', '--ready', '/'],
  },
  {
    name: 'json-server',
    from: 'npm',
    packages: ['json-server@0.17.4'],
    verify: ['--cmd', 'json-server --port $PORT db.json', '--live', '/', '--ready', '/'],
  },
  {
    name: 'flask',
    from: 'PyPI',
    packages: ['flask==3.1.3', 'gunicorn==27.0.1'],
    verify: ['--cmd', 'gunicorn app:app', '--live', '/', '--ready', '/'],
  },
  {
    name: 'fastapi',
    from: 'PyPI',
    packages: ['fastapi==0.165.0', 'uvicorn==0.54.0'],
    verify: ['--cmd', 'uvicorn app:app --host 0.0.0.0 --port $PORT', '--live', '/', '--ready', '/'],
  },
  {
    name: 'django',
    from: 'PyPI',
    packages: ['django==5.2.19', 'gunicorn==27.0.1'],
    verify: ['--cmd', 'gunicorn app', '--live', '/', '--ready', '/'],
  },
  {
    name: 'datasette',
    from: 'PyPI',
    packages: ['datasette==0.65.5'],
    verify: ['--cmd', 'datasette serve --host 0.0.0.0 --port $PORT', '--live', '/', '--ready', '/'],
  },
  {
    name: 'pypiserver',
    from: 'PyPI',
    packages: ['pypiserver==2.4.2'],
    verify: ['--cmd', 'pypi-server run --port $PORT .', '--live', '/health', '--ready', '/health'],
  },
  {
    name: 'wiremock',
    from: 'Maven Central',
    packages: ['org.wiremock:wiremock-standalone:3.9.1'],
    verify: [
      ...['--cmd', 'java -jar wiremock-standalone-3.9.1.jar --port $PORT'],
      ...['--live', '/__admin/health', '--ready', '/__admin/health'],
    ],
  },
];
