// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are source code

import type { Mutant } from './mutants.ts';

/** What keeps a hostile service from hiding, from staying, and from holding the verifier up. */
export const VERIFY: readonly Mutant[] = [
  {
    gate: 'verify: what left its process group is not looked for',
    file: 'contract/harness/child.ts',
    search: 'const marked = mark === undefined ? [] : processesWith(`${MARK}=${mark}`);',
    replace: 'const marked: number[] = mark === undefined ? [] : [];',
    red: 'contract/hostile.test.ts',
    only: 'leaves-an-orphan',
  },
  {
    gate: 'verify: what emptied its environment is not looked for',
    file: 'contract/harness/child.ts',
    search: 'if (mark !== undefined) this.#lookForChildren();',
    replace: 'if (mark === "") this.#lookForChildren();',
    red: 'contract/hostile.test.ts',
    only: 'leaves-a-daemon',
  },
  {
    gate: 'verify: a check goes on after its end',
    file: 'contract/harness/harness.ts',
    search: "if (this.#isOver) throw new Error('the check is over');",
    replace: 'void this.#isOver;',
    red: 'contract/harness.test.ts',
    only: 'a check that goes on',
  },
  {
    gate: 'verify: any text is an answer',
    file: 'contract/harness/raw-answer.ts',
    search: 'if (code === undefined) throw new Error(',
    replace: "if (code === '') throw new Error(",
    red: 'contract/harness.test.ts',
    only: 'no status line',
  },
  {
    gate: 'verify: a log without an end is read without an end',
    file: 'contract/harness/child.ts',
    search: 'if (this.#bytes <= OUTPUT_BYTES) return true;',
    replace: 'if (this.#bytes >= 0) return true;',
    red: 'contract/hostile.test.ts',
    only: 'floods-its-log',
  },
  {
    gate: 'verify: any process may answer on the port',
    file: 'contract/harness/service.ts',
    search: 'return last === 200 && this.isOwn() ? true : undefined;',
    replace: 'return last === 200 ? true : undefined;',
    red: 'contract/hostile.test.ts',
    only: 'another process answers',
  },
  {
    gate: 'verify: nobody ends what a killed verifier leaves',
    file: 'contract/harness/reaper.ts',
    search: 'reaper.stdin.write(`+ ${kind} ${id}\\n`);',
    replace: 'reaper.stdin.write(`- ${kind} ${id}\\n`);',
    red: 'cli/verify.test.ts',
    only: 'by SIGKILL',
  },
];
