import { isatty } from 'node:tty';
import { exitCode, judge } from '../contract/judge.ts';
import { printable } from '../engine/core/errors.ts';
import { wantsColour } from '../engine/io/terminal.ts';
import { packageVersion } from '../engine/io/version.ts';
import { readExpectations } from '../maintenance/verify/expectations.ts';
import { locationOf } from '../maintenance/verify/location.ts';
import type { VerifyRequest } from '../maintenance/verify/options.ts';
import { runVerification } from '../maintenance/verify/run.ts';
import { folderOf } from '../maintenance/verify/target.ts';
import { type ReportFormat, renderReport } from '../report/verify/render.ts';
import type { Invocation } from './verb-arguments.ts';
import type { VerbContext } from './verb-context.ts';

/**
 * `verify`: 0 if every MUST rule that was looked at is kept or waived, else 4.
 * @throws {UserError} for the command line (2), for what this machine lacks (3), for a preset that is named and cannot be had, or is broken (5, 6)
 */
export async function runVerify(invocation: Invocation, { cwd, output, onInterrupt }: VerbContext): Promise<number> {
  const { flags, format } = invocation;
  const request = readRequest(invocation, cwd);
  const isElsewhere = request.image !== undefined || request.url !== undefined;
  const folder = request.dir === undefined && isElsewhere ? undefined : folderOf(cwd, request.dir ?? '.');
  const preset = typeof flags.preset === 'string' ? { preset: flags.preset } : {};
  // First: minutes of probes for a waiver that cannot be read would be a pity.
  const expectations = await readExpectations(folder, { cwd, ...preset });
  const report = await runVerification(request, { tell: (text) => output.chatter(text), onInterrupt });
  const date = new Date().toISOString().slice(0, 10);
  const verification = judge(report, { ...expectations, date, version: packageVersion() });
  // These have no place for it.
  if (format === 'junit' || format === 'sarif')
    for (const note of verification.notes) output.chatter(`note: ${printable(note)}`);
  const colour = wantsColour(process.env, isatty(1));
  const location = folder === undefined ? undefined : locationOf(folder, cwd);
  output.data(await renderReport(verification, format as ReportFormat, { colour, location }));
  return exitCode(verification);
}

function readRequest({ positionals: [dir], flags }: Invocation, cwd: string): VerifyRequest {
  const text = (name: string) => (typeof flags[name] === 'string' ? { value: flags[name] } : undefined);
  const list = (name: string) => (Array.isArray(flags[name]) ? flags[name] : []);
  const [image, url, cmd, live, ready, startTimeout, timeout, portVariable] = [
    'image',
    'url',
    'cmd',
    'live',
    'ready',
    'start-timeout',
    'timeout',
    'port-variable',
  ].map(text);
  return {
    cwd,
    env: list('env'),
    headers: list('header'),
    rules: list('rule'),
    build: flags['no-build'] !== true,
    ...(dir === undefined ? {} : { dir }),
    ...(image ? { image: image.value } : {}),
    ...(url ? { url: url.value } : {}),
    ...(cmd ? { cmd: cmd.value } : {}),
    ...(live ? { live: live.value } : {}),
    ...(ready ? { ready: ready.value } : {}),
    ...(startTimeout ? { startTimeout: startTimeout.value } : {}),
    ...(timeout ? { timeout: timeout.value } : {}),
    ...(portVariable ? { portVariable: portVariable.value } : {}),
  };
}
