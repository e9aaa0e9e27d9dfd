import { printable, type UserError } from '../engine/core/errors.ts';
import { JSON_SCHEMA_VERSION } from './parts/json.ts';

/** One line with the cause, one with the remedy. */
export function errorText(error: UserError): string {
  return `error: ${printable(error.message)}\nhelp:  ${printable(error.remedy)}`;
}

export function errorJson(error: UserError): object {
  const { code, exit, message, remedy, problems } = error;
  return { schema: JSON_SCHEMA_VERSION, ok: false, code, exit, message, remedy, problems };
}
