import { describe, expect, it } from 'vitest';
import { type Expectations, exitCode, judge } from '../../contract/judge/judge.ts';
import { inMendingOrder, PREFERRED } from '../../contract/judge/mend-order.ts';
import { summarise } from '../../contract/judge/summarise.ts';
import { rules } from '../../contract/rules/index.ts';
import type { Report } from '../../contract/verify.ts';
import { parseWaivers } from '../../engine/core/audit/waiver.ts';
import { broken, makeReport, unexpected, waiverOf } from '../support/verification.ts';

const BROKEN = broken(unexpected('SIGTERM', 'exit 0', 'exit 143'));
const NONE = { waivers: [], problems: [] };

function judged(report: Report, expectations: Partial<Expectations> = {}) {
  const verification = judge(report, {
    waivers: NONE,
    must: [],
    date: '2026-01-02',
    version: '1.0.0',
    ...expectations,
  });
  const of = (id: string) => verification.results.find((result) => result.id === id);
  return { ...verification, of, exit: exitCode(verification) };
}

const waiving = (...waivers: ReturnType<typeof waiverOf>[]) => ({ waivers: { waivers, problems: [] } });

describe('the exit code', () => {
  it('is 0 if every rule is kept', () => {
    expect(judged(makeReport())).toMatchObject({ ok: true, exit: 0, findings: [], notes: [] });
  });

  it('is 0 with a MUST rule that is kept in part', () => {
    const verification = judged(makeReport({ 'IX-2': { leftOut: ['a write: no route takes one'] } }));
    expect(verification.of('IX-2')).toMatchObject({ outcome: 'partly', leftOut: ['a write: no route takes one'] });
    expect(verification.exit).toBe(0);
    expect(summarise(verification)).toMatchObject({ must: { partly: 1, broken: 0 }, toMend: [] });
  });

  it('is 4 with one MUST rule that is broken', () => {
    expect(judged(makeReport({ 'IX-2': BROKEN }))).toMatchObject({ ok: false, exit: 4 });
  });

  it('is 0 with a SHOULD rule that is broken: advice', () => {
    const verification = judged(makeReport({ 'H-5': BROKEN }));
    expect(verification.of('H-5')?.outcome).toBe('broken');
    expect(verification.exit).toBe(0);
  });

  it('is 4 if the policy of a preset calls that rule a MUST', () => {
    const verification = judged(makeReport({ 'H-5': BROKEN }), { must: ['H-5', 'IX-2'] });
    expect(verification.of('H-5')).toMatchObject({ level: 'MUST', raised: true });
    expect(verification.of('IX-2')).not.toHaveProperty('raised');
    expect(verification.exit).toBe(4);
  });

  it('is 0 with rules that were not looked at, and 4 if none was', () => {
    const skipped = { outcome: 'skipped', reason: 'no image' } as const;
    expect(judged(makeReport({ 'V-1': skipped })).exit).toBe(0);
    const nothing = Object.fromEntries(rules.map(({ id }) => [id, skipped]));
    expect(judged(makeReport(nothing)).exit).toBe(4);
    expect(judged(makeReport({ ...nothing, 'H-5': {} })).exit).toBe(4);
    expect(judged(makeReport(nothing)).findings).toEqual([
      { rule: 'verify/nothing', message: 'no MUST rule could be looked at' },
    ]);
  });

  it('is 0 if only advice was asked for and looked at, and 4 if it was not looked at', () => {
    const only = (seen: Parameters<typeof makeReport>[0]) => {
      const report = makeReport(seen);
      return judged({ ...report, results: report.results.filter(({ rule }) => rule.id === 'H-5') });
    };
    expect(only({}).exit).toBe(0);
    expect(only({ 'H-5': BROKEN }).exit).toBe(0);
    const skipped = only({ 'H-5': { outcome: 'skipped', reason: 'no image' } });
    expect(skipped.findings).toMatchObject([{ rule: 'verify/nothing', message: 'no rule could be looked at' }]);
    expect(skipped.exit).toBe(4);
  });
});

