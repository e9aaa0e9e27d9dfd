import { printable } from '../engine/core/errors.ts';
import { describeChange } from '../engine/core/plan.ts';
import { count } from '../engine/core/text/count.ts';
import type { EndOutcome } from '../maintenance/upgrade/outcome.ts';
import { JSON_SCHEMA_VERSION } from './parts/json.ts';

/** The result of `--continue` or `--abort`. */
export type Ending = 'continue' | 'abort';

export function endedText({ service, plan, attention, recovered }: EndOutcome, ending: Ending): string {
  const text =
    ending === 'continue'
      ? `${service}: the upgrade is finished.`
      : `${service} is as it was before the upgrade (${count(plan.changes.length, 'file')} put back).`;
  return [
    text,
    ...recovered.map((line) => `  ${printable(line)}`),
    ...attention.map((line) => `Look:       ${printable(line)}`),
    ...plan.next.map((command) => `Then:       ${command}`),
  ].join('\n');
}

export function endedJson({ service, target, plan, attention, recovered }: EndOutcome, ending: Ending): object {
  const changes = plan.changes.map(describeChange);
  const command = `upgrade --${ending}`;
  const { next } = plan;
  return {
    schema: JSON_SCHEMA_VERSION,
    ok: true,
    command,
    target,
    service,
    changes,
    attention,
    notes: recovered,
    next,
  };
}
