import { isUtf8 } from 'node:buffer';
import type { FileChange } from '../engine/core/plan.ts';

/** Unified diffs, one for each change. */
export async function patchText(changes: readonly FileChange[]): Promise<string[]> {
  const { formatPatch, structuredPatch } = await import('diff');
  return changes.map((change) => {
    const { before, after } = sides(change);
    const mode = modeLines(change);
    const head = `diff --git a/${change.path} b/${change.path}\n${mode}`;
    if (isBinary(before) || isBinary(after)) return `${head}Binary files differ\n`;
    const from = change.kind === 'create' ? '/dev/null' : `a/${change.path}`;
    const to = change.kind === 'delete' ? '/dev/null' : `b/${change.path}`;
    const [old, young] = [before.toString('utf8'), after.toString('utf8')];
    const patch = structuredPatch(from, to, old, young, undefined, undefined, { context: 3 });
    // For an empty file, git writes only the head.
    return patch.hunks.length === 0 ? head : head + formatPatch(patch).replace(/^=+\n/, '');
  });
}

/** The lines of a git patch about a file's mode. */
function modeLines(change: FileChange): string {
  const bits = (mode: number) => `100${mode.toString(8)}`;
  if (change.kind === 'create') return `new file mode ${bits(change.after.mode)}\n`;
  if (change.kind === 'delete') return `deleted file mode ${bits(change.before.mode)}\n`;
  const { before, after } = change;
  return before.mode === after.mode ? '' : `old mode ${bits(before.mode)}\nnew mode ${bits(after.mode)}\n`;
}

function sides(change: FileChange): { before: Buffer; after: Buffer } {
  return {
    before: Buffer.from('before' in change ? change.before.content : []),
    after: Buffer.from('after' in change ? change.after.content : []),
  };
}

/** Whether content cannot be shown as text, because it is not UTF-8 or has a zero byte. */
function isBinary(content: Buffer): boolean {
  return content.includes(0) || !isUtf8(content);
}
