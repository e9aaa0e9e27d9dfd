import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeText, encodeText } from '../../engine/core/text/text.ts';

it('any bytes come back as they were', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40, size: 'max' }), (bytes) => {
      expect(Buffer.compare(encodeText(decodeText(bytes)), bytes)).toBe(0);
    }),
    { numRuns: 2_000 },
  );
});

it('UTF-8 is read as what it is, and the text around other bytes too', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const bytes = Buffer.from(text);
      if (isUtf8(bytes)) expect(decodeText(bytes)).toBe(bytes.toString('utf8'));
    }),
  );
  const mixed = Buffer.concat([
    Buffer.from('größe 😀\n'),
    Buffer.from([0xe9, 0xff, 0xed, 0xa0, 0x80]),
    Buffer.from('ü\n'),
  ]);
  expect(decodeText(mixed)).toMatch(/^größe 😀\n[\udc80-\udcff]{5}ü\n$/);
});
