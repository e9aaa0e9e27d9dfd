import type { ScalarAnswer } from '../question.ts';
import type { Migration } from '../template/migration.ts';
import type { Ownership } from '../template/source-template.ts';
import type { Layer } from '../template/template.ts';

/** An organisation's standard, on top of the built-in template: `preset.yaml`, data and nothing else. */
export interface Preset {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  /** Sources of its bases. They apply first, in this order; what comes later wins, and the preset itself comes last. */
  readonly extends: readonly string[];
  /** Answers that are used where none is given. */
  readonly defaults: Readonly<Record<string, ScalarAnswer>>;
  /** Answers that nobody may change. */
  readonly locked: Readonly<Record<string, ScalarAnswer>>;
  /** Questions that have to be answered: their default is taken away. */
  readonly required: readonly string[];
  /** Answers that nobody may give. */
  readonly denied: Readonly<Record<string, readonly ScalarAnswer[]>>;
  readonly questions: readonly PresetQuestion[];
  readonly layers: readonly { readonly path: string; readonly when: Layer['when'] }[];
  readonly ownership: Ownership;
  /** Paths of the layers below that services shall not have. */
  readonly remove: readonly string[];
  readonly migrations: readonly Migration[];
  readonly policy: Policy;
  /** Where a key stands, for messages: `preset.yaml:12`. */
  readonly at: (key: readonly (string | number)[]) => string;
}

/** A question of the organisation's own. Its answer is a variable of the templates, by the same name. */
export interface PresetQuestion {
  readonly name: string;
  readonly message: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'choice';
  readonly choices?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly default?: ScalarAnswer | boolean;
  /** Whether a terminal session asks it. */
  readonly asked?: boolean;
}

/** What an audit holds every service to. */
export interface Policy {
  /** Globs of the images that a Dockerfile may build on, without tag or digest; none: any. */
  readonly images: readonly string[];
  /** Paths that every service has to have. */
  readonly requiredFiles: readonly string[];
  /** Rules of the contract that are MUST for this organisation. */
  readonly must: readonly string[];
}

export const NO_POLICY: Policy = { images: [], requiredFiles: [], must: [] };

/** All that several presets ask for: every one of them has to be kept. */
export function joinPolicies(policies: readonly Policy[]): Policy {
  const unique = (pick: (policy: Policy) => readonly string[]) => [...new Set(policies.flatMap(pick))];
  // A later list of images narrows an earlier one; what only one of them names is judged by it alone.
  const images = policies.map((policy) => policy.images).filter((list) => list.length > 0);
  return {
    images: images.at(-1) ?? [],
    requiredFiles: unique(({ requiredFiles }) => requiredFiles),
    must: unique(({ must }) => must),
  };
}
