import { printable, UserError } from '../core/errors.ts';
import { fs } from './disk.ts';

/** Larger than any real API description. */
const MAX_BYTES = 20 * 1024 * 1024;

/**
 * Reads a YAML or JSON document from a file.
 * @throws {UserError} INPUT_INVALID
 */
export async function readDocument(path: string): Promise<unknown> {
  const fail = (reason: string, cause?: unknown) =>
    new UserError(
      'INPUT_INVALID',
      `${printable(path)} cannot be read: ${printable(reason)}`,
      'Name a YAML or JSON file.',
      {
        cause,
      },
    );
  let text: string;
  try {
    if (fs.statSync(path).size > MAX_BYTES) throw fail(`it is larger than ${MAX_BYTES} bytes`);
    text = fs.readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw fail((error as Error).message, error);
  }
  try {
    if (/^\s*[{[]/.test(text)) return JSON.parse(text);
    const { parse } = await import('yaml');
    return parse(text, { maxAliasCount: 1000 });
  } catch (error) {
    throw fail((error as Error).message.split('\n')[0] ?? '', error);
  }
}
