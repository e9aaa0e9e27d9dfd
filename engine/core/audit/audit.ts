import type { Owner } from '../template/template.ts';
import type { Waiver } from './waiver.ts';

/**
 * What became of a generated file: nothing, somebody edited it, the standard moved on (`behind`), both, or it is gone.
 * `extra` is a file where only the standard has any business.
 */
export type FileState = 'unchanged' | 'edited' | 'behind' | 'conflict-ahead' | 'missing' | 'extra';

export const FILE_STATES: readonly FileState[] = [
  'unchanged',
  'edited',
  'behind',
  'conflict-ahead',
  'missing',
  'extra',
];

/** A file that is not `unchanged`. */
export interface FileReport {
  readonly path: string;
  /** Absent for a file that no manifest has. */
  readonly owner?: Owner;
  readonly state: FileState;
  /** e.g. `a link` */
  readonly note?: string;
}

export const RULES = {
  'drift/edited': 'A file that belongs to the standard was edited',
  'drift/missing': 'A generated file is gone',
  'policy/base-image': 'A Dockerfile builds on an image that the policy does not allow',
  'policy/required-file': 'A file that the policy requires is not there',
  'policy/contract': 'A rule of the contract that is a MUST is waived',
  'waiver/expired': 'A waiver has expired',
  'waiver/malformed': 'A waiver cannot be read',
  'upgrade/pending': 'An upgrade waits for a person to finish it',
  'service/unreadable': 'The service could not be audited',
} as const;

export type RuleId = keyof typeof RULES;

/** Something that a person has to do, or has a waiver for. */
export interface Finding {
  readonly rule: RuleId;
  readonly message: string;
  /** Relative to the service. */
  readonly path?: string;
  /** From 1. */
  readonly line?: number;
  /** Set: it is let be, by whom and until when. */
  readonly waived?: Pick<Waiver, 'reason' | 'owner' | 'expires'>;
}

/** A version as a service records it, and the one of now. */
export interface Lag {
  readonly name: string;
  /** Absent if the service has none of it. */
  readonly recorded?: string;
  /** Absent if there is none any more. */
  readonly current?: string;
  /** Whether the files behind the versions are the same, whatever they are called. */
  readonly isCurrent: boolean;
}

export type FileCounts = Readonly<Record<FileState | 'new', number>>;

export interface WaiverReport extends Waiver {
  readonly isExpired: boolean;
}

export interface ServiceAudit {
  /** The folder, as it was given. */
  readonly folder: string;
  /** The folder's last name where the manifest cannot be read. */
  readonly name: string;
  /** Set: nothing else could be told. */
  readonly unreadable?: { readonly code: string; readonly reason: string };
  readonly template?: Lag;
  /** Bases first. */
  readonly presets: readonly Lag[];
  /** Files by state; `new` counts those that the current standard would add. */
  readonly counts: FileCounts;
  /** All that are not `unchanged`, by path. */
  readonly files: readonly FileReport[];
  readonly pending?: { readonly conflicts: readonly string[] };
  readonly waivers: readonly WaiverReport[];
  /** Rules of the contract that the policy raises to MUST. */
  readonly must: readonly string[];
  readonly findings: readonly Finding[];
  /** What could not be looked at, and why. */
  readonly notes: readonly string[];
}

/** The same edit in several services. */
export interface Cluster {
  readonly path: string;
  readonly owner: Owner;
  /** Folders of the services, as they were given. */
  readonly services: readonly string[];
  /** The file of the template or preset that could have it, as the patch names it. */
  readonly source: string;
  /** The preset that has that file; absent: the built-in template. */
  readonly preset?: string;
  /** A unified diff of that file, with the name's placeholders put back. */
  readonly patch: string;
  readonly note?: string;
}

/** All that the reports print. */
export interface AuditResult {
  readonly schema: 1;
  /** Whether there is nothing for a person to do. */
  readonly ok: boolean;
  /** `YYYY-MM-DD`: the day by which waivers were judged. */
  readonly date: string;
  /** The version of this program, which is that of its template. */
  readonly version: string;
  readonly services: readonly ServiceAudit[];
  /** Largest first. */
  readonly clusters: readonly Cluster[];
}

/** Findings that nobody waived. */
export function openFindings({ findings }: Pick<ServiceAudit, 'findings'>): Finding[] {
  return findings.filter(({ waived }) => waived === undefined);
}
