import { printable, UserError } from '../errors.ts';

/**
 * Splits `NAME=VALUE`.
 * @param subject where it stands, for messages: `--set`, `fleet.tsv:2:`
 * @param mayName whether NAME may be `name`, the service's own name
 * @throws {UserError} INPUT_INVALID
 */
export function splitAnswer(text: string, subject = '--set', mayName = false): [string, string] {
  const [, name, value] = /^([A-Za-z][A-Za-z0-9]*)=(.*)$/s.exec(text) ?? [];
  const fail = (reason: string) =>
    new UserError('INPUT_INVALID', `${subject} ${reason}`, 'Correct it and run it again.');
  if (name === undefined || value === undefined) throw fail(`must be NAME=VALUE, not "${printable(text)}"`);
  if (name === 'name' && !mayName) throw fail('cannot rename a service, because others call it by its name');
  return [name, value];
}
