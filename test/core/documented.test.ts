import { describe, expect, it } from 'vitest';
import { parseRepoPath } from '../../engine/core/repo-path.ts';
import { undocumented } from '../../engine/core/service/variables.ts';

const treeOf = (files: Readonly<Record<string, string>>) =>
  new Map(
    Object.entries(files).map(([path, text]) => [
      parseRepoPath(path),
      { content: Buffer.from(text), mode: 0o644 as const },
    ]),
  );

describe('the documents of the environment', () => {
  const concerns = [{ name: 'acme', path: 'src/config/acme.ts', variables: ['ACME_URL', 'ACME_KEY'] }];

  it('names what is missing', () => {
    const tree = treeOf({ '.env.example': '# ACME_URL=x\n' });
    expect(undocumented(tree, concerns)).toEqual([{ path: '.env.example', variables: ['ACME_KEY'] }]);
  });

  it('does not take a part of a name for it', () => {
    expect(undocumented(treeOf({ '.env.example': 'ACME_URL_OLD=x\nACME_KEY=y\n' }), concerns)).toEqual([
      { path: '.env.example', variables: ['ACME_URL'] },
    ]);
  });

  it('does not judge a document that is not there, nor where nothing is declared', () => {
    expect(undocumented(treeOf({}), concerns)).toEqual([]);
    expect(undocumented(treeOf({ '.env.example': '' }), [])).toEqual([]);
  });
});
