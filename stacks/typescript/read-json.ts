import { withoutMark } from '../../engine/core/text/byte-order-mark.ts';
/** @returns no keys for a text that is not there, or that npm would refuse too */
export function readJson(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(withoutMark(text))) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
