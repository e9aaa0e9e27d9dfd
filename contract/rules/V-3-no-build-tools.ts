import { ImageFiles } from '../harness/image/image-files.ts';
import type { Rule } from '../rule.ts';
import { ofAll, runtimeOf } from '../runtimes/index.ts';

const COMPILERS = ['gcc', 'g++', 'cc', 'make', 'rustc', ...ofAll(({ compilers }) => compilers)];

export const rule: Rule = {
  id: 'V-3',
  level: 'MUST',
  factor: 'V. Build, release, run',
  statement: 'An image that ships has neither compilers nor development dependencies in it.',
  why: 'What is not there is not downloaded by every machine that starts it, and never has to be patched.',
  mend: 'Build in one stage, install production dependencies in another, copy both results into a third.',
  applies: (subject) => subject.isImage(),
  async check(harness) {
    const { target } = harness.subject;
    if (target.kind !== 'image') throw new Error('not an image');
    const { folder } = target;
    const runtime = folder === undefined ? undefined : runtimeOf(folder);
    const { paths, programs } = runtime?.development(folder ?? '') ?? { paths: [], programs: [] };
    const files = await ImageFiles.of(target);
    const found = [...files.programs([...COMPILERS, ...programs]), ...files.existing(paths)];
    harness.saw({
      sent: `look for ${COMPILERS.join(', ')} and ${paths.length + programs.length} development dependencies`,
      expected: 'none',
      got: found.join(', ') || 'none',
      ok: found.length === 0,
    });
    return harness.evidence;
  },
};
