import { isatty } from 'node:tty';
import { exitCode, judge } from '../../contract/judge.ts';
import { printable } from '../../engine/core/errors.ts';
import { wantsColour } from '../../engine/io/terminal.ts';
import { packageVersion } from '../../engine/io/version.ts';
import { readExpectations } from '../../maintenance/verify/expectations.ts';
import { locationOf } from '../../maintenance/verify/location.ts';
import type { VerifyRequest } from '../../maintenance/verify/options.ts';
import { runVerification } from '../../maintenance/verify/run.ts';
import { folderOf } from '../../maintenance/verify/target.ts';
import { type ReportFormat, renderReport } from '../../report/verify/render.ts';
import { given, type Invocation } from '../command-line/command.ts';
import type { VERIFY_OPTIONS } from '../command-line/options.ts';
import type { RunContext } from '../run-context.ts';

type VerifyInvocation = Invocation<typeof VERIFY_OPTIONS>;

/**
 * `verify`: 0 if every MUST rule that was looked at is kept or waived, else 4.
 * @throws {UserError} for the command line (2), for a program that this machine does not have (3), for a preset that
 *   cannot be fetched or is broken (5, 6)
 */
export async function runVerify(
  invocation: VerifyInvocation,
  { cwd, output, onInterrupt }: RunContext,
): Promise<number> {
  const { flags, format } = invocation;
  const request = readRequest(invocation, cwd);
  const isElsewhere = request.image !== undefined || request.url !== undefined;
  const folder = request.dir === undefined && isElsewhere ? undefined : folderOf(cwd, request.dir ?? '.');
  // First, so that a waiver that cannot be read ends the run before minutes of probes.
  const expectations = await readExpectations(folder, { cwd, ...given({ preset: flags.preset }) });
  const report = await runVerification(request, { tell: (text) => output.chatter(text), onInterrupt });
  const date = new Date().toISOString().slice(0, 10);
  const verification = judge(report, { ...expectations, date, version: packageVersion() });
  // These formats have no place for notes.
  if (format === 'junit' || format === 'sarif')
    for (const note of verification.notes) output.chatter(`note: ${printable(note)}`);
  const colour = wantsColour(process.env, isatty(1));
  const location = folder === undefined ? undefined : locationOf(folder, cwd);
  output.data(await renderReport(verification, format as ReportFormat, { colour, location }));
  return exitCode(verification);
}

function readRequest({ positionals: [dir], flags }: VerifyInvocation, cwd: string): VerifyRequest {
  const { image, url, cmd, live, ready, timeout } = flags;
  return {
    cwd,
    env: flags.env,
    headers: flags.header,
    rules: flags.rule,
    build: !flags['no-build'],
    ...given({ dir, image, url, cmd, live, ready, timeout }),
    ...given({ startTimeout: flags['start-timeout'], portVariable: flags['port-variable'] }),
  };
}
