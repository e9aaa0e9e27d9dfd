import { basename } from 'node:path';
import { ImageFiles } from '../harness/image/image-files.ts';
import { MANY_NAMES } from '../probes/artifact/without-tools.ts';
import type { Rule } from '../rule.ts';
import { ofAll, runtimeOf } from '../runtimes/index.ts';

const COMPILERS = [
  ...['gcc', 'g++', 'cc', 'c++', 'clang', 'clang++', 'tcc', 'ld', 'as', 'make', 'cmake', 'ninja', 'meson', 'gdb'],
  ...ofAll(({ compilers }) => compilers),
];
const DEVELOPER_TOOLS = ofAll(({ developerTools = [] }) => developerTools);

export const rule: Rule = {
  id: 'V-3',
  level: 'MUST',
  mustFrom: 'house',
  factor: 'V. Build, release, run',
  promises: { 'twelve-factor': 'An image that ships has neither compilers nor development dependencies in it.' },
  why: 'What is not there is not downloaded by every machine that starts it, and never has to be patched.',
  mend: 'Build in one stage, install production dependencies in another, copy both results into a third.',
  byHand: ["docker run --rm --entrypoint sh $IMAGE -c 'command -v gcc cc make'"],
  applies: (subject) => subject.isImage(),
  async check(harness) {
    const { target } = harness.subject;
    if (target.kind !== 'image') throw new Error('not an image');
    const { folder } = target;
    const runtime = folder === undefined ? undefined : runtimeOf(folder);
    const { paths, programs } = runtime?.development(folder ?? '') ?? { paths: [], programs: [] };
    const files = await ImageFiles.of(target);
    const found = [
      ...files.programsAnywhere([...COMPILERS, ...DEVELOPER_TOOLS, ...programs]).filter(isOne),
      ...files.existing(paths),
      ...files.packages([...DEVELOPER_TOOLS, ...programs]),
    ];
    const own = paths.length + programs.length;
    harness.saw({
      sent: `look for ${[...COMPILERS, ...DEVELOPER_TOOLS].join(', ')} and ${own} development dependencies of the folder`,
      expected: 'none',
      got: [...new Set(found)].join(', ') || 'none',
      ok: found.length === 0,
    });
    return harness.evidence;
  },
};

/** One program with many names is there for the shell. */
const isOne = (path: string): boolean => !MANY_NAMES.has(basename(path));
