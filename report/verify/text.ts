import { styleText } from 'node:util';
import { type FactorSummary, type State, stateOf, summarise, type Tally } from '../../contract/judge/summarise.ts';
import type { RuleResult, Verification } from '../../contract/judge/verification.ts';
import { printable } from '../../engine/core/errors.ts';
import { labelled, wrap } from '../parts/wrap.ts';
import type { ReportSettings } from './settings.ts';
import {
  describeLevel,
  describeProfile,
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

/** What the signs of the scorecard mean. One of them is there with a baseline only. */
function legend(baseline: string | undefined): string[] {
  const known = baseline === undefined ? '' : '   = known: broken in the baseline too';
  return ['# kept   ~ kept in part   X broken   ! advice (a SHOULD rule)   w waived', `- not looked at${known}`];
}

/** For people: a scorecard by factor, the broken rules and how to mend them, and the verdict at the end. */
export function verifyText(verification: Verification, { colour = false }: ReportSettings): string {
  const paint: Paint = colour ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text;
  const { target, date, ms, results, findings, notes } = verification;
  const summary = summarise(verification);
  const must = summary.toMend.filter(({ level }) => level === 'MUST');
  const should = summary.toMend.filter(({ level }) => level === 'SHOULD');
  const inState = (state: State) => results.filter((result) => stateOf(result) === state);
  const next = nextToMend(summary);
  return [
    ...wrap(
      `${printable(target.name)} (${target.kind}), ${describeProfile(verification)}, ${date}, ${seconds(ms)}`,
      WIDTH,
    ),
    '',
    ...scorecard(summary.factors, summary.must, legend(verification.baseline), paint),
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
      inState('waived').map((result) => ruleLines(result, 'yellow', paint)),
      paint,
    ),
    ...section(
      `Known: broken in the baseline of ${verification.baseline} too`,
      inState('known').map((result) => ruleLines(result, 'yellow', paint)),
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

/** The columns of the scorecard. */
const COLUMNS: readonly (readonly [state: State, title: string])[] = [
  ['kept', 'kept'],
  ['partly', 'in part'],
  ['broken', 'broken'],
  ['known', 'known'],
  ['waived', 'waived'],
  ['skipped', 'skipped'],
];
/** The columns that are there without a number too. */
const ALWAYS: readonly State[] = ['kept', 'broken', 'skipped'];

/** One line for each factor: the numbers of its MUST rules, one sign for every rule, and the rules to mend. */
function scorecard(factors: readonly FactorSummary[], total: Tally, signs: readonly string[], paint: Paint): string[] {
  const name = Math.max(...factors.map(({ factor }) => factor.length), 'MUST rules'.length);
  const wide = Math.max(...factors.map(({ results }) => results.length), 'rules'.length);
  const shown = COLUMNS.filter(([state]) => ALWAYS.includes(state) || total[state] > 0);
  const columns = (first: string, texts: readonly (string | number)[]) =>
    [first.padEnd(name), ...texts.map((text, at) => String(text).padStart(shown[at]?.[1].length ?? 0))].join('  ');
  const numbers = (tally: Tally) =>
    columns(
      '',
      shown.map(([state]) => tally[state] || '.'),
    ).slice(name);
  const rows = factors.map(({ factor, must, results }) => {
    const toMend = results.filter((result) => stateOf(result) === 'broken').map(({ id }) => id);
    const picture = results.map((result) => sign(result, paint)).join('');
    const start = `${factor.padEnd(name)}${numbers(must)}  ${picture}`;
    const gap = ' '.repeat(wide - results.length + 2);
    return toMend.length === 0 ? start : `${start}${gap}${paint('red', toMend.join(' '))}`;
  });
  return [
    paint(
      'bold',
      `${columns(
        'MUST rules',
        shown.map(([, title]) => title),
      )}  ${'rules'.padEnd(wide)}  to mend`,
    ),
    ...rows,
    paint(
      'bold',
      columns(
        'all',
        shown.map(([state]) => total[state]),
      ),
    ),
    '',
    ...signs.map((line) => paint('dim', line)),
    '',
  ];
}

const SIGNS: Readonly<Record<State, readonly [sign: string, style: Style]>> = {
  kept: ['#', 'green'],
  partly: ['~', 'green'],
  broken: ['X', 'red'],
  known: ['=', 'yellow'],
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
