/** A text whose line breaks are not decided yet: the algebra of Wadler and Prettier, with Biome's rules. */
export type Doc =
  | string
  | readonly Doc[]
  | { readonly kind: 'line'; readonly flat: string; readonly isHard: boolean }
  | { readonly kind: 'indent'; readonly doc: Doc }
  | {
      readonly kind: 'group';
      readonly doc: Doc;
      readonly isExpanded: boolean;
      /** As `willBreak` says, which would be slow to find out at each level anew. */
      readonly hasBreak: boolean;
      readonly of: object | undefined;
    }
  | { readonly kind: 'ifBroken'; readonly doc: Doc }
  | { readonly kind: 'fluid'; readonly doc: Doc }
  | { readonly kind: 'fill'; readonly items: readonly Doc[] }
  | { readonly kind: 'best'; readonly variants: readonly Doc[] }
  | { readonly kind: 'breakParent' };

/** Nothing, or a line break in a group that does not fit. */
const softline: Doc = { kind: 'line', flat: '', isHard: false };
/** A space, or a line break in a group that does not fit. */
export const line: Doc = { kind: 'line', flat: ' ', isHard: false };
/** A line break in any case. */
export const hardline: Doc = { kind: 'line', flat: '', isHard: true };
/** Breaks the groups around it. */
export const breakParent: Doc = { kind: 'breakParent' };

export const indent = (doc: Doc): Doc => ({ kind: 'indent', doc });

/**
 * Is on one line if it fits. Otherwise all of its own lines are broken.
 * @param of what `layout` names if it breaks this group
 */
export const group = (doc: Doc, isExpanded = false, of?: object): Doc => ({
  kind: 'group',
  doc,
  isExpanded: isExpanded || breaksParent(doc),
  hasBreak: isExpanded || willBreak(doc),
  of,
});

/** Only where the group around it is broken. */
export const ifBroken = (doc: Doc): Doc => ({ kind: 'ifBroken', doc });

/** After an operator: begins a line of its own if its own beginning does not fit. */
export const fluid = (doc: Doc): Doc => ({ kind: 'fluid', doc });

/** As many of the items on each line as fit. */
export const fill = (items: readonly Doc[]): Doc => ({ kind: 'fill', items });

/** The first variant that fits, up to a line break that it has anyway; else the last. */
export const best = (...variants: Doc[]): Doc => ({ kind: 'best', variants });

/** Between brackets, on lines of its own if it does not fit. */
export const block = (doc: Doc, edge: Doc = softline): Doc => [indent([edge, doc]), edge];

export function join(separator: Doc, docs: readonly Doc[]): Doc[] {
  return docs.flatMap((doc, index) => (index === 0 ? [doc] : [separator, doc]));
}

/** Whether it has a line break at any width. */
export function willBreak(doc: Doc): boolean {
  return typeof doc === 'object' && breaks(doc, (inner) => willBreak(inner), true);
}

/** Whether it breaks the group around it: the choice between variants does not. */
function breaksParent(doc: Doc): boolean {
  return typeof doc === 'object' && breaks(doc, (inner) => breaksParent(inner), false);
}

function breaks(doc: Exclude<Doc, string>, inside: (doc: Doc) => boolean, countsBest: boolean): boolean {
  if (isList(doc)) return doc.some(inside);
  if (doc.kind === 'line') return doc.isHard;
  if (doc.kind === 'breakParent') return true;
  if (doc.kind === 'group') return countsBest ? doc.hasBreak : doc.isExpanded;
  if (doc.kind === 'best') return countsBest && doc.variants[0] !== undefined && inside(doc.variants[0]);
  return doc.kind === 'fill' ? doc.items.some(inside) : inside(doc.doc);
}

export function isList(doc: Doc): doc is readonly Doc[] {
  return Array.isArray(doc);
}
