import { stateOf, summarise } from '../../contract/judge/summarise.ts';
import type { RuleResult, Verification, VerificationFinding } from '../../contract/judge/verification.ts';
import { escapeXml } from '../parts/xml.ts';
import { describeLevel, describeWaiver, failures, oneLine, reservations } from './wording.ts';

/** Characters of one observation that are shown. */
const MAX_TEXT = 500;

/**
 * JUnit XML for CI servers: one suite for each factor, one case for each rule. A broken MUST rule is a failure. Advice,
 * waived rules and rules that were not checked are skipped cases with the reason. One that is kept in part passes, with a
 * property that says so. Names of cases do not contain the
 * target, so that a CI server recognises them in the next run.
 */
export function verifyJunit(verification: Verification): string {
  const { target, ms, results, findings } = verification;
  const { factors } = summarise({ results });
  const suites = factors.map(({ factor, results: own }) => {
    const cases = own.map(ruleCase);
    const took = own.reduce((sum, result) => sum + result.ms, 0);
    return suite(factor, cases, took, verification);
  });
  if (findings.length > 0) suites.push(suite('Problems', findings.map(findingCase), 0, verification));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeXml(`verify ${target.name}`)}" ${totals(suites.flatMap(({ cases }) => cases))} time="${time(ms)}">`,
    ...suites.map(({ xml }) => xml),
    '</testsuites>',
  ].join('\n');
}

interface Case {
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly xml: string;
}

function suite(
  name: string,
  cases: readonly Case[],
  ms: number,
  { date, profile, rules }: Verification,
): { xml: string; cases: readonly Case[] } {
  const head = `name="${escapeXml(name)}" ${totals(cases)} timestamp="${date}T00:00:00" time="${time(ms)}"`;
  const about = `    ${properties({ profile, rules: String(rules) })}`;
  return { cases, xml: [`  <testsuite ${head}>`, about, ...cases.map(({ xml }) => xml), '  </testsuite>'].join('\n') };
}

function properties(values: Readonly<Record<string, string>>): string {
  const all = Object.entries(values).map(([name, value]) => `<property name="${name}" value="${escapeXml(value)}"/>`);
  return `<properties>${all.join('')}</properties>`;
}

function totals(cases: readonly Case[]): string {
  const number = (outcome: Case['outcome']) => cases.filter((one) => one.outcome === outcome).length;
  return `tests="${cases.length}" failures="${number('failed')}" errors="0" skipped="${number('skipped')}"`;
}

function ruleCase(result: RuleResult): Case {
  const { id, factor, statement, level, reason = '', waived } = result;
  const open = `    <testcase classname="${classOf(factor)}" name="${escapeXml(`${id} ${statement}`)}" time="${time(result.ms)}"`;
  const skipped = (message: string): Case => ({
    outcome: 'skipped',
    xml: `${open}>\n      <skipped message="${escapeXml(message)}"/>${output(result)}\n    </testcase>`,
  });
  const state = stateOf(result);
  if (state === 'kept') {
    const rest = output(result);
    return { outcome: 'passed', xml: rest === '' ? `${open}/>` : `${open}>${rest}\n    </testcase>` };
  }
  // JUnit has no such outcome: the case passes, and a property says how.
  if (state === 'partly') {
    const how = properties({ outcome: 'kept in part' });
    return { outcome: 'passed', xml: `${open}>\n      ${how}${output(result)}\n    </testcase>` };
  }
  if (state === 'skipped') return skipped(reason);
  if (state === 'known') return skipped('known: broken in the baseline too');
  if (waived) return skipped(`waived ${describeWaiver(waived)}`);
  if (level === 'SHOULD') return skipped('broken, and a SHOULD rule: advice');
  const [first] = failures(result).shown;
  const message = first ? oneLine(`${first.sent}: expected ${first.expected}, got ${first.got}`, MAX_TEXT) : statement;
  return {
    outcome: 'failed',
    xml: `${open}>\n      <failure type="${level}" message="${escapeXml(message)}">${escapeXml(details(result))}</failure>\n    </testcase>`,
  };
}

/** Observations of a case that does not fail, and what was not checked. */
function output(result: RuleResult): string {
  const text = result.outcome === 'broken' ? details(result) : reservations(result).join('\n');
  return text === '' ? '' : `\n      <system-out>${escapeXml(text)}</system-out>`;
}

function details(result: RuleResult): string {
  const { shown, more } = failures(result);
  return [
    ...shown.flatMap(({ sent, expected, got }) => [
      `sent      ${sent}`,
      `expected  ${expected}`,
      `got       ${got}`,
      '',
    ]),
    ...(more > 0 ? [`and ${more} more`, ''] : []),
    ...reservations(result),
    `Level: ${describeLevel(result)}`,
    `Why: ${result.why}`,
    `How to mend it: ${result.mend}`,
  ].join('\n');
}

function findingCase({ rule, path, line, message }: VerificationFinding): Case {
  const text = escapeXml(message);
  // The line makes the name of a waiver's problem unique.
  const name = path === undefined ? rule : `${rule} ${path}${line === undefined ? '' : `:${line}`}`;
  return {
    outcome: 'failed',
    xml: `    <testcase classname="${classOf('Problems')}" name="${escapeXml(name)}" time="0.000">\n      <failure type="MUST" message="${text}">${text}</failure>\n    </testcase>`,
  };
}

/** CI servers split a class name at the last dot, so the suite's own dots are removed. */
function classOf(suite: string): string {
  return escapeXml(`contract.${suite.replaceAll('.', '')}`);
}

function time(ms: number): string {
  return (ms / 1000).toFixed(3);
}
