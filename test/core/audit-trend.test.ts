import { describe, expect, it } from 'vitest';
import type { Finding, ServiceAudit } from '../../engine/core/audit/audit.ts';
import { parseEarlierAudit } from '../../engine/core/audit/earlier-audit.ts';
import { compareAudits } from '../../engine/core/audit/trend.ts';
import { auditJson } from '../../report/audit/json.ts';

const COUNTS = { unchanged: 1, edited: 0, behind: 0, 'conflict-ahead': 0, missing: 0, extra: 0, new: 0 };
const edited = (path: string, message = `${path} was edited`): Finding => ({ rule: 'drift/edited', path, message });
const waived = (path: string): Finding => ({
  ...edited(path),
  waived: { reason: 'r', owner: 'o', expires: '2999-01-01' },
});

function service(folder: string, more: Partial<ServiceAudit> = {}): ServiceAudit {
  const lists = { presets: [], files: [], waivers: [], must: [], findings: [], notes: [] };
  return { folder, name: folder.split('/').at(-1) ?? '', answers: {}, counts: COUNTS, ...lists, ...more };
}

const behind = (folder: string) => service(folder, { counts: { ...COUNTS, behind: 1 } });

const json = (services: readonly ServiceAudit[]) =>
  auditJson({ schema: 1, ok: true, date: '2026-01-02', version: '1.0.0', columns: [], services, clusters: [] });

const compare = (before: readonly ServiceAudit[], now: readonly ServiceAudit[]) =>
  compareAudits(parseEarlierAudit(json(before), 'earlier.json'), now);

describe('an audit compared with an earlier one', () => {
  it('says which services are better and worse', () => {
    const before = [behind('a'), service('b'), service('c', { findings: [edited('x'), edited('y')] }), service('d')];
    const now = [service('a'), behind('b'), service('c', { findings: [edited('x')] }), service('d')];
    expect(compare(before, now)).toMatchObject({
      since: '2026-01-02',
      before: { services: 4, byState: { current: 2, behind: 1, findings: 1, unreadable: 0 }, findings: 2 },
      better: ['a', 'c'],
      worse: ['b'],
    });
  });

  it('says which findings are new and which are gone, whatever their line is now', () => {
    const trend = compare(
      [service('a', { findings: [edited('x', 'x:3'), edited('y'), edited('z')] })],
      [service('a', { findings: [edited('x', 'x:4'), waived('y'), edited('new'), edited('new', 'again')] })],
    );
    expect(trend.newFindings).toEqual([
      { service: 'a', rule: 'drift/edited', message: 'new was edited' },
      { service: 'a', rule: 'drift/edited', message: 'again' },
    ]);
    expect(trend.resolvedFindings.map(({ message }) => message)).toEqual(['y was edited', 'z was edited']);
  });

  it('says which services appeared and disappeared; nobody resolved what those had', () => {
    const trend = compare(
      [service('a'), service('old', { findings: [edited('x')] })],
      [service('a'), service('new', { findings: [edited('y')] })],
    );
    expect(trend).toMatchObject({ appeared: ['new'], disappeared: ['old'], resolvedFindings: [] });
    expect(trend.newFindings.map((one) => one.service)).toEqual(['new']);
  });

  it('finds a service whose folder moved by its name, unless two have that name', () => {
    expect(compare([behind('old/a')], [service('new/a')])).toMatchObject({ better: ['new/a'], appeared: [] });
    const twice = compare([behind('old/a')], [service('new/a'), service('other/a')]);
    expect(twice).toMatchObject({ better: [], appeared: ['new/a', 'other/a'], disappeared: ['old/a'] });
  });

  it('of itself is no change', () => {
    const all = [behind('a'), service('b', { findings: [edited('x'), edited('x')] })];
    const trend = compare(all, all);
    const { better, worse, appeared, disappeared, newFindings, resolvedFindings } = trend;
    expect([better, worse, appeared, disappeared, newFindings, resolvedFindings].flat()).toEqual([]);
  });
});

describe('an earlier audit that is none', () => {
  const change = (how: (value: Record<string, unknown>) => unknown) =>
    JSON.stringify(how(JSON.parse(json([service('a')]))));
  it.each<[what: string, text: string, reason: string]>([
    ['no JSON', 'x', 'is not JSON'],
    ['nothing', '', 'is not JSON'],
    ['null', 'null', 'is not an audit'],
    ['a list', '[]', 'is not an audit'],
    ['a rehearsal', change((value) => ({ ...value, command: 'rehearse' })), 'is of another command: rehearse'],
    ['of a later schema', change((value) => ({ ...value, schema: 2 })), 'has schema 2'],
    ['without a date', change((value) => ({ ...value, date: 'x' })), 'is not an audit'],
    ['SARIF', '{"version": "2.1.0", "runs": []}', 'is not an audit'],
    ['with another state', change((value) => ({ ...value, services: [{ state: 'x' }] })), 'is not an audit: service 1'],
    [
      'with half a finding',
      change((value) => ({ ...value, services: [{ folder: 'a', name: 'a', state: 'current', findings: [{}] }] })),
      'is not an audit: service 1',
    ],
  ])('%s is refused', (_, text, reason) => {
    expect(() => parseEarlierAudit(text, 'earlier.json')).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringContaining(`earlier.json ${reason}`) }),
    );
  });
});
