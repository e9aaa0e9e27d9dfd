import { UserError } from '../errors.ts';
import type { AnswerValue, ScalarAnswer } from '../question.ts';
import type { RepoPath } from '../repo-path.ts';
import type { FileMode, TreeFile } from '../tree.ts';
import type { Migration } from './migration.ts';

/** One item of a list that a template goes through: flat, so that there is nothing to go through inside it. */
export type TemplateRecord = Readonly<Record<string, ScalarAnswer | boolean>>;

/** What a template's text may name: precomputed values and lists of records, no functions. */
export type RenderContext = Readonly<Record<string, ScalarAnswer | boolean | readonly TemplateRecord[]>>;

/** The names that a template may use. A list has the names of its records' fields, a single value has `undefined`. */
export type TemplateVariables = ReadonlyMap<string, ReadonlySet<string> | undefined>;

/**
 * The names of a context.
 * @param sample a context in which every list has a record
 * @throws {Error} if a list is empty: its fields would be unknown
 */
export function variablesOf(sample: RenderContext): TemplateVariables {
  return new Map(
    Object.entries(sample).map(([name, value]) => {
      if (typeof value !== 'object') return [name, undefined];
      const [record] = value;
      if (!record) throw new Error(`the sample has no record of "${name}"`);
      return [name, new Set(Object.keys(record))];
    }),
  );
}

/** A compiled template. Gives its bytes in UTF-8; throws on a name that the context lacks. */
export type RenderFunction = (context: RenderContext, blocks?: Blocks) => Uint8Array;

/** What presets put into named blocks. */
export type Blocks = ReadonlyMap<string, RenderFunction>;

/** Where the lines of a rendered file come from. Lines are counted from 0. */
export interface Trace {
  /** The template's own text. */
  readonly text: string;
  /** For each rendered line that line of the template. Not set for a line of a block that somebody else filled. */
  readonly lines: readonly (number | undefined)[];
  /** What the variables on each line of the template gave, e.g. `orders` for `{{name}}`. */
  readonly values: ReadonlyMap<number, readonly TracedValue[]>;
}

export interface TracedValue {
  readonly placeholder: string;
  readonly text: string;
}

/** Traces one rendering of a template. */
export type TraceFunction = (context: RenderContext, blocks?: Blocks) => Trace;

/**
 * Who a generated file belongs to afterwards: `managed` (an edit is a finding), `merged` (three-way on upgrade),
 * `seeded` (written once, then the team's), `derived` (recomputed from other files).
 */
export type Owner = 'managed' | 'merged' | 'seeded' | 'derived';

export const OWNERS: readonly Owner[] = ['managed', 'merged', 'seeded', 'derived'];

/** One file of a layer. Exactly one of `content` and `render` is set. */
export interface TemplateFile {
  /** Where it goes, with `__name__` tokens still in it. */
  readonly path: string;
  /** Where it came from, for error messages: `base/README.md.hbs`. */
  readonly source: string;
  readonly mode: FileMode;
  readonly owner: Owner;
  readonly content?: Uint8Array;
  /** The hash of `content`, known since the package was built. */
  readonly hash?: string;
  readonly render?: RenderFunction;
  /** Says where each line of a rendering came from. */
  readonly trace?: TraceFunction;
}

/** An overlay folder and the answers under which it applies. */
export interface Layer {
  readonly path: string;
  readonly when: Readonly<Record<string, ScalarAnswer>>;
  /** Files are fetched only for layers that apply. */
  readonly files: () => readonly TemplateFile[];
  /** The preset that it belongs to, e.g. `@acme/service-preset 2.1.0`: its text replaces that of the layers below. */
  readonly preset?: string;
}

/** A template: data only, from this package or a folder, and as presets change it. */
export interface Template {
  readonly id: string;
  /** Where it came from, e.g. `create-twelve-service/<stack>`. */
  readonly source: string;
  readonly version: string;
  /** Hash of all its files: the same on every machine. */
  readonly integrity: string;
  readonly layers: readonly Layer[];
  /** What becomes of an older version's files, beyond what merging finds by itself. */
  readonly migrations?: readonly Migration[];
  /** Globs of seeded files that an upgrade changes together or not at all. */
  readonly groups?: readonly (readonly string[])[];
  /**
   * Keys of maps in its JSON files that are kept in alphabetical order, as the tool does that owns the file. Where both
   * sides of an upgrade moved a version in one, the team's stands if it is the higher one.
   */
  readonly sortedMaps?: readonly string[];
  /**
   * Paths of files that are sets of lines in order, as some lockfiles are: layers and both sides of an upgrade are united. An
   * indented line belongs to the one above it.
   */
  readonly sortedLines?: readonly string[];
  /** Its named blocks, and what presets put into them. */
  readonly blockNames?: readonly string[];
  readonly blocks?: Blocks;
  /** Paths that presets take out, with `__name__` tokens still in them. */
  readonly removed?: ReadonlySet<string>;
}

/** A file that a template gave, and what is remembered of it. */
export interface RenderedFile extends TreeFile {
  readonly path: RepoPath;
  readonly owner: Owner;
  /** Known beforehand where the file is copied byte for byte. */
  readonly hash?: string;
  readonly source: string;
}

export type RenderedTree = ReadonlyMap<RepoPath, RenderedFile>;

/**
 * The layers that apply, in the template's order.
 * @throws {UserError} TEMPLATE_BROKEN if a condition is on an answer that does not exist: the layer would never apply
 */
export function selectLayers(
  template: Template,
  answers: Readonly<Record<string, AnswerValue>> | RenderContext,
): Layer[] {
  for (const { path, when, preset } of template.layers) {
    const unknown = Object.keys(when).find((name) => !Object.hasOwn(answers, name));
    if (unknown !== undefined)
      throw templateError(
        'TEMPLATE_BROKEN',
        preset ?? 'template.json',
        `layer ${path} depends on "${unknown}", which is not an answer`,
      );
  }
  return template.layers.filter(({ when }) =>
    Object.entries(when).every(([name, value]) => String(answers[name]) === String(value)),
  );
}

/** A template that is broken says where, so that its author can mend it. */
export function templateError(
  code: 'TEMPLATE_BROKEN' | 'TEMPLATE_UNSAFE',
  source: string,
  reason: string,
  cause?: unknown,
): UserError {
  return new UserError(
    code,
    `template ${source}: ${reason}`,
    'The template has to be corrected; nothing was written.',
    {
      cause,
    },
  );
}
