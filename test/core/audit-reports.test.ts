import { describe, expect, it } from 'vitest';
import { type AuditResult, RULES, type ServiceAudit } from '../../engine/core/audit/audit.ts';
import { auditCsv } from '../../report/audit/csv.ts';
import { auditHtml } from '../../report/audit/html.ts';
import { auditMarkdown } from '../../report/audit/markdown.ts';
import { auditSarif } from '../../report/audit/sarif.ts';
import { auditText } from '../../report/audit/text.ts';

const EVIL = '<script>alert("1")</script>\'&\u001b[31m\u202e| [x](javascript:1) ```';
/** Escape sequences and reversed text. */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}]/u;
const COUNTS = { unchanged: 1, edited: 1, behind: 0, 'conflict-ahead': 0, missing: 0, extra: 0, new: 0 };

function service(more: Partial<ServiceAudit> = {}): ServiceAudit {
  return {
    folder: EVIL,
    name: EVIL,
    answers: { [EVIL]: EVIL, team: `${EVIL}\n=1+1` },
    repository: 'https://git.example/%22%3E%3Cscript%3E',
    effort: { result: 'conflict', conflicts: [EVIL, 'b'] },
    template: { name: 'template', recorded: EVIL, current: '1.0.0', isCurrent: false },
    presets: [{ name: EVIL, recorded: '1.0.0', isCurrent: false }],
    counts: COUNTS,
    files: [{ path: EVIL, owner: 'managed', state: 'edited', note: EVIL }],
    waivers: [{ rule: 'drift', reason: EVIL, owner: EVIL, expires: EVIL, line: 1, isExpired: false }],
    must: [EVIL],
    findings: [
      { rule: 'drift/edited', message: EVIL, path: 'src/a b#c?.ts', line: 3 },
      { rule: 'drift/missing', message: EVIL, waived: { reason: EVIL, owner: EVIL, expires: '2999-01-01' } },
    ],
    notes: [EVIL],
    ...more,
  };
}

const result: AuditResult = {
  schema: 1,
  ok: false,
  date: '2026-01-02',
  version: '1.0.0',
  columns: [EVIL, 'team'],
  trend: {
    since: '2026-01-01',
    before: { services: 1, byState: { current: 1, behind: 0, findings: 0, unreadable: 0 }, findings: 0 },
    better: [EVIL],
    worse: [EVIL],
    appeared: [EVIL],
    disappeared: [EVIL],
    newFindings: [{ service: EVIL, rule: EVIL, message: EVIL }],
    resolvedFindings: [],
  },
  services: [
    service(),
    service({ folder: 'plain', name: 'plain', effort: { result: 'unknown', reason: EVIL } }),
    service({ folder: '=cmd|x', name: '@x', answers: { team: ' +1;2', [EVIL]: '"quoted", and more' } }),
  ],
  clusters: [
    {
      path: EVIL,
      owner: 'merged',
      services: [EVIL, 'b'],
      source: EVIL,
      patch: `+${EVIL}\n${'+x\n'.repeat(200)}`,
      note: EVIL,
    },
  ],
};