it('a verification that lacks a backing service is 4: what is left proves little', () => {
  const { exit, findings } = judged(makeReport({}, {}, { lacks: 'needs PostgreSQL' }));
  expect({ exit, findings }).toEqual({ exit: 4, findings: [{ rule: 'verify/backing', message: 'needs PostgreSQL' }] });
});

it('a verification on a machine that was too busy is 4: not everything could be looked at', () => {
  const { exit, findings } = judged(makeReport({}, {}, { busy: 'too busy' }));
  expect({ exit, findings }).toEqual({ exit: 4, findings: [{ rule: 'verify/busy', message: 'too busy' }] });
});

it('a verification that was cut short is 4, whatever it has seen', () => {
  const { exit, findings } = judged(makeReport({}, {}, { cut: 'the time was over' }));
  expect({ exit, findings }).toEqual({ exit: 4, findings: [{ rule: 'verify/timeout', message: 'the time was over' }] });
});

describe('a waiver', () => {
  it('waives a broken rule until its last day', () => {
    const report = makeReport({ 'IX-2': BROKEN });
    const waivers = waiving(waiverOf('IX-2'));
    const verification = judged(report, { ...waivers, date: '2026-06-30' });
    expect(verification.of('IX-2')).toMatchObject({
      outcome: 'broken',
      waived: { owner: 'team-payments', expires: '2026-06-30', reason: 'the fix waits for the next release' },
    });
    expect(verification).toMatchObject({ exit: 0, notes: [], findings: [] });
    expect(summarise(verification)).toMatchObject({ must: { waived: 1, broken: 0 }, toMend: [] });
  });

  it('that has expired waives nothing, and is a finding itself, also if the rule is kept', () => {
    const waivers = waiving(waiverOf('IX-2'));
    const expired = judged(makeReport({ 'IX-2': BROKEN }), { ...waivers, date: '2026-07-01' });
    expect(expired.of('IX-2')).not.toHaveProperty('waived');
    expect(expired.findings).toMatchObject([{ rule: 'waiver/expired', path: '.twelve-waivers.yaml', line: 2 }]);
    expect(expired.exit).toBe(4);
    expect(judged(makeReport(), { ...waivers, date: '2026-07-01' })).toMatchObject({ exit: 4, notes: [] });
  });

  it('of another rule waives nothing', () => {
    expect(judged(makeReport({ 'IX-2': BROKEN }), waiving(waiverOf('IX-3'))).exit).toBe(4);
  });

  it('of a rule that is kept is reported as no longer needed; of one that was not looked at it is not', () => {
    expect(judged(makeReport(), waiving(waiverOf('IX-2')))).toMatchObject({
      exit: 0,
      notes: [expect.stringMatching(/waiver of IX-2 .*no longer needed/)],
    });
    const skipped = makeReport({ 'IX-2': { outcome: 'skipped', reason: 'none' } });
    expect(judged(skipped, waiving(waiverOf('IX-2'))).notes).toEqual([]);
    // What is waived may be the part that was not seen.
    const partly = makeReport({ 'IX-2': { leftOut: ['a write'] } });
    expect(judged(partly, waiving(waiverOf('IX-2'))).notes).toEqual([]);
  });

  it('that names files waives nothing, which is reported', () => {
    const verification = judged(makeReport({ 'IX-2': BROKEN }), waiving(waiverOf('IX-2', { path: 'src/**' })));
    expect(verification.exit).toBe(4);
    expect(verification.notes).toEqual([expect.stringContaining('waives nothing')]);
  });

  it.each([
    ['off', 'waivers:\n  - { rule: "off", reason: a, owner: b, expires: 2999-01-01 }\n', /no rule "off"/],
    ['all', 'waivers:\n  - { rule: "*", reason: a, owner: b, expires: 2999-01-01 }\n', /no rule "\*"/],
    [
      'a rule that there is not',
      'waivers:\n  - { rule: IX-99, reason: a, owner: b, expires: 2999-01-01 }\n',
      /no rule "IX-99"/,
    ],
    ['without a day', 'waivers:\n  - { rule: IX-2, reason: a, owner: b }\n', /has no expires/],
    ['broken YAML', 'waivers: [', /./],
  ])('%s fails', async (_, text, message) => {
    const verification = judged(makeReport(), { waivers: await parseWaivers(text) });
    expect(verification.findings).toMatchObject([
      { rule: 'waiver/malformed', message: expect.stringMatching(message) },
    ]);
    expect(verification.exit).toBe(4);
  });

  it('of drift or of a policy is not for a verification', () => {
    const verification = judged(makeReport(), {
      ...waiving(waiverOf('drift'), waiverOf('policy/base-image')),
      date: '2027-01-01',
    });
    expect(verification).toMatchObject({ exit: 0, findings: [], notes: [] });
  });
});

