import { isUtf8 } from 'node:buffer';

/** UTF-8, or one byte that is no UTF-8. As latin1: one character a byte. */
const SEQUENCE =
  /(?:[\0-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})+|[\x80-\xff]/g;

/** A byte that is no UTF-8 is this half of a surrogate pair, plus the byte. No UTF-8 text has such a half alone. */
const HALF = 0xdc00;
const HALVES = /([\udc80-\udcff])/u;

/** Reads bytes as UTF-8. Bytes that are not, such as a Latin-1 letter, come back unchanged from {@link encodeText}. */
export function decodeText(content: Uint8Array): string {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return bytes
    .toString('latin1')
    .replace(SEQUENCE, (part) =>
      part.length === 1 && part > '\x7f'
        ? String.fromCharCode(HALF + part.charCodeAt(0))
        : Buffer.from(part, 'latin1').toString('utf8'),
    );
}

/** The bytes of a text that {@link decodeText} read. */
export function encodeText(text: string): Buffer {
  if (!HALVES.test(text)) return Buffer.from(text);
  const parts = text.split(HALVES);
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 1 ? Buffer.from([part.charCodeAt(0) - HALF]) : Buffer.from(part))),
  );
}
