import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn } from '../support/folder.ts';
import { ROOT } from '../support/program.ts';

const LAYERS = ['base', '+postgres', '+redis', '+postgres-redis'];

/** Lines of code by folder, of a service with everything. */
function linesByFolder(): Map<string, number> {
  const lines = new Map<string, number>();
  for (const layer of LAYERS) {
    const folder = join(ROOT, 'templates/go', layer);
    for (const path of filesIn(folder)) {
      if (!/(?<!_test)\.go(\.hbs)?$/.test(path)) continue;
      const code = readFileSync(join(folder, path), 'utf8').match(/^(?!\s*(\/\/|\{\{|$)).*$/gm) ?? [];
      lines.set(dirname(path), (lines.get(dirname(path)) ?? 0) + code.length);
    }
  }
  return lines;
}

/** What docs/stacks.md says, whose last row has all others. */
const [, section = ''] =
  /^## How much Go it is\n([\s\S]*?)^## /m.exec(readFileSync(join(ROOT, 'docs/stacks.md'), 'utf8')) ?? [];
const told = [...section.matchAll(/^\| `([\w/]+)` \| (\d+) \|/gm)].map(
  ([, folder = '', lines]) => [folder, Number(lines)] as const,
);

describe('the lines of a service in Go, as the documents tell them', () => {
  const lines = linesByFolder();

  it.each(told)('%s has about %i', (folder, number) => {
    expect(Math.abs((lines.get(folder) ?? 0) - number)).toBeLessThan(Math.max(15, number / 20));
  });

  it('leaves no large folder out', () => {
    const others = [...lines].filter(([folder]) => told.every(([one]) => one !== folder));
    expect(others.filter(([, count]) => count > 100)).toEqual([]);
    expect(told.length).toBeGreaterThan(10);
  });
});
