import { count } from '../engine/core/count.ts';
import { EXIT_NEEDS_PERSON, printable } from '../engine/core/errors.ts';
import { describeChange } from '../engine/core/plan.ts';
import { displayPath } from '../engine/io/surroundings.ts';
import { type Adoption, adoptService } from '../maintenance/adopt/run.ts';
import { splitAnswer } from '../maintenance/upgrade/wanted.ts';
import { JSON_SCHEMA_VERSION } from '../report/outcome.ts';
import type { Invocation } from './verb-arguments.ts';
import type { VerbContext } from './verb-context.ts';

/** `adopt` */
export async function runAdopt({ flags, format }: Invocation, context: VerbContext): Promise<number> {
  const { cwd, output, beforeCommit, onApplied } = context;
  const { preset, set, dir, plan } = flags;
  const adoption = await adoptService(
    {
      answers: Object.fromEntries(Array.isArray(set) ? set.map((text) => splitAnswer(text, true)) : []),
      ...(typeof preset === 'string' ? { preset } : {}),
    },
    { cwd, beforeCommit, planOnly: plan === true, ...(typeof dir === 'string' ? { dir } : {}) },
  );
  onApplied(adoption.applied);
  if (format === 'json') {
    const { plan: made, ...rest } = adoption;
    const changes = made.changes.map(describeChange);
    output.data(
      JSON.stringify({ schema: JSON_SCHEMA_VERSION, ok: true, command: 'adopt', ...rest, changes, notes: made.notes }),
    );
  } else if (adoption.applied) output.chatter(adoptionText(adoption, cwd));
  else output.data(adoptionText(adoption, cwd));
  return adoption.attention.length > 0 ? EXIT_NEEDS_PERSON : 0;
}

function adoptionText({ target, best, tried, gaps, plan, attention, applied }: Adoption, cwd: string): string {
  const answers = Object.entries(best.answers).map(([name, value]) => `${name}=${value}`);
  const missing = best.missing.slice(0, 12).map((path) => `    ${printable(path)}`);
  const more = best.missing.length > 12 ? [`    and ${best.missing.length - 12} more: --format json has them`] : [];
  return [
    `${best.answers.name} in ${printable(displayPath(cwd, target))}: nearest of ${tried} is create-twelve-service ${best.version}, ${Math.round(best.score * 100)}% alike${applied ? '' : ' (plan; nothing was written)'}.`,
    `  answers: ${printable(answers.join(' '))}`,
    `  ${count(best.same, 'file')} as generated, ${best.alike} of your own making, ${best.missing.length} not there${best.missing.length > 0 ? ':' : ''}`,
    ...missing,
    ...more,
    ...(gaps.length > 0 ? ['  no sign of, for the contract:'] : []),
    ...gaps.map(({ rules, what }) => `    ${rules.join(' ').padEnd(10)} ${what}`),
    ...plan.notes.map((note) => `  ${printable(note)}`),
    ...attention.map((line) => `  look: ${line}`),
    ...plan.next.map((command) => `Then:       ${command}`),
  ].join('\n');
}
