import { parseRepoPath } from '../../../engine/core/repo-path.ts';

export const PNPM_LOCKFILE = parseRepoPath('pnpm-lock.yaml');
export const PNPM_SETTINGS = parseRepoPath('pnpm-workspace.yaml');

type Map = Readonly<Record<string, unknown>>;

/** A map in YAML, or nothing if it is none. Of several documents it is the last: pnpm may keep one about itself before it. */
export async function parseYaml(text: string | undefined): Promise<Map | undefined> {
  const { parseAllDocuments } = await import('yaml');
  const documents = parseAllDocuments(text ?? '');
  const last = 'length' in documents ? documents.at(-1) : undefined;
  if (!last || last.errors.length > 0) return undefined;
  try {
    const value: unknown = last.toJS({ maxAliasCount: 100 });
    return mapOf(value);
  } catch (error) {
    // An alias that stands for nothing, or for too much.
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

export function mapOf(value: unknown): Map | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
