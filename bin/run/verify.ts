import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isatty } from 'node:tty';
import { exitCode, judge } from '../../contract/judge/judge.ts';
import { printable, UserError } from '../../engine/core/errors.ts';
import { wantsColour } from '../../engine/io/terminal.ts';
import { packageVersion } from '../../engine/io/version.ts';
import { chooseRules } from '../../maintenance/verify/choose-rules.ts';
import { readCompared } from '../../maintenance/verify/compared.ts';
import { readExpectations } from '../../maintenance/verify/expectations.ts';
import { locationOf } from '../../maintenance/verify/location.ts';
import type { VerifyRequest } from '../../maintenance/verify/options.ts';
import { chooseProfile } from '../../maintenance/verify/profile.ts';
import { readReportFiles, writeReports } from '../../maintenance/verify/report-files.ts';
import { runVerification } from '../../maintenance/verify/run.ts';
import { folderOf } from '../../maintenance/verify/target.ts';
import { REPORT_FORMATS, type ReportFormat, renderReport } from '../../report/verify/render.ts';
import { given, type Invocation } from '../command-line/command.ts';
import type { VERIFY_OPTIONS } from '../command-line/options.ts';
import type { RunContext } from '../run-context.ts';

type VerifyInvocation = Invocation<typeof VERIFY_OPTIONS>;

/** These formats have no place for notes, which are on stderr then. */
const WITHOUT_NOTES: readonly string[] = ['junit', 'sarif', 'github', 'badge'];

/**
 * `verify`: 0 if every MUST rule that was looked at is kept or waived, else 4.
 * @throws {UserError} for the command line (2), for a program that this machine does not have (3), for a preset that
 *   cannot be fetched or is broken (5, 6)
 */
export async function runVerify(
  invocation: VerifyInvocation,
  { cwd, output, onInterrupt }: RunContext,
): Promise<number> {
  const { positionals, flags, format } = invocation;
  const [first, second] = positionals;
  if (first === 'explain' && (second !== undefined || !existsSync(resolve(cwd, first))))
    return output.data(await explainRules(second ?? '', flags.profile, format));
  if (second !== undefined)
    throw new UserError(
      'INPUT_INVALID',
      `"${printable(second)}" is one argument too many`,
      'Verify one folder at a time; verify --help lists every option.',
    );
  const request = readRequest(invocation, cwd);
  const folder = folderOf(request);
  const { profile } = chooseProfile(request.profile, folder);
  // All that is given is read first, so that what cannot be read ends the run before minutes of probes.
  const files = readReportFiles(flags.report, REPORT_FORMATS, cwd);
  const compared = readCompared(
    { cwd, rules: flags.rule, ...given({ baseline: flags.baseline, onlyFailed: flags['only-failed'] }) },
    profile,
  );
  const expectations = await readExpectations(folder, { cwd, ...given({ preset: flags.preset }) });
  const report = await runVerification(
    { ...request, rules: compared.rules ?? request.rules },
    { tell: (text) => output.chatter(text), onInterrupt },
  );
  const verification = judge(report, {
    ...expectations,
    ...given({ baseline: compared.baseline }),
    notes: [...compared.notes, ...expectations.notes],
    date: new Date().toISOString().slice(0, 10),
    version: packageVersion(),
  });
  if (WITHOUT_NOTES.includes(format)) for (const note of verification.notes) output.chatter(`note: ${printable(note)}`);
  const location = locationOf(folder ?? cwd, cwd);
  const render = (to: string, colour: boolean) => renderReport(verification, to as ReportFormat, { colour, location });
  const texts = files.map(async ({ format: to, path }) => ({ path, text: await render(to, false) }));
  output.data(await render(format, wantsColour(process.env, isatty(1))));
  writeReports(await Promise.all(texts));
  return exitCode(verification);
}

async function explainRules(names: string, profile: string | undefined, format: string): Promise<string> {
  if (format !== 'text' && format !== 'json')
    throw new UserError(
      'INPUT_INVALID',
      `--format of verify explain must be text or json, not ${format}`,
      'E.g. verify explain IX-2.',
    );
  const asked = profile === undefined ? undefined : chooseProfile(profile, undefined).profile;
  const rules = chooseRules([names], 'house', 'verify explain');
  const { ruleExplanationJson, ruleExplanationText } = await import('../../report/verify/explanation.ts');
  return format === 'json' ? ruleExplanationJson(rules) : ruleExplanationText(rules, asked);
}

function readRequest({ positionals: [dir], flags }: VerifyInvocation, cwd: string): VerifyRequest {
  const { image, url, cmd, profile, form, mapping, live, ready, timeout } = flags;
  return {
    cwd,
    env: flags.env,
    headers: flags.header,
    rules: flags.rule,
    build: !flags['no-build'],
    tests: flags.tests,
    fast: flags.fast,
    ...given({ dir, image, url, cmd, profile, form, mapping, live, ready, timeout }),
    ...given({ startTimeout: flags['start-timeout'], portVariable: flags['port-variable'] }),
  };
}
