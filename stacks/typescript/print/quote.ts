import { HELPERS } from '../../../engine/core/template/helpers.ts';

/** A literal of a text, with the quotes that need fewer escapes. */
export function quoted(value: string): string {
  return HELPERS.ts?.(value) ?? '';
}

/** A key of an object, quoted only where it has to be. */
export function memberKey(key: string): string {
  return /^(0|[1-9]\d{0,8})$|^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(key) ? key : quoted(key);
}
