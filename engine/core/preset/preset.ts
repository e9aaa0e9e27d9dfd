import type { ScalarAnswer } from '../question.ts';
import type { Migration } from '../template/migration.ts';
import type { Groups, Ownership } from '../template/source-template.ts';
import type { Layer } from '../template/template.ts';

/** An organisation's standard on top of the built-in template: the content of `preset.yaml`. It is only data. */
export interface Preset {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  /** Sources of its bases. They apply first, in this order, and the preset itself last. A later one wins. */
  readonly extends: readonly string[];
  /** Answers that are used if none is given. */
  readonly defaults: Readonly<Record<string, ScalarAnswer>>;
  /** Answers that nobody may change. */
  readonly locked: Readonly<Record<string, ScalarAnswer>>;
  /** Questions that must be answered: they have no default. */
  readonly required: readonly string[];
  /** Answers that nobody may give. */
  readonly denied: Readonly<Record<string, readonly ScalarAnswer[]>>;
  readonly questions: readonly PresetQuestion[];
  readonly layers: readonly { readonly path: string; readonly when: Layer['when'] }[];
  readonly ownership: Ownership;
  /** Globs of seeded files that an upgrade changes together or not at all. */
  readonly groups: Groups;
  /** Paths of lower layers that services do not get. */
  readonly remove: readonly string[];
  readonly migrations: readonly Migration[];
  readonly policy: Policy;
  /** The place of a key, for messages: `preset.yaml:12`. */
  readonly at: (key: readonly (string | number)[]) => string;
}

/** A question that a preset adds. Templates use its answer as a variable of the same name. */
export interface PresetQuestion {
  readonly name: string;
  readonly message: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'choice';
  readonly choices?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  /** What the whole answer matches, e.g. `^[a-z][a-z0-9-]*$`. */
  readonly pattern?: string;
  readonly default?: ScalarAnswer | boolean;
  /** Whether a terminal session asks it. */
  readonly asked?: boolean;
}

/** What an audit requires of every service. */
export interface Policy {
  /** Globs of the images that a Dockerfile may build on, without tag or digest. An empty list allows every image. */
  readonly images: readonly string[];
  /** Paths that every service must have. */
  readonly requiredFiles: readonly string[];
  /** Rules of the contract that are MUST for this organisation. */
  readonly must: readonly string[];
}

export const NO_POLICY: Policy = { images: [], requiredFiles: [], must: [] };

/** The policies of several presets together. */
export interface JoinedPolicy extends Omit<Policy, 'images'> {
  /** Lists of globs: an image has to match one of each. */
  readonly images: readonly (readonly string[])[];
}

/** Joins the policies of several presets. It only ever gets narrower: no preset allows what another one does not. */
export function joinPolicies(policies: readonly Policy[]): JoinedPolicy {
  const unique = (pick: (policy: Policy) => readonly string[]) => [...new Set(policies.flatMap(pick))];
  return {
    images: policies.map(({ images }) => images).filter((list) => list.length > 0),
    requiredFiles: unique(({ requiredFiles }) => requiredFiles),
    must: unique(({ must }) => must),
  };
}
