import { type Sample, sampleOf } from '../../../engine/core/service/column-samples.ts';
import type { ColumnField } from '../../../engine/core/service/columns.ts';
import { quoted } from '../print/text.ts';

/**
 * An expression for a valid value, in the form in which it is answered. `n` counts up, so that no two are the same.
 * @throws {RangeError} for a unique field with too few values
 */
export function sampleExpression(field: ColumnField): string {
  const sample = sampleOf(field);
  switch (sample.kind) {
    case 'fixed':
      return typeof sample.value === 'string' ? quoted(sample.value) : String(sample.value);
    case 'choice':
      return `(${sample.values.map(quoted).join(', ')})[n % 2]`;
    case 'text': {
      const digits = sample.length - sample.words.length;
      return `f"${sample.words}{n${digits > 1 ? `:0${digits}` : ''}}"`;
    }
    case 'counted':
      return counted(sample);
    case 'boolean':
      return 'n % 2 == 0';
    case 'date':
      return '(date(1970, 1, 1) + timedelta(days=n)).isoformat()';
    case 'datetime':
      return 'f"{datetime.fromtimestamp(n, UTC):%Y-%m-%dT%H:%M:%S}.000Z"';
    case 'uuid':
      return 'f"00000000-0000-4000-8000-{n:012}"';
    case 'email':
      return 'f"user{n}@example.com"';
    case 'url':
      return 'f"https://example.com/{n}"';
    case 'uri':
      return 'f"urn:example:{n}"';
  }
}

/** A number that counts up from the first one. */
function counted({ of, first }: Extract<Sample, { kind: 'counted' }>): string {
  const sum = first === 0 ? 'n' : first < 0 ? `n - ${-first}` : `n + ${first}`;
  if (of === 'decimal') return `f"{${sum}}.5000"`;
  return of === 'int' ? sum : `${sum} + 0.5`;
}
