import { summarise } from '../../contract/summarise.ts';
import type { Verification } from '../../contract/verification.ts';
import { jsonText } from '../shared/json.ts';

/** Everything, for programs, as `docs/verification.schema.json` has it. A field may be added within a schema, none changed. */
export function verifyJson({ results, findings, notes, ...head }: Verification): string {
  const { must, should, factors, toMend } = summarise({ results });
  const summary = {
    must,
    should,
    factors: factors.map(({ results: _results, ...factor }) => factor),
    toMend: toMend.map(({ id }) => id),
  };
  return jsonText({ ...head, summary, results, findings, notes });
}
