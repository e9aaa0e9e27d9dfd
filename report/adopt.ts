import { printable } from '../engine/core/errors.ts';
import { describeChange } from '../engine/core/plan.ts';
import { count } from '../engine/core/text/count.ts';
import { placeText } from '../engine/core/text/display-path.ts';
import type { Adoption } from '../maintenance/adopt/run.ts';
import { JSON_SCHEMA_VERSION } from './parts/json.ts';

export function adoptionJson({ plan, ...rest }: Adoption): object {
  const changes = plan.changes.map(describeChange);
  return { schema: JSON_SCHEMA_VERSION, ok: true, command: 'adopt', ...rest, changes, notes: plan.notes };
}

/** The most similar version or the parts, what is missing, and the next commands. */
export function adoptionText(adoption: Adoption, cwd: string): string {
  const { plan, attention, parts } = adoption;
  const gaps = parts.length > 0 ? [] : adoption.gaps;
  return [
    ...(adoption.parts.length > 0 ? partLines(adoption, cwd) : matchLines(adoption, cwd)),
    ...(gaps.length > 0 ? ['  no sign of, for the contract:'] : []),
    ...gaps.map(({ rules, what }) => `    ${rules.join(' ').padEnd(10)} ${what}`),
    ...plan.notes.map((note) => `  ${printable(note)}`),
    ...attention.map((line) => `  look: ${printable(line)}`),
    ...plan.next.map((command) => `Then:       ${command}`),
  ].join('\n');
}

function matchLines({ target, best, isAlike, tried, offered, applied }: Adoption, cwd: string): string[] {
  const at = printable(placeText(cwd, target));
  const alike = `${Math.round(best.score * 100)}% alike`;
  if (!isAlike)
    return [
      `${best.answers.name} in ${at}: written by hand; the nearest of ${tried} is ${alike}. Nothing was written.`,
      ...(offered.length > 0 ? ['  parts of the standard that you can bring, each with adopt --part NAME:'] : []),
      ...offered.map(({ name, files }) => `    ${name.padEnd(10)} ${printable(files.map(shown).join(', '))}`),
    ];
  const answers = Object.entries(best.answers).map(([name, value]) => `${name}=${value}`);
  const missing = best.missing.slice(0, 12).map((path) => `    ${printable(path)}`);
  const more = best.missing.length > 12 ? [`    and ${best.missing.length - 12} more: --format json has them`] : [];
  return [
    `${best.answers.name} in ${at}: nearest of ${tried} is create-twelve-service ${best.version}, ${alike}${planned(applied)}.`,
    `  answers: ${printable(answers.join(' '))}`,
    `  ${count(best.same, 'file')} as generated, ${best.alike} of your own making, ${best.missing.length} not there${best.missing.length > 0 ? ':' : ''}`,
    ...missing,
    ...more,
  ];
}

function partLines({ target, best, parts, plan, applied }: Adoption, cwd: string): string[] {
  const at = printable(placeText(cwd, target));
  return [
    plan.changes.length === 0
      ? `${best.answers.name} in ${at}: ${printable(parts.join(', '))} is here already; nothing to do.`
      : `${best.answers.name} in ${at}: ${printable(parts.join(', '))}${planned(applied)}.`,
    ...plan.changes.map(({ kind, path }) => `  ${`${kind}d`.padEnd(10)} ${printable(path)}`),
  ];
}

const planned = (applied: boolean): string => (applied ? '' : ' (plan; nothing was written)');

function shown({ path, state }: Adoption['offered'][number]['files'][number]): string {
  return state === 'new' ? path : `${path} (${state === 'same' ? 'as it is' : 'yours differs'})`;
}
