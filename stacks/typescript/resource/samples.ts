import { type Sample, sampleOf } from '../../../engine/core/service/column-samples.ts';
import type { ColumnField } from '../../../engine/core/service/columns.ts';
import { binary, type Code, chain, choice, made, number, template, text, name as variable } from '../print/code.ts';

const IS_EVEN = 'samples % 2 === 0';

/**
 * An expression for a valid value, in the form in which it is answered. `samples` counts up, so that no two are the same.
 * @throws {RangeError} for a unique field with too few values
 */
export function sampleExpression(field: ColumnField): Code {
  const sample = sampleOf(field);
  switch (sample.kind) {
    case 'fixed':
      return typeof sample.value === 'string' ? text(sample.value) : number(sample.value);
    case 'choice':
      return choice(IS_EVEN, text(sample.values[0]), text(sample.values[1]));
    case 'text':
      return textExpression(sample);
    case 'counted':
      return counted(sample);
    case 'boolean':
      return binary(IS_EVEN);
    case 'date':
      return chain(made('Date', binary('samples * 86_400_000')), 'toISOString', [], 'slice', [number(0), number(10)]);
    case 'datetime':
      return chain(made('Date', binary('samples * 1000')), 'toISOString', []);
    case 'uuid':
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the service's code.
      return template('00000000-0000-4000-8000-${String(samples).padStart(12, "0")}');
    case 'email':
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the service's code.
      return template('user${samples}@example.com');
    case 'url':
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the service's code.
      return template('https://example.com/${samples}');
    case 'uri':
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the service's code.
      return template('urn:example:${samples}');
  }
}

function textExpression({ words, length }: Extract<Sample, { kind: 'text' }>): Code {
  const counted = words === '' ? chain(variable('String'), [variable('samples')]) : template(`${words}\${samples}`);
  if (length > 3) return chain(counted, 'padEnd', [number(length), text('x')]);
  return length <= 1 || words !== '' ? counted : chain(counted, 'padStart', [number(length), text('0')]);
}

/** A number that counts up from the first one. */
function counted({ of, first }: Extract<Sample, { kind: 'counted' }>): Code {
  const sum = first === 0 ? 'samples' : first < 0 ? `samples - ${-first}` : `samples + ${first}`;
  if (of === 'decimal') return template(`\${${first === 0 ? sum : `${first} + samples`}}.5000`);
  if (of === 'number') return binary(`${sum} + 0.5`);
  return first === 0 ? variable(sum) : binary(sum);
}
