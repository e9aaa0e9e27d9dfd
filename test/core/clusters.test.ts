import { describe, expect, it } from 'vitest';
import { ClusterCollector, type Edit } from '../../engine/core/audit/clusters.ts';
import { putBack } from '../../engine/core/audit/put-back.ts';

function edit(name: string, lines: readonly string[], more: Partial<Edit> = {}): Edit {
  const hunk = { lines, oldStart: 3, oldLines: 2, newStart: 3, newLines: 3 };
  return {
    folder: name,
    name,
    path: 'Dockerfile',
    owner: 'merged',
    source: 'base/Dockerfile.hbs',
    hunks: [hunk],
    placed: [{ ...hunk, lines: lines.map((line) => putBack(line, name)) }],
    isOfSource: true,
    ...more,
  };
}

function clusters(...edits: Edit[]) {
  const collector = new ClusterCollector();
  for (const one of edits) collector.add(one);
  return collector.finish();
}

describe('clusters of edits', () => {
  it('join edits that differ only in the name and the place', () => {
    const found = clusters(
      edit('orders', [' a', '+LABEL team=orders-team', ' b']),
      edit('order-items', [' c', '+LABEL team=order-items-team', ' d']),
      edit('bills', [' a', '+LABEL team=somebody', ' b']),
    );
    expect(found).toHaveLength(1);
    expect(found[0]?.services).toEqual(['orders', 'order-items']);
    expect(found[0]?.patch).toBe(
      '--- a/base/Dockerfile.hbs\n+++ b/base/Dockerfile.hbs\n@@ -3,2 +3,3 @@\n a\n+LABEL team={{name}}-team\n b\n',
    );
  });

  it('include a service whose name is a word of the line', () => {
    const found = clusters(edit('orders', ['+FROM alpine']), edit('alpine', ['+FROM alpine']));
    expect(found[0]?.services).toEqual(['orders', 'alpine']);
  });

  it('are sorted by size, and a single edit is not a cluster', () => {
    const found = clusters(
      ...['a', 'b'].map((name) => edit(name, ['+x'])),
      ...['c', 'd', 'e'].map((name) => edit(name, ['+y'])),
      edit('f', ['+z']),
    );
    expect(found.map(({ services }) => services.length)).toEqual([3, 2]);
  });

  it('say where the name is in the path, and that a verbatim file has to become a template', () => {
    const more = { path: 'docker-compose.a.yaml', source: 'base/docker-compose.__name__.yaml' };
    const [found] = clusters(
      edit('a', ['+x: a'], more),
      edit('b', ['+x: b'], { ...more, path: 'docker-compose.b.yaml' }),
    );
    expect(found?.path).toBe('docker-compose.<name>.yaml');
    expect(found?.note).toMatch(/become a template/);
  });

  it('put placeholders back for every form of the name, and for nothing else', () => {
    expect(putBack('order-items order_items ORDER_ITEMS orderItems OrderItems reorder-items', 'order-items')).toBe(
      '{{name}} {{snakeName}} {{constName}} {{camelName}} {{pascalName}} reorder-items',
    );
    expect(putBack('$' + '{{ github.sha }}', 'orders')).toBe('$\\{{ github.sha }}');
  });
});
