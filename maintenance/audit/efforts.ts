import type { Effort, ServiceAudit } from '../../engine/core/audit/audit.ts';
import { isBehind } from '../../engine/core/audit/audit-summary.ts';
import { printable } from '../../engine/core/errors.ts';
import type { NamedFolder } from '../../engine/io/service/service-list.ts';
import type { TemplateSet } from '../../engine/io/source/template-version.ts';
import { findStack } from '../../stacks/index.ts';
import { isForPerson } from '../rehearse/result.ts';
import { type Rehearsed, rehearseServices } from '../rehearse/run.ts';
import { builtinTemplates } from '../upgrade/templates.ts';
import type { Standards } from './standards.ts';

/**
 * Rehearses the upgrade of every service that is behind. It fetches the versions that services were made from.
 * @param audited the results for `folders`, in the same order
 * @returns the same services, with their effort
 */
export async function addEfforts(
  audited: readonly ServiceAudit[],
  folders: readonly NamedFolder[],
  { standards, cwd }: { readonly standards: Standards; readonly cwd: string },
): Promise<ServiceAudit[]> {
  const templates = new Map<string, TemplateSet>();
  const behind = [...audited.keys()].filter((at) => audited[at] && isBehind(audited[at]));
  const rehearsals = rehearseServices(
    behind.flatMap((at) => folders[at] ?? []),
    {
      next: async (manifest, root) => {
        const stack = findStack(manifest.answers);
        const set = templates.get(stack.id) ?? builtinTemplates(stack);
        templates.set(stack.id, set);
        return { standard: (await standards.current(manifest, root)).standard, templates: set };
      },
      answers: {},
      cwd,
      loaded: new Map(),
    },
  );
  const results = [...audited];
  for await (const rehearsed of rehearsals) {
    const at = behind.shift();
    const service = at === undefined ? undefined : audited[at];
    if (at !== undefined && service) results[at] = { ...service, effort: effortOf(rehearsed) };
  }
  return results;
}

function effortOf(rehearsed: Rehearsed): Effort {
  if (!('files' in rehearsed)) return { result: 'unknown', reason: printable(rehearsed.reason) };
  const { result, files, changes } = rehearsed;
  if (result === 'conflict')
    return {
      result,
      conflicts: files.filter(isForPerson).map(({ path }) => path),
    };
  return { result: 'clean', files: changes().length };
}
