import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../maintenance/verify/command-line.ts';

/** What `--cmd` and start scripts mean. */
describe('a command', () => {
  it.each([
    ['node server.js', ['node', 'server.js']],
    [`node args.js --title="a b" ''`, ['node', 'args.js', '--title=a b', '']],
    [`node 'a "b"'c`, ['node', 'a "b"c']],
    ['A=1 node server.js', ['/bin/sh', '-c', 'exec env A=1 node server.js']],
    ['node server.js --port $PORT', ['/bin/sh', '-c', 'exec env node server.js --port $PORT']],
    ['exec node $APP', ['/bin/sh', '-c', 'exec node $APP']],
    ['node a.js && node b.js', ['/bin/sh', '-c', 'node a.js && node b.js']],
  ])('%s', (text, words) => {
    expect(parseCommand(text)).toEqual({ words, takesVerb: false, text });
  });

  it.each([
    ['node main.js {verb}', ['node', 'main.js']],
    ['A=1 node main.js {verb} ', ['/bin/sh', '-c', 'exec env A=1 node main.js "$@"', 'sh']],
    ['true && node main.js {verb}', ['/bin/sh', '-c', 'true && node main.js "$@"', 'sh']],
  ])('takes a verb: %s', (text, words) => {
    expect(parseCommand(text)).toEqual({ words, takesVerb: true, text });
  });

  it.each(['', '{verb}', 'node {verb} x', `node "it`, `node it's`])('is refused: %s', (text) => {
    expect(() => parseCommand(text)).toThrow(/is not a command|has a quote that is not closed/);
  });
});
