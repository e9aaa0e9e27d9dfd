import type { Place } from './place.ts';

/**
 * The path that the first server puts before each path: `/v1` of `https://api.example.com/v1`. One that no route can have is
 * passed over.
 */
export function basePathOf(holders: readonly Place[]): string {
  const holder = holders.find(
    (one) => Array.isArray(one.peek('servers')) && (one.peek('servers') as unknown[]).length > 0,
  );
  const servers = holder?.at('servers', 'list')?.all('server') ?? [];
  const paths = servers.map(pathOf);
  const base = paths.find((path) => /^(\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$/.test(path)) ?? '';
  for (const [index, server] of servers.entries())
    if (paths[index] !== base) server.cut(`has another path than the endpoints, which are below ${base || '/'}`);
  return base;
}

function pathOf(server: Place): string {
  const url = String(server.peek('url') ?? '').replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const variable = server.at('variables', 'list')?.at(name, 'variable');
    variable?.use('default');
    return String(variable?.peek('default') ?? name);
  });
  server.use('url');
  const path = url.replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/]*/i, '').replace(/[?#].*$/, '');
  const trimmed = path.replace(/^\/+|\/+$/g, '');
  return trimmed === '' || trimmed === '.' ? '' : `/${trimmed}`;
}