it('a waiver can name every rule', async () => {
  const list = rules.map(({ id }) => `  - { rule: ${id}, reason: a, owner: b, expires: 2999-01-01 }`);
  const { waivers, problems } = await parseWaivers(`waivers:\n${list.join('\n')}\n`);
  expect(problems).toEqual([]);
  expect(waivers).toHaveLength(rules.length);
});

it('a policy that names an unknown rule is reported', () => {
  const verification = judged(makeReport(), { must: ['H-99'] });
  expect(verification).toMatchObject({ exit: 0, notes: [expect.stringContaining('H-99')] });
});

it('what was not read is reported, without secrets', () => {
  const notes = ['the policy of @acme/preset was not read: https://me:t0ps3cret@git does not answer'];
  expect(judged(makeReport(), { notes })).toMatchObject({
    exit: 0,
    notes: ['the policy of @acme/preset was not read: https://***@git does not answer'],
  });
});

describe('what is to be mended', () => {
  it('is in an order: MUST first, what keeps a service from starting, what is lost, what leaks, releases, the rest', () => {
    const seen = Object.fromEntries(['I-1', 'II-1', 'IX-2', 'VI-2', 'VII-1', 'XI-3', 'H-5'].map((id) => [id, BROKEN]));
    const ids = (must: readonly string[]) => summarise(judged(makeReport(seen), { must })).toMend.map(({ id }) => id);
    expect(ids([])).toEqual(['VII-1', 'VI-2', 'XI-3', 'IX-2', 'I-1', 'II-1', 'H-5']);
    expect(ids(['H-5'])).toEqual(['VII-1', 'VI-2', 'XI-3', 'IX-2', 'I-1', 'II-1', 'H-5']);
    expect(
      inMendingOrder([
        { id: 'VII-1', level: 'SHOULD' },
        { id: 'I-1', level: 'MUST' },
      ]),
    ).toMatchObject([{ id: 'I-1' }, {}]);
  });

  it('names only rules that exist, each once', () => {
    const known = rules.map(({ id }) => id);
    expect(PREFERRED.filter((id) => !known.includes(id))).toEqual([]);
    expect(new Set(PREFERRED).size).toBe(PREFERRED.length);
  });
});

