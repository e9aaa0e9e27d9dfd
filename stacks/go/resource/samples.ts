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
      return `[]string{${sample.values.map(quoted).join(', ')}}[n%2]`;
    case 'text': {
      const digits = sample.length - sample.words.length;
      return `fmt.Sprintf(${quoted(`${sample.words}%${digits > 1 ? `0${digits}` : ''}d`)}, n)`;
    }
    case 'counted':
      return counted(sample);
    case 'boolean':
      return 'n%2 == 0';
    case 'date':
      return 'time.Unix(int64(n)*86_400, 0).UTC().Format(time.DateOnly)';
    case 'datetime':
      return 'time.Unix(int64(n), 0).UTC().Format("2006-01-02T15:04:05.000Z")';
    case 'uuid':
      return 'fmt.Sprintf("00000000-0000-4000-8000-%012d", n)';
    case 'email':
      return 'fmt.Sprintf("user%d@example.com", n)';
    case 'url':
      return 'fmt.Sprintf("https://example.com/%d", n)';
    case 'uri':
      return 'fmt.Sprintf("urn:example:%d", n)';
  }
}

/** A number that counts up from the first one. */
function counted({ of, first }: Extract<Sample, { kind: 'counted' }>): string {
  const sum = (plus: string, minus: string) =>
    first === 0 ? 'n' : first < 0 ? `n${minus}${-first}` : `n${plus}${first}`;
  if (of === 'decimal') return `fmt.Sprintf("%d.5000", ${sum('+', '-')})`;
  if (of === 'int') return sum(' + ', ' - ');
  return `float64(${sum('+', '-')}) + 0.5`;
}
