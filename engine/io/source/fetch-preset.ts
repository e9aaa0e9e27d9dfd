import { renderedFiles } from '../../core/preset/rendered-files.ts';
import type { SourceSpec } from '../../core/preset/source-spec.ts';
import { countFiles, type Fetched, type FetchOptions, fetchSource, type Pin } from './fetch-source.ts';
import { readCached } from './source-cache.ts';

/** {@link fetchSource} for a preset, of which {@link renderedFiles} count. */
export function fetchPreset(spec: SourceSpec, options: Omit<FetchOptions, 'select'>): Promise<Fetched> {
  return fetchSource(spec, { ...options, select: renderedFiles });
}

/** A preset from the cache of this machine alone. */
export async function readCachedPreset(
  { integrity, resolved }: Pin,
  env: NodeJS.ProcessEnv,
): Promise<Fetched | undefined> {
  const files = readCached(integrity, env);
  return files && countFiles(files, resolved, renderedFiles);
}
