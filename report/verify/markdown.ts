import { type FactorSummary, type State, stateOf, summarise } from '../../contract/judge/summarise.ts';
import type { RuleResult, Verification } from '../../contract/judge/verification.ts';
import { codeBlock, codeSpan } from '../parts/markdown.ts';
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

/** A comment on GitHub has at most 65,536 characters. */
const MAX_LENGTH = 60_000;
/** Characters of one observation that are shown. `json` has more. */
const MAX_TEXT = 500;

/**
 * For a comment on a pull request or the summary of a CI job. Output of a service is in code blocks, in which a code
 * host finds no markup and no mention of a person.
 */
export function verifyMarkdown(verification: Verification): string {
  const { ok, target, date, ms, baseline, results, findings, notes } = verification;
  const summary = summarise(verification);
  const next = nextToMend(summary);
  const letBe = results.filter((result) => ['known', 'waived'].includes(stateOf(result)));
  const skipped = skippedByReason(results);
  const bullets = (title: string, items: readonly string[]) =>
    items.length === 0 ? [] : [`### ${title}`, items.map((item) => `- ${item}`).join('\n')];
  const blocks = [
    `## ${ok ? '✅' : '❌'} Service contract`,
    codeBlock([verdict(verification, summary)]),
    ...(next === undefined ? [] : [`**Next to mend:** ${next}`]),
    factorTable(summary.factors, baseline),
    ...[...summary.toMend, ...letBe].map(ruleBlock),
    ...bullets(
      'Problems',
      findings.map(({ rule, message }) => `**${rule}**: ${codeSpan(message)}`),
    ),
    ...bullets('Notes', notes.map(codeSpan)),
    ...bullets('Looked at twice', secondLooks(results)),
    ...bullets(
      'Not looked at',
      skipped.map(([reason, ids]) => `${ids.join(', ')}: ${codeSpan(reason)}`),
    ),
  ];
  const end = `create-twelve-service ${verification.version}, ${describeProfile(verification)}, ${target.kind}, ${date}, ${seconds(ms)}`;
  return [...fitting(blocks), `<sub>${end}</sub>`].join('\n\n');
}

const MARKS: Readonly<Record<State, string>> = {
  kept: '✅',
  partly: '🔵',
  broken: '❌',
  known: '🟤',
  waived: '🟡',
  skipped: '⚪',
};

function mark(result: RuleResult): string {
  const state = stateOf(result);
  return state === 'broken' && result.level === 'SHOULD' ? '⚠️' : MARKS[state];
}

function factorTable(factors: readonly FactorSummary[], baseline: string | undefined): string {
  const known = baseline === undefined ? '' : `, 🟤 broken in the baseline of ${baseline} too`;
  const rows = factors.map(({ factor, must, results }) => {
    const cells = [
      factor,
      results.map((result) => `${mark(result)} ${result.id}`).join(' '),
      must.kept,
      must.partly,
      must.broken,
      ...(baseline === undefined ? [] : [must.known]),
      must.waived,
      must.skipped,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    `| factor | rules | MUST kept | in part | broken | ${baseline === undefined ? '' : 'known | '}waived | skipped |`,
    `|---|---|---:|---:|---:|---:|---:|${baseline === undefined ? '' : '---:|'}`,
    ...rows,
    '',
    `✅ kept, 🔵 kept in part, ❌ broken, ⚠️ advice (a SHOULD rule)${known}, 🟡 waived, ⚪ not looked at`,
  ].join('\n');
}

function ruleBlock(result: RuleResult): string {
  const { id, factor, statement, why, mend, waived } = result;
  const { shown, more } = failures(result);
  const seen = shown.map(({ sent, expected, got }) =>
    codeBlock(
      [
        `sent      ${oneLine(sent, MAX_TEXT)}`,
        `expected  ${oneLine(expected, MAX_TEXT)}`,
        `got       ${oneLine(got, MAX_TEXT)}`,
      ],
      'text',
    ),
  );
  return [
    `<details><summary>${mark(result)} <b>${id}</b> ${factor}, ${describeLevel(result)}</summary>`,
    statement,
    ...(waived ? [`**Waived** ${codeSpan(describeWaiver(waived))}`] : []),
    ...seen,
    ...(more > 0 ? [`and ${more} more`] : []),
    `*Why:* ${why}`,
    `*How to mend it:* ${mend}`,
    '</details>',
  ].join('\n\n');
}

/** The blocks that fit, and a line with the number of those that do not. */
function fitting(blocks: readonly string[]): string[] {
  const fits: string[] = [];
  let length = 0;
  for (const block of blocks) {
    if (length + block.length > MAX_LENGTH) continue;
    fits.push(block);
    length += block.length + 2;
  }
  const left = blocks.length - fits.length;
  return left === 0 ? fits : [...fits, `${left} more parts are too long for a comment; \`--format json\` has all.`];
}
