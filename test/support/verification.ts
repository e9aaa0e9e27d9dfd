import type { Evidence } from '../../contract/evidence.ts';
import { type Expectations, judge } from '../../contract/judge/judge.ts';
import type { Result } from '../../contract/result.ts';
import { rules } from '../../contract/rules/index.ts';
import type { Report } from '../../contract/verify.ts';
import type { Waiver, Waivers } from '../../engine/core/audit/waiver.ts';

/** The result of a rule. Without evidence, it has one observation, which was as expected. */
interface Seen extends Partial<Pick<Result, 'reason' | 'again' | 'leftOut' | 'ms'>> {
  readonly outcome?: Result['outcome'];
  readonly evidence?: readonly Evidence[];
}

/** An unexpected observation. */
export const unexpected = (sent: string, expected: string, got: string): Evidence => ({
  sent,
  expected,
  got,
  ok: false,
  ms: 1230,
});

const EXPECTED: Evidence = { sent: 'GET /health/live', expected: '200', got: '200', ok: true, ms: 41 };

/** The real rules, all kept except the named ones. */
export function makeReport(
  seen: Readonly<Record<string, Seen>> = {},
  target: { readonly name?: string; readonly env?: Readonly<Record<string, string>> } = {},
  more: Partial<Report> = {},
): Report {
  return {
    variables: [],
    target: { kind: 'process', name: 'orders', folder: '/srv/orders', command: ['/srv/orders/main'], ...target },
    results: rules.map((rule, at): Result => {
      const { leftOut } = seen[rule.id] ?? {};
      const {
        outcome = leftOut ? 'partly' : 'kept',
        evidence = outcome === 'skipped' ? [] : [EXPECTED],
        ...more
      } = seen[rule.id] ?? {};
      return { rule, outcome, evidence, ms: outcome === 'skipped' ? 0 : 137 * (1 + (at % 9)), ...more };
    }),
    ms: 24_137,
    ...more,
  };
}

export const broken = (...evidence: readonly Evidence[]): Seen => ({ outcome: 'broken', evidence });

export const waiverOf = (rule: string, more: Partial<Waiver> = {}): Waiver => ({
  rule,
  reason: 'the fix waits for the next release',
  owner: 'team-payments',
  expires: '2026-06-30',
  line: 2,
  ...more,
});

/** A service with some broken rules, as in the documentation. */
export const REALISTIC = makeReport({
  'II-2': { outcome: 'skipped', reason: 'the target is not an image' },
  'V-1': { outcome: 'skipped', reason: 'the target is not an image' },
  'V-2': { outcome: 'skipped', reason: 'the target is not an image' },
  'V-3': { outcome: 'skipped', reason: 'the target is not an image' },
  'IX-4': { outcome: 'skipped', reason: 'the target is not an image' },
  'III-1': broken(
    unexpected('web with bad PORT, LOG_LEVEL, SHUTDOWN_TIMEOUT_MS', 'exit 78', 'exit 1'),
    unexpected(
      'web with bad PORT, LOG_LEVEL, SHUTDOWN_TIMEOUT_MS',
      'one JSON line, event.name = config.invalid',
      'Error: PORT must be a number\n    at readConfig (/srv/orders/dist/config.js:14:11)\n    at main (/srv/orders/dist/main.js:8:18)',
    ),
  ),
  'IV-2': broken(
    unexpected('the database is connected and silent: GET /health/ready', '503 within 2000 ms', 'not within 4 s'),
    unexpected(
      'the database that was connected and silent is back: GET /health/ready',
      '200 within 6 s, the same process',
      'not within 6 s',
    ),
  ),
  'IX-2': {
    ...broken(
      unexpected('SIGTERM: the second half of a request body, after the delay', 'a 2xx answer', 'read ECONNRESET'),
      unexpected('SIGTERM: the end of the process', 'exit 0 within 3 s of the signal', 'exit 143 after 6 ms'),
    ),
    again: true,
    ms: 5210,
  },
  'XI-3': broken(
    unexpected(
      'credentials in a query of no route',
      'a line is logged and does not show them',
      '{"time":"2026-01-02T09:14:03.114Z","level":"warn","msg":"not found","url":"/no/such/route?token=hunter2-do-not-log"}',
    ),
  ),
  'H-2': broken(
    unexpected(
      'POST /orders with malformed JSON',
      '400 application/problem+json',
      '400 text/html: SyntaxError: Unexpected token } in JSON at position 14',
    ),
  ),
  'H-5': broken(unexpected('GET /metrics', '200 text/plain', '404 application/problem+json')),
});

/** Text that becomes markup, a link, a mention or a colour if it is not escaped. */
export const EVIL =
  '<script>alert("1")</script>\'&]]>\u001b[31m\u009b2J\u202e\uFFFE| [x](javascript:1) ![y](http://h/p.png) {0} ` `` ``` @team #1 </details>\r\n# h\n</failure>';
const SKIPPED = { outcome: 'skipped', reason: EVIL } as const;

/** A service with this text in all its output. */
export const HOSTILE = makeReport(
  {
    'II-1': SKIPPED,
    'IX-2': { ...broken(unexpected(EVIL, EVIL, EVIL), ...Array(7).fill(unexpected('a', 'b', 'c'))), again: true },
    'IX-3': broken(unexpected(EVIL, EVIL, EVIL)),
    'H-5': broken(unexpected(EVIL, EVIL, EVIL)),
  },
  { name: EVIL },
);

export const HOSTILE_WAIVERS: Waivers = {
  waivers: [
    waiverOf('IX-3', { reason: EVIL, owner: EVIL }),
    waiverOf('I-1', { owner: EVIL }),
    waiverOf('H-1', { expires: '2026-01-01', reason: EVIL, owner: EVIL }),
  ],
  problems: [{ line: 3, reason: EVIL }],
};

/** A service that could not be observed. */
export const nothingSeen = makeReport(
  Object.fromEntries(rules.map(({ id }) => [id, { outcome: 'skipped', reason: 'no image' } as const])),
);

/** A report on a fixed day from version 1.0.0 of this program, without a policy. */
export const judged = (
  report: Report,
  waivers: Waivers = { waivers: [], problems: [] },
  more: Partial<Expectations> = {},
) => judge(report, { date: '2026-01-02', version: '1.0.0', must: [], waivers, ...more });

export const hostile = judged(HOSTILE, HOSTILE_WAIVERS);
export const good = judged(makeReport());
export const realistic = judged(REALISTIC, { waivers: [waiverOf('H-2'), waiverOf('S-1')], problems: [] });
