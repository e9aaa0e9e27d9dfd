import { describe, expect, it } from 'vitest';
import { redactSecrets } from '../../engine/core/text/redact.ts';

describe('the output of a tool', () => {
  it.each([
    ['GET https://me:pass@h/x', 'GET https://***@h/x'],
    ['https://me:p@ss/w@h/x', 'https://***@h/x'],
    ['//h/:_authToken=abc', '//h/:_authToken=***'],
    ['_auth = "abc"', '_auth = "***"'],
    ['authorization: Bearer abcdefgh', 'authorization: Bearer ***'],
    [
      'npm_abcdefgh12 ghp_abcdefgh12 github_pat_abcdefgh12 glpat-abcdefgh12',
      'npm_*** ghp_*** github_pat_*** glpat-***',
    ],
  ])('shows no secret: %s', (text, shown) => expect(redactSecrets(text)).toBe(shown));

  it.each([
    'GET http://127.0.0.1:4873/@acme%2fpreset',
    'https://h:8080/@acme/preset',
    'ssh://git@h/x',
    'npm_config_registry',
    './@x',
  ])('is not changed without a secret: %s', (text) => expect(redactSecrets(text)).toBe(text));
});