describe('the reports of an audit', () => {
  it('as a page: nothing of a repository becomes markup, and nothing is fetched', () => {
    const html = auditHtml(result);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toContain('alert("1")');
    expect(html).not.toMatch(INVISIBLE);
    expect(html).not.toMatch(/\bsrc=|url\(|@import|fetch\(/);
    const links = [...html.matchAll(/\bhref="([^"]*)"/g)].map(([, address = '']) => address);
    expect(links).toContain('https://git.example/%22%3E%3Cscript%3E');
    for (const address of links) expect(address).toMatch(/^(#edit-\d+$|https?:\/\/git\.example\/)/);
    expect(html).toContain('default-src &#39;none&#39;');
    expect(html).toContain('&lt;script&gt;');
  });

  it('as a page: an upgrade with conflicts needs a person, as a finding does', () => {
    const ours = [
      service(),
      service({ findings: [] }),
      service({ findings: [], effort: { result: 'clean', files: 1 } }),
      service({ findings: [], effort: { result: 'unknown', reason: 'x' } }),
    ];
    expect(auditHtml({ ...result, services: ours })).toContain('2 of 4 services need a person.');
  });

  it('as a page: a script is no address of a repository', () => {
    for (const repository of [
      'javascript:alert(1)',
      ' javascript:alert(1)',
      'data:text/html,x',
      '//git.example/x',
      'x',
    ]) {
      const html = auditHtml({ ...result, services: [service({ repository })] });
      expect(html.match(/<a class="out"/g)).toBeNull();
    }
  });

  it('as a page: an answer can be no attribute of another kind, and no choice of another value', () => {
    const html = auditHtml(result);
    const rows = [...html.matchAll(/<tbody class="[^"]*" ([^>]*)>/g)].map(([, attributes = '']) => attributes);
    expect(rows).toHaveLength(result.services.length);
    for (const row of rows)
      expect(row.replace(/"[^"<>]*"/g, '""')).toMatch(
        /^data-state="" data-order="" data-versions="" data-effort="" data-a0="" data-a1=""$/,
      );
    const chosen = rows.map((row) => /data-a1="([^"]*)"/.exec(row)?.[1]);
    for (const value of chosen) expect(html).toContain(`<option value="${value}">`);
  });

  it('as a page: what a person decides comes before the table, and the table before the reasons', () => {
    const html = auditHtml(result);
    const places = [
      '<h1>',
      'class="since"',
      'class="tiles"',
      'What to do next',
      'Current by',
      '<h2>Services',
      'The same edit',
      'Versions in use',
    ];
    const found = places.map((place) => html.indexOf(place));
    expect(found.filter((at) => at === -1)).toEqual([]);
    expect(found).toEqual([...found].sort((a, b) => a - b));
  });

  it('as a page: a thousand services with everything stay below 2 MB', () => {
    const paths = Array.from({ length: 80 }, (_, at) => `src/platform/some-folder/file-${at}.ts`);
    const services = Array.from({ length: 1000 }, (_, at) =>
      service({
        folder: `services/service-${at}`,
        name: `service-${at}`,
        answers: { team: `team-${at % 20}`, tier: 'gold' },
        repository: `https://git.example/team-${at % 20}/service-${at}`,
        effort: { result: 'conflict', conflicts: paths.slice(0, 10) },
        files: paths.map((path) => ({ path, owner: 'managed' as const, state: 'edited' as const })),
        findings: paths.map((path) => ({
          rule: 'drift/edited' as const,
          path,
          message: `${path} is managed, and was edited`,
        })),
        template: { name: 'template', recorded: '1.0.0', current: '2.0.0', isCurrent: false },
        presets: [{ name: '@acme/service-preset', recorded: '1.0.0', current: '2.0.0', isCurrent: false }],
        notes: [],
        waivers: [],
        must: [],
      }),
    );
    const names = services.map(({ folder }) => folder);
    const clusters = Array.from({ length: 300 }, (_, at) => ({
      ...result.clusters[0],
      path: `f${at}`,
      services: names,
    }));
    const html = auditHtml({ ...result, columns: ['team', 'tier'], services, clusters: clusters as never });
    expect(html).toContain('and 68 more');
    expect(html).toContain('Left out: the page would be too large');
    expect(Buffer.byteLength(html)).toBeLessThan(2_000_000);
  });

  it('as a page: a long diff is cut, and that is said', () => {
    expect(auditHtml(result)).toContain('The diff is cut: 81 more lines.');
  });

  it('as a page: every tag that is opened is closed, also with hostile text', () => {
    const open: string[] = [];
    for (const [, slash, tag = ''] of auditHtml(result)
      .replace(/<(script|style)>.*?<\/\1>/gs, '')
      .matchAll(/<(\/?)([a-z0-9]+)(?:\s[^<>]*)?>/g)) {
      if (['meta', 'br', 'input'].includes(tag)) continue;
      if (slash === '') open.push(tag);
      else expect(open.pop()).toBe(tag);
    }
    expect(open).toEqual([]);
  });

  it('as SARIF 2.1.0: what the standard requires, and relative locations', () => {
    const sarif = JSON.parse(auditSarif(result)) as {
      version: string;
      runs: { tool: { driver: { name: string; rules: { id: string }[] } }; results: Record<string, unknown>[] }[];
    };
    const [run] = sarif.runs;
    expect(sarif.version).toBe('2.1.0');
    expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(Object.keys(RULES));
    expect(run?.results).toHaveLength(6);
    for (const one of run?.results ?? []) {
      expect(run?.tool.driver.rules[one.ruleIndex as number]?.id).toBe(one.ruleId);
      expect(['error', 'note']).toContain(one.level);
      expect((one.message as { text: string }).text).not.toBe('');
    }
    expect(run?.results[2]?.locations).toEqual([
      { physicalLocation: { artifactLocation: { uri: 'plain/src/a%20b%23c%3F.ts' }, region: { startLine: 3 } } },
    ]);
    expect(run?.results[3]).toMatchObject({ level: 'note', suppressions: [{ kind: 'external', status: 'accepted' }] });
  });

  it('as Markdown and text: no markup, no control character', () => {
    const markdown = auditMarkdown(result);
    expect(markdown.replace(/^(`{3,})diff\n.*?\n\1$/gms, '')).not.toMatch(/<script|\]\(javascript/);
    expect(markdown).toContain('````diff');
    expect(markdown).not.toMatch(INVISIBLE);
    expect(auditText(result)).not.toMatch(INVISIBLE);
    expect(auditText(result)).toContain('upgrades: 0 clean, 2 with conflicts, 1 could not be rehearsed');
    expect(auditText(result)).toContain('upgrade conflict (2 files)');
    const trend = 'since 2026-01-01: 1 service better, 1 worse, 1 appeared, 1 disappeared; 1 new finding, 0 resolved';
    expect(auditText(result).endsWith(`\n${trend}`)).toBe(true);
    expect(markdown).toContain(`\n- ${trend}\n`);
  });

  it('as CSV: a row a service, and no cell is a formula', () => {
    const rows = readCsv(auditCsv(result));
    expect(rows.map((row) => row.length)).toEqual(rows.map(() => 15));
    expect(rows[0]?.slice(0, 7)).toEqual([
      'service',
      'name',
      expect.any(String),
      'team',
      'state',
      'effort',
      'conflicts',
    ]);
    expect(rows[3]?.slice(0, 6)).toEqual(["'=cmd|x", "'@x", '"quoted", and more', "' +1;2", 'findings', 'conflict']);
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^\s*[=+\-@]/);
    expect(auditCsv(result)).not.toMatch(INVISIBLE);
  });
});

/** The cells of comma-separated values, as RFC 4180 has them. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of `${text}\n`.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\n') rows.push([]);
  }
  return rows.slice(0, -1);
}
