import { summarise } from '../../contract/judge/summarise.ts';
import type { Verification } from '../../contract/judge/verification.ts';
import { jsonText } from '../parts/json.ts';

/**
 * The whole verification, for programs; see `docs/verification.schema.json`. Within one schema version, fields may be
 * added but not changed.
 */
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
