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
    if (paths[index] !== base) server.cut(reasonOf(paths[index] ?? '', base));
  return base;
}

function reasonOf(path: string, base: string): string {
  const where = `the endpoints are below ${base || '/'}`;
  const [variable] = /\{[^{}]*\}/.exec(path) ?? [];
  return variable === undefined ? `has another path: ${where}` : `has no default for ${variable} of its path: ${where}`;
}

/** A variable without a value stays in the path, and no route can have it. */
function pathOf(server: Place): string {
  const given = server.peek('url');
  if (typeof given !== 'string') return '';
  const url = given.replace(/\{([^{}]*)\}/g, (text, name: string) => {
    const variable = server.at('variables', 'list')?.at(name, 'variable');
    const value = variable?.peek('default');
    if (typeof value !== 'string' && typeof value !== 'number') return text;
    variable?.use('default');
    return String(value);
  });
  server.use('url');
  const path = url.replace(/^(([a-z][a-z0-9+.-]*|\{[^{}]*\}):)?\/\/[^/]*/i, '').replace(/[?#].*$/, '');
  const trimmed = path.replace(/^\/+|\/+$/g, '');
  return trimmed === '' || trimmed === '.' ? '' : `/${trimmed}`;
}