describe('secrets', () => {
  const TARGET = {
    env: {
      DATABASE_URL: 'postgres://orders:sw%2Fordfish@db/orders',
      STRIPE_TOKEN: 'abc-live-1',
      PORT: '8080',
      SIGNING_KEY: '--- BEGIN ---\nMIIEvQIBADANBg\n--- END ---',
      DB_PASS: 'a"b\\c d/e',
    },
    headers: { Authorization: 'Custom let-me-in' },
  };
  const got = (text: string) => {
    const report = makeReport({ 'IX-2': broken(unexpected(text, text, text)) }, { ...TARGET, name: text });
    const { target, results } = judged(report, waiving(waiverOf('IX-2', { reason: text, owner: text })));
    const { evidence, waived } = results.find(({ id }) => id === 'IX-2') ?? {};
    const { sent, expected, got } = evidence?.[0] ?? {};
    expect(new Set([sent, expected, got, waived?.reason, waived?.owner, target.name]).size).toBe(1);
    return got;
  };

  it.each([
    ['what the service was given', 'bad token abc-live-1', 'bad token ***'],
    ['many lines, as a JSON log has them', 'key --- BEGIN ---\\nMIIEvQIBADANBg\\n--- END ---', 'key ***'],
    ['one line of many', 'key MIIEvQIBADANBg', 'key ***'],
    ['signs that JSON escapes', 'as a\\"b\\\\c d/e', 'as ***'],
    ['signs that a URL escapes', 'at /a%22b%5Cc%20d%2Fe', 'at /***'],
    ['a header that is sent', 'Custom let-me-in and let-me-in', '*** and ***'],
    ['a password, decoded', 'password sw/ordfish refused', 'password *** refused'],
    ['a password, as it is in the URL', 'sw%2Fordfish', '***'],
    ['credentials of another URL', 'cannot reach redis://:pa/ss@cache:6379/0', 'cannot reach redis://***@cache:6379/0'],
    ['a query', 'GET /pay?token=t0ps3cret&page=2', 'GET /pay?token=***&page=2'],
    ['a query with a longer name', 'GET /x?access_token=t0ps3cret', 'GET /x?access_token=***'],
    ['JSON', '{"clientSecret":"a\\"b c","n":1}', '{"clientSecret":"***","n":1}'],
    ['a header', 'authorization: Bearer abcdefghij', 'authorization: Bearer ***'],
  ])('%s: no report has it', (_, text, shown) => expect(got(text)).toBe(shown));

  const shownOf = (name: string, variables: Report['variables'] = []) => {
    const seen = { 'IX-2': broken(unexpected('a', 'b', 'bad value abc-live-1')) };
    const report = makeReport(seen, { env: { [name]: 'abc-live-1' } }, { variables });
    return judged(report).of('IX-2')?.evidence[0]?.got;
  };

  it.each([
    'ENCRYPTION_KEY',
    'apiKey',
    'api-key',
    'STRIPE_KEY_LIVE',
    'DB_PASS',
    'db_password',
    'MYSQL_PWD',
    'PASSPHRASE',
    'AWS_CREDENTIALS',
    'PRIVATE_PEM',
    'jwtSecret',
    'github_token',
  ])('the value of %s is one', (name) => expect(shownOf(name)).toBe('bad value ***'));

  it.each(['LOG_LEVEL', 'KEYCLOAK_HOST', 'COMPASSION', 'GREETING'])('the value of %s is not a secret', (name) =>
    expect(shownOf(name)).toBe('bad value abc-live-1'),
  );

  it('a variable that the service calls secret is one, whatever its name', () => {
    expect(shownOf('PIN', [{ name: 'PIN', required: true, schema: { writeOnly: true } }])).toBe('bad value ***');
  });

  it.each(['GET /health/ready on port 8080', 'http://127.0.0.1:8080/orders?page=2', 'exit 143 after 6 ms'])(
    'what is not a secret stays: %s',
    (text) => expect(got(text)).toBe(text),
  );

  it('what a probe planted is the proof of a leak, and is shown', () => {
    const leak = '{"url":"/x?token=hunter2-do-not-log&code=hunter2-do-not-log"}';
    expect(got(leak)).toBe(leak);
  });

  it('a text of any length is cut, and no secret shows at the cut', () => {
    for (const before of [1980, 7990, 100_000]) {
      const shown = got(`${'x'.repeat(before)} postgres://me:t0ps3cret-and-more@db ${'y'.repeat(9000)}`) ?? '';
      expect(shown.length).toBeLessThan(2100);
      expect(shown).not.toMatch(/t0p/);
      expect(shown).toMatch(/\(\d+ characters\)$/);
    }
  });

  it('no secret shows at a cut that moved forward, since what came before got shorter', () => {
    const tokens = `?token=${'z'.repeat(193)} `.repeat(39);
    const text = `${tokens.padEnd(7985, '.')}//me:t0ps3cret-and-more@db ${'y'.repeat(9000)}`;
    expect(got(text)).toMatch(/\.\/\/\*\*\*@ \.\.\. \(\d+ characters\)$/);
  });
});
