import { styleText } from 'node:util';
import { type FactorSummary, type State, stateOf, summarise, type Tally } from '../../contract/summarise.ts';
import type { RuleResult, Verification } from '../../contract/verification.ts';
import { printable } from '../../engine/core/errors.ts';
import { labelled, wrap } from '../parts/wrap.ts';
import type { ReportSettings } from './settings.ts';
import {
  describeLevel,
  describeWaiver,
  failures,
  nextToMend,
  oneLine,
  secondLooks,
  seconds,
  skippedByReason,
  verdict,
} from './wording.ts';

const WIDTH = 80;
/** Characters of one observation that a terminal shows. `json` has more. */
const MAX_TEXT = 400;

type Style = 'red' | 'green' | 'yellow' | 'dim' | 'bold';
type Paint = (style: Style, text: string) => string;

const LEGEND = '# kept   X broken   ! advice (a SHOULD rule)   w waived   - not looked at';

/** For people: a scorecard by factor, the broken rules and how to mend them, and the verdict at the end. */
export function verifyText(verification: Verification, { colour = false }: ReportSettings): string {
  const paint: Paint = colour ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text;
  const { target, date, ms, results, findings, notes } = verification;
  const summary = summarise(verification);
  const must = summary.toMend.filter(({ level }) => level === 'MUST');
  const should = summary.toMend.filter(({ level }) => level === 'SHOULD');
  const waived = results.filter((result) => stateOf(result) === 'waived');
  const next = nextToMend(summary);
  return [
    ...wrap(`${printable(target.name)} (${target.kind}), ${date}, ${seconds(ms)}`, WIDTH),
    '',
    ...scorecard(summary.factors, summary.must, paint),
    ...section(
      'Broken',
      must.map((result) => ruleLines(result, 'red', paint)),
      paint,
    ),
    ...section(
      'Advice',
      should.map((result) => ruleLines(result, 'yellow', paint)),
      paint,
    ),
    ...section(
      'Waived',
      waived.map((result) => ruleLines(result, 'yellow', paint)),
      paint,
    ),
    ...list(
      'Problems',
      findings.map(({ rule, message }) => `${rule}: ${message}`),
      paint,
    ),
    ...list('Notes', notes, paint),
    ...list('Looked at twice', secondLooks(results), paint),
    ...list(
      'Not looked at',
      skippedByReason(results).map(([reason, ids]) => `${ids.join(', ')}: ${reason}`),
      paint,
    ),
    ...wrap(verdict(verification, summary), WIDTH).map((line) => paint(verification.ok ? 'green' : 'red', line)),
    ...(next === undefined
      ? []
      : labelled('Next to mend: ', next, { indent: '', width: WIDTH }).map((line) => paint('bold', line))),
  ].join('\n');
}

/** One line for each factor: the numbers of its MUST rules, one sign for every rule, and the rules to mend. */
function scorecard(factors: readonly FactorSummary[], total: Tally, paint: Paint): string[] {
  const name = Math.max(...factors.map(({ factor }) => factor.length), 'MUST rules'.length);
  const picture = Math.max(...factors.map(({ results }) => results.length), 'rules'.length);
  const columns = (first: string, numbers: readonly (string | number)[]) =>
    [first.padEnd(name), ...numbers.map((text, at) => String(text).padStart([4, 6, 6, 7][at] ?? 0))].join('  ');
  const numbers = ({ kept, broken, waived, skipped }: Tally) =>
    columns(
      '',
      [kept, broken, waived, skipped].map((one) => one || '.'),
    ).slice(name);
  const rows = factors.map(({ factor, must, results }) => {
    const toMend = results.filter((result) => stateOf(result) === 'broken').map(({ id }) => id);
    const signs = results.map((result) => sign(result, paint)).join('');
    const start = `${factor.padEnd(name)}${numbers(must)}  ${signs}`;
    const gap = ' '.repeat(picture - results.length + 2);
    return toMend.length === 0 ? start : `${start}${gap}${paint('red', toMend.join(' '))}`;
  });
  return [
    paint(
      'bold',
      `${columns('MUST rules', ['kept', 'broken', 'waived', 'skipped'])}  ${'rules'.padEnd(picture)}  to mend`,
    ),
    ...rows,
    paint('bold', `${columns('all', [total.kept, total.broken, total.waived, total.skipped])}`),
    '',
    paint('dim', LEGEND),
    '',
  ];
}

const SIGNS: Readonly<Record<State, readonly [sign: string, style: Style]>> = {
  kept: ['#', 'green'],
  broken: ['X', 'red'],
  waived: ['w', 'yellow'],
  skipped: ['-', 'dim'],
};

function sign(result: RuleResult, paint: Paint): string {
  const state = stateOf(result);
  const [text, style] = state === 'broken' && result.level === 'SHOULD' ? (['!', 'yellow'] as const) : SIGNS[state];
  return paint(style, text);
}

function ruleLines(result: RuleResult, style: Style, paint: Paint): string[] {
  const { id, factor, statement, why, mend, waived } = result;
  const { shown, more } = failures(result);
  const beside = { indent: '  ', width: WIDTH };
  return [
    `${paint(style, id)}  ${factor}, ${describeLevel(result)}`,
    ...labelled('', statement, beside),
    ...shown.flatMap(({ sent, expected, got }) => [
      ...labelled('  sent      ', oneLine(sent, MAX_TEXT), beside),
      ...labelled('  expected  ', oneLine(expected, MAX_TEXT), beside),
      ...labelled('  got       ', oneLine(got, MAX_TEXT), beside).map((line) => paint(style, line)),
    ]),
    ...(more > 0 ? [`    and ${more} more; --format json has all`] : []),
    ...labelled('Why     ', why, beside),
    ...labelled('Mend    ', mend, beside),
    ...(waived ? labelled('Waived  ', printable(describeWaiver(waived)), beside) : []),
  ];
}

function section(title: string, items: readonly (readonly string[])[], paint: Paint): string[] {
  if (items.length === 0) return [];
  return [paint('bold', title), '', ...items.flatMap((lines) => [...lines, ''])];
}

function list(title: string, items: readonly string[], paint: Paint): string[] {
  if (items.length === 0) return [];
  return [
    paint('bold', title),
    ...items.flatMap((item) => labelled('', printable(item), { indent: '  ', width: WIDTH })),
    '',
  ];
}
