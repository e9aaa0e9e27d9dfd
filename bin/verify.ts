import { renderFindings, renderTable } from '../contract/report.ts';
import type { Report } from '../contract/verify.ts';
import { EXIT_NEEDS_PERSON } from '../engine/core/errors.ts';
import type { VerifyRequest } from '../generators/verify/options.ts';
import { runVerification } from '../generators/verify/run.ts';
import type { VerbContext } from './commands.ts';
import type { Invocation } from './verb-arguments.ts';

/**
 * `verify`: 0 if no MUST rule is broken, else 4.
 * @throws {UserError} for the command line (2) or for what this machine lacks (3)
 */
export async function runVerify(invocation: Invocation, { cwd, output }: VerbContext): Promise<number> {
  const report = await runVerification(readRequest(invocation, cwd), (text) => output.chatter(text));
  output.data([renderFindings(report), renderTable([report])].filter(Boolean).join('\n\n'));
  return isBroken(report) ? EXIT_NEEDS_PERSON : 0;
}

const isBroken = ({ results }: Report): boolean =>
  results.some(({ rule, outcome }) => rule.level === 'MUST' && outcome === 'broken');

function readRequest({ positionals: [dir], flags }: Invocation, cwd: string): VerifyRequest {
  const text = (name: string) => (typeof flags[name] === 'string' ? { value: flags[name] } : undefined);
  const list = (name: string) => (Array.isArray(flags[name]) ? flags[name] : []);
  const [image, url, cmd, live, ready, portVariable] = ['image', 'url', 'cmd', 'live', 'ready', 'port-variable'].map(
    text,
  );
  return {
    cwd,
    env: list('env'),
    rules: list('rule'),
    build: flags['no-build'] !== true,
    ...(dir === undefined ? {} : { dir }),
    ...(image ? { image: image.value } : {}),
    ...(url ? { url: url.value } : {}),
    ...(cmd ? { cmd: cmd.value } : {}),
    ...(live ? { live: live.value } : {}),
    ...(ready ? { ready: ready.value } : {}),
    ...(portVariable ? { portVariable: portVariable.value } : {}),
  };
}
