import { MANIFEST_PATH } from '../engine/core/service/manifest.ts';
import type { UpgradeOutcome } from '../maintenance/upgrade/outcome.ts';

/** Whether the service is as it should be: nothing changes, and nothing is left for a person. */
export function nothingToDo({ plan, attention }: UpgradeOutcome): boolean {
  return plan.changes.length === 0 && plan.next.length === 0 && attention.length === 0;
}

/** The files that follow from others, if nothing but them changes: a lockfile. */
function derivedOnly({ plan, versions, answers }: UpgradeOutcome): string[] {
  const paths = plan.changes.map(({ path }) => path);
  const isRecorded = versions.length > 0 || answers.length > 0 || paths.includes(MANIFEST_PATH);
  return isRecorded ? [] : paths;
}

/** `@acme/service-preset 1.0.0 -> 2.0.0` */
export function versionsText(outcome: UpgradeOutcome): string {
  const { versions, answers } = outcome;
  const derived = derivedOnly(outcome);
  if (derived.length > 0) return `the same version, ${derived.join(', ')} brought in line`;
  const all = versions.map(({ name, from, to }) => `${name} ${[from ?? 'none', to ?? 'none'].join(' -> ')}`);
  if (all.length > 0) return all.join(', ');
  return answers.length > 0 ? `other answers (${answers.join(', ')})` : 'the same version, recorded anew';
}

/** The subject of a commit, e.g. `Upgrade @acme/service-preset to 2.0.0`. */
export function titleOf(outcome: UpgradeOutcome): string {
  const { versions, answers, questions, plan, attention, service, standard } = outcome;
  if (questions.length > 0) {
    const names = questions.map(({ name }) => name).join(', ');
    return `Answer ${[names, ...versions.map(({ name, to }) => `${name} ${to ?? 'none'}`)].join(' for ')}`;
  }
  const removed = versions.flatMap(({ name, to }) => (to === undefined ? [name] : []));
  const taken = versions.flatMap(({ name, to }) => (to === undefined ? [] : [`${name} to ${to}`]));
  const all = [
    ...(removed.length > 0 ? [`remove ${removed.join(', ')}`] : []),
    ...(taken.length > 0 ? [`upgrade ${taken.join(', ')}`] : []),
  ].join(', ');
  const at = `${service} is at ${standard}`;
  if (nothingToDo(outcome)) return `Nothing to do: ${at}`;
  if (attention.length > 0 && plan.changes.length === 0) return `A person is needed: ${at}`;
  if (plan.changes.length === 0) return `Not up to date: ${at}`;
  const derived = derivedOnly(outcome);
  if (derived.length > 0) return `Bring ${derived.join(', ')} in line`;
  if (all !== '') return `${all[0]?.toUpperCase()}${all.slice(1)}`;
  return answers.length > 0 ? `Change the answers of the service: ${answers.join(', ')}` : `Record ${standard} anew`;
}
