import type { OpenQuestion } from '../upgrade/open-questions.ts';
import type { Rehearsal, RehearsedService } from './result.ts';

/** The numbers of a rehearsal. */
export interface Tally {
  /** Number of services by result. */
  readonly results: Readonly<Record<RehearsedService['result'], number>>;
  /** Files with the number of services that have a conflict in them, the worst first. */
  readonly worst: readonly { readonly path: string; readonly conflicts: number; readonly merged: number }[];
  /** The questions without an answer, with the number of services that have to answer them, most services first. */
  readonly open: readonly (OpenQuestion & { readonly services: number })[];
}

export function tally({ services }: Rehearsal): Tally {
  const results = {
    clean: 0,
    unchanged: 0,
    conflict: 0,
    'answer missing': 0,
    'answer wrong': 0,
    unreadable: 0,
    'other preset': 0,
  };
  const open = new Map<string, OpenQuestion & { services: number }>();
  const files = new Map<string, { conflicts: number; merged: number }>();
  for (const service of services) {
    results[service.result] += 1;
    for (const question of 'questions' in service ? (service.questions ?? []) : [])
      open.set(question.name, { ...question, services: (open.get(question.name)?.services ?? 0) + 1 });
    for (const { path, outcome } of 'files' in service ? service.files : []) {
      if (outcome !== 'conflict' && outcome !== 'merged') continue;
      const counts = files.get(path) ?? { conflicts: 0, merged: 0 };
      counts[outcome === 'conflict' ? 'conflicts' : 'merged'] += 1;
      files.set(path, counts);
    }
  }
  const worst = [...files]
    .map(([path, counts]) => ({ path, ...counts }))
    .sort((a, b) => b.conflicts - a.conflicts || b.merged - a.merged || (a.path < b.path ? -1 : 1));
  return { results, worst, open: [...open.values()].sort((a, b) => b.services - a.services) };
}
