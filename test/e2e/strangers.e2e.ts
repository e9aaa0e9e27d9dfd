import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { strangers } from './strangers/catalogue.ts';
import { install, noCache } from './strangers/install.ts';
import { rowsOf } from './support/rows.ts';
import { run } from './support/run.ts';
import { bin, workFolder } from './support/service.ts';

/** Rule by rule what was looked at by hand, and is true: docs/strangers.md says how. */
const expected: Readonly<Record<string, Readonly<Record<string, string>>>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'strangers/expected.json'), 'utf8'),
);
if (noCache) console.log(`skipped: the strangers: ${noCache}`);
const work = workFolder();
const times: string[] = [];

afterAll(() => {
  if (times.length > 0) console.log(['how long each verification took', ...times].join('\n'));
  work.remove();
});

test('every stranger has its verdicts', () => {
  expect(Object.keys(expected)).toEqual(strangers.map(({ name }) => name));
});

describe.skipIf(noCache !== undefined).each(rowsOf(strangers, 'strangers'))('$name, from $from', (stranger) => {
  const { name, verify } = stranger;
  test('gets the verdicts that are true of it', { timeout: 900_000 }, async (context) => {
    const folder = join(work.folder, name);
    mkdirSync(folder);
    const reason = await install(stranger, folder);
    if (reason !== undefined) {
      console.log(`skipped: ${name} cannot be had here: ${reason}`);
      return context.skip(reason);
    }
    const started = performance.now();
    const args = ['verify', folder, '--no-build', '--profile', 'twelve-factor', '--format', 'json', ...verify];
    const { stdout, stderr } = await run(process.execPath, [bin, ...args], { timeout: 600_000 });
    times.push(`${name}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
    const { results } = JSON.parse(stdout || '{"results":[]}') as Report;
    const known = expected[name] ?? {};
    // Of what nobody looked at by hand, nothing may be called broken.
    const told = results.filter(({ id, outcome }) => id in known || outcome === 'broken');
    const verdicts = Object.fromEntries(told.map(({ id, outcome }) => [id, outcome]));
    expect(verdicts, `${stderr}\n${explain(told)}`).toEqual(known);
  });
});

interface Report {
  readonly results: readonly {
    readonly id: string;
    readonly outcome: string;
    readonly evidence: readonly { readonly sent: string; readonly got: string; readonly ok: boolean }[];
  }[];
}

/** What was seen of rules that are broken. */
function explain(results: Report['results']): string {
  return results
    .filter(({ outcome }) => outcome === 'broken')
    .flatMap(({ id, evidence }) => evidence.filter(({ ok }) => !ok).map(({ sent, got }) => `${id} ${sent}: ${got}`))
    .map((line) => line.slice(0, 400))
    .join('\n');
}
