import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Harness } from '../harness/harness.ts';
import { freePort } from '../harness/http/ports.ts';
import type { Child } from '../harness/process/child.ts';
import { describeExit } from '../harness/process/process.ts';
import { badValue } from '../harness/schema/variables.ts';
import type { Service } from '../harness/service.ts';
import { until } from '../harness/wait.ts';
import type { Rule } from '../rule.ts';

/** A name for the service that it does not have. */
const OTHER_NAME = 'probe-other-name';
/** How long lines of the log may take, in milliseconds. */
const LINE_MS = 1000;
/** How long one is waited for that should not come. */
const QUIET_MS = 200;

export const rule: Rule = {
  id: 'III-2',
  level: 'MUST',
  factor: 'III. Config',
  promises: {
    house:
      'Each variable can come from a file named by `NAME_FILE`; giving a variable and its file is an error, exit 78.',
  },
  why: 'Docker and Kubernetes hand secrets over as files; a variable shows in `docker inspect` and in every child process.',
  mend: 'Resolve NAME_FILE (trailing newline off) in front of the schema, for all names alike, and refuse both forms at once.',
  byHand: [
    'echo 8081 >/tmp/port; PORT_FILE=/tmp/port $SERVICE',
    'PORT=8081 PORT_FILE=/tmp/port $PROGRAM config --check; echo $?',
  ],
  applies: (subject) => subject.runs(),
  async check(harness) {
    const names = harness.subject.variables.map(({ name }) => name);
    const without = Object.fromEntries(names.map((name) => [name, undefined]));
    // A service may require no variable at all, so one is given.
    const some = harness.port(8080);
    const valid = await harness.environment({ env: some });
    const given = names.filter((name) => valid[name] !== undefined);
    const file = (name: string, content: string) => {
      const path = join(harness.temp, `${name}.secret`);
      writeFileSync(path, content);
      // A container reads it as another user, whatever the umask is.
      chmodSync(path, 0o644);
      return path;
    };
    const files = (entries: readonly (readonly [string, string])[]) =>
      Object.fromEntries(entries.map(([name, path]) => [`${name}_FILE`, path]));

    const good = files(given.map((name) => [name, file(`good-${name}`, `${valid[name]}\n`)] as const));
    const gone = files(names.map((name) => [name, join(harness.temp, 'no-such-file')] as const));
    const bad = harness.subject.variables.flatMap((variable) => {
      const value = badValue(variable);
      return value === undefined ? [] : [[variable.name, file(`bad-${variable.name}`, value)] as const];
    });
    const port = await freePort();
    const { portVariable } = harness.subject;
    const database = harness.subject.hasDatabase ? await harness.database() : undefined;
    const url = database && { DATABASE_URL: undefined, DATABASE_URL_FILE: file('url', `${database.url}\n`) };
    // A variable whose effect is seen: others may be checked in one place, and read in another.
    const shown = names.includes('OTEL_SERVICE_NAME')
      ? { OTEL_SERVICE_NAME: undefined, OTEL_SERVICE_NAME_FILE: file('name', `${OTHER_NAME}\n`) }
      : names.includes('LOG_LEVEL')
        ? { LOG_LEVEL: undefined, LOG_LEVEL_FILE: file('level', 'fatal\n') }
        : {};
    const own = { [portVariable]: undefined, [`${portVariable}_FILE`]: file('port', `${port}\n`), ...url, ...shown };
    const [web] = await Promise.all([
      harness.spawn(['web'], { env: own }),
      harness.subject.takesVerbs() === true ? checks() : undefined,
    ]);
    const service = harness.service(web, port);
    const done = harness.subject.form === 'worker' ? 'it runs' : `GET ${service.paths.ready} 200`;
    const ready = await service.ready(harness.subject.startMs).then(
      () => done,
      (error: Error) => error.message,
    );
    harness.saw({
      sent: `web with ${portVariable}_FILE${url ? ' and DATABASE_URL_FILE' : ''}`,
      expected: done,
      got: ready,
      ok: ready === done,
    });
    if (ready === done && harness.subject.form !== 'worker') await seeShown(harness, service, Object.keys(shown));
    return harness.evidence;

    async function checks(): Promise<void> {
      const check = ['config', '--check'];
      const [fromFiles, fromNowhere, fromBad, both] = await Promise.all([
        harness.run(check, { env: { ...without, ...good } }),
        harness.run(check, { env: { ...without, ...gone } }),
        harness.run(check, { env: { ...without, ...good, ...files(bad) } }),
        harness.run(check, { env: { ...some, ...good } }),
      ]);
      harness.saw({
        sent: `config --check with ${Object.keys(good).join(', ')}`,
        expected: 'exit 0',
        got: describeExit(fromFiles.exit),
        ok: fromFiles.exit.code === 0,
      });
      const broken = bad.map(([name]) => name);
      seeNamed('every NAME_FILE pointing to no file', fromNowhere.child, names);
      seeNamed('files that hold bad values', fromBad.child, broken);
      seeNamed(`both forms of ${given.join(', ')}`, both.child, given);
    }

    function seeNamed(what: string, child: Child, expected: readonly string[]): void {
      const output = child.lines.flatMap(({ json }) => (Array.isArray(json?.errors) ? json.errors : []));
      const named = output.map((error: { name?: unknown }) => String(error.name).replace(/_FILE$/, ''));
      const lacking = expected.filter((name) => !named.includes(name));
      const { code } = child.exited ?? {};
      harness.saw({
        sent: `config --check with ${what}`,
        expected: `exit ${harness.subject.configExit}, errors for ${expected.join(', ')}`,
        got:
          child.exited === undefined
            ? describeExit(child.exited)
            : `exit ${code}${lacking.length > 0 ? `, no error for ${lacking.join(', ')}` : ''}`,
        ok: code === harness.subject.configExit && lacking.length === 0,
      });
    }
  },
};

/** Asks once, and looks whether the log is as the files say. */
async function seeShown(harness: Harness, service: Service, files: readonly string[]): Promise<void> {
  const sent = `web with ${files.join(', ')}`;
  const { child } = service;
  await service.status('/no/such/route');
  if (files.includes('OTEL_SERVICE_NAME_FILE')) {
    const names = () =>
      child.lines.flatMap(({ json }) => (json?.['service.name'] === undefined ? [] : [json['service.name']]));
    const isNamed = () => names().includes(OTHER_NAME) || undefined;
    const ok = await until('a line', LINE_MS, isNamed).catch(() => false);
    const got = String(ok ? OTHER_NAME : (names()[0] ?? 'no line'));
    harness.saw({ sent, expected: `lines of ${OTHER_NAME}`, got, ok });
  } else if (files.includes('LOG_LEVEL_FILE')) {
    const first = () => child.lines.find(({ json }) => json?.['http.request.method'] !== undefined);
    const line = await until('a line', QUIET_MS, first).catch(() => undefined);
    harness.saw({
      sent: `${sent}, which says fatal`,
      expected: 'no line of a request',
      got: line?.text ?? 'none',
      ok: !line,
    });
  }
}
