import { type Doc, isList, join, line } from './doc.ts';
import { textWidth } from './width.ts';

interface Frame {
  readonly depth: number;
  readonly isFlat: boolean;
  readonly doc: Doc;
}

/**
 * @param depth of the first line, which comes without its indentation, in steps of two spaces
 * @param broken gets what the groups that were broken are of
 */
export function layout(root: Doc, width: number, depth = 0, broken = new Set<object>()): string {
  const stack: Frame[] = [{ depth, isFlat: false, doc: root }];
  const out: string[] = [];
  let column = depth * 2;
  // As long as nothing broke a line in what was measured, what is inside of it is not measured again.
  let isMeasured = false;
  const fits = (frame: Frame): boolean => restFits([frame], stack, width - column);
  const write = (text: string) => {
    out.push(text);
    column += textWidth(text);
  };
  const breakLine = (to: number) => {
    out.push('\n', ' '.repeat(to * 2));
    column = to * 2;
  };
  for (let frame = stack.pop(); frame; frame = stack.pop()) {
    const { doc, isFlat } = frame;
    if (typeof doc === 'string') write(doc);
    else if (isList(doc)) {
      for (const inner of [...doc].reverse()) stack.push({ ...frame, doc: inner });
    } else if (doc.kind === 'line') {
      if (isFlat && doc.isHard) isMeasured = false;
      if (isFlat && !doc.isHard) stack.push({ ...frame, doc: doc.flat });
      else breakLine(frame.depth);
    } else if (doc.kind === 'indent') {
      stack.push({ ...frame, depth: frame.depth + 1, doc: doc.doc });
    } else if (doc.kind === 'ifBroken') {
      if (!isFlat) stack.push({ ...frame, doc: doc.doc });
    } else if (doc.kind === 'group') {
      const flat = { ...frame, isFlat: true, doc: doc.doc };
      if (doc.isExpanded) stack.push({ ...flat, isFlat: false });
      else if (isFlat && isMeasured) stack.push(flat);
      else {
        isMeasured = true;
        const isFit = fits(flat);
        if (doc.of && !isFit) broken.add(doc.of);
        stack.push({ ...flat, isFlat: isFit });
      }
    } else if (doc.kind === 'fluid') {
      stack.push({ ...frame, doc: doc.doc });
      const stays = isFlat && isMeasured;
      isMeasured = true;
      if (stays || fits({ ...frame, isFlat: true, doc: ' ' })) stack.push({ ...frame, doc: ' ' });
      else {
        stack.pop();
        stack.push({ ...frame, depth: frame.depth + 1, doc: doc.doc });
        breakLine(frame.depth + 1);
      }
    } else if (doc.kind === 'fill') {
      if (isFlat) stack.push({ ...frame, doc: join(line, doc.items) });
      else {
        for (const [index, item] of doc.items.entries()) {
          const text = layout(item, Number.POSITIVE_INFINITY);
          if (index > 0 && column + 1 + textWidth(text) > width) breakLine(frame.depth);
          else if (index > 0) write(' ');
          write(text);
        }
      }
    } else if (doc.kind === 'best') {
      const [first = '', ...others] = doc.variants;
      if (isFlat && isMeasured) stack.push({ ...frame, doc: first });
      else {
        isMeasured = true;
        const variants = [first, ...others];
        const last = variants.length - 1;
        const found = variants.findIndex(
          (variant, index) => index === last || fits({ ...frame, isFlat: true, doc: variant }),
        );
        stack.push({ ...frame, isFlat: found < last, doc: variants[found] ?? '' });
      }
    }
  }
  return out.join('');
}

/** Whether what comes now fits up to the next line break, which what comes after it may have. */
function restFits(now: Frame[], after: readonly Frame[], room: number): boolean {
  let left = room;
  let rest = after.length;
  for (;;) {
    const frame = now.pop() ?? after[--rest];
    if (frame === undefined) return true;
    const { doc, isFlat } = frame;
    if (typeof doc === 'string') {
      left -= textWidth(doc);
      if (left < 0) return false;
    } else if (isList(doc)) {
      for (const inner of [...doc].reverse()) now.push({ ...frame, doc: inner });
    } else if (doc.kind === 'line') {
      if (!isFlat || doc.isHard) return true;
      now.push({ ...frame, doc: doc.flat });
    } else if (doc.kind === 'group') {
      now.push({ ...frame, isFlat: isFlat && !doc.isExpanded, doc: doc.doc });
    } else if (doc.kind === 'ifBroken') {
      if (!isFlat) now.push({ ...frame, doc: doc.doc });
    } else if (doc.kind === 'fluid') {
      now.push({ ...frame, doc: [line, doc.doc] });
    } else if (doc.kind === 'fill') {
      now.push({ ...frame, doc: join(line, doc.items) });
    } else if (doc.kind === 'best') {
      now.push({ ...frame, doc: (isFlat ? doc.variants[0] : doc.variants.at(-1)) ?? '' });
    } else if (doc.kind === 'indent') now.push({ ...frame, doc: doc.doc });
  }
}
