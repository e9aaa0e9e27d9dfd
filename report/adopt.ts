import { count } from '../engine/core/count.ts';
import { displayPath } from '../engine/core/display-path.ts';
import { printable } from '../engine/core/errors.ts';
import { describeChange } from '../engine/core/plan.ts';
import type { Adoption } from '../maintenance/adopt/run.ts';
import { JSON_SCHEMA_VERSION } from './parts/json.ts';

export function adoptionJson({ plan, ...rest }: Adoption): object {
  const changes = plan.changes.map(describeChange);
  return { schema: JSON_SCHEMA_VERSION, ok: true, command: 'adopt', ...rest, changes, notes: plan.notes };
}

/** The most similar version, the missing files, and the next commands. */
export function adoptionText({ target, best, tried, gaps, plan, attention, applied }: Adoption, cwd: string): string {
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
