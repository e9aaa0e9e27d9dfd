import { describe, expect, it } from 'vitest';
import type { RehearsedService } from '../../maintenance/rehearse/result.ts';
import { tally } from '../../maintenance/rehearse/tally.ts';
import { rehearsalHtml } from '../../report/rehearse/html.ts';
import { unbalanced } from '../support/markup.ts';

const EVIL = '<script>alert("1")</script>\'&\u001b[31m\u202e</td></details>';
/** Escape sequences and reversed text. */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}]/u;

const page = (services: readonly RehearsedService[], columns: readonly string[] = []) => {
  const rehearsal = { columns, services };
  return rehearsalHtml(rehearsal, tally(rehearsal));
};

const conflict = (service: string, patch: string, path = 'a.md'): RehearsedService => ({
  service,
  answers: { team: EVIL },
  repository: 'javascript:alert(1)',
  result: 'conflict',
  files: [
    { path: path as never, outcome: 'conflict', note: EVIL, patch },
    { path: EVIL as never, outcome: 'updated', patch },
  ],
});

const hostile: RehearsedService[] = [
  conflict(EVIL, `+${EVIL}\n-${EVIL}\n ${EVIL}\n`, EVIL),
  { service: 'b', answers: {}, result: 'unreadable', code: EVIL, reason: EVIL },
  {
    service: 'c',
    answers: { team: 'x' },
    result: 'answer missing',
    code: 'INPUT_MISSING',
    reason: EVIL,
    questions: [{ name: EVIL, message: EVIL, reason: EVIL } as never],
  },
];

describe('the page of a rehearsal', () => {
  it('makes no markup of a service, and links to no script', () => {
    const html = page(hostile, ['team']);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toContain('alert("1")');
    expect(html).not.toMatch(INVISIBLE);
    expect(html).not.toMatch(/\b(src|href)=/);
  });

  it('closes every tag that it opens, also with hostile text', () => {
    const text = page(hostile, ['team']).replace(/<(script|style)>.*?<\/\1>/gs, '');
    expect(unbalanced(text, ['meta', 'br', 'input'])).toEqual([]);
  });

  it('puts services that need a person first, and counts them', () => {
    const html = page([{ service: 'fine', answers: {}, result: 'clean', files: [] }, ...hostile]);
    expect(html).toContain('3 of 4 services need a person.');
    expect(html.indexOf('>fine<')).toBeGreaterThan(html.indexOf('>b<'));
  });

  it('stays below 2 MB with a thousand conflicts and long diffs, and says what is cut', () => {
    const patch = '+a line of a diff that somebody has to read, and that is long\n'.repeat(300);
    const html = page(
      Array.from({ length: 1000 }, (_, at) => conflict(`services/service-${at}`, patch)),
      ['team'],
    );
    expect(html).toContain('The diff is cut: 180 more lines.');
    expect(html).toContain('Left out: the page would be too large.');
    expect(Buffer.byteLength(html)).toBeLessThan(2_000_000);
  });
});
