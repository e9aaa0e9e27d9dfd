import type { AnswerValue } from '../question.ts';
import type { Owner } from '../template/template.ts';
import type { Waiver } from './waiver.ts';

/**
 * The state of a generated file: unchanged, edited, changed in the current standard (`behind`), both, or missing.
 * `extra` is a file of the team in a folder in which every file is managed.
 */
export type FileState = 'unchanged' | 'edited' | 'behind' | 'conflict-ahead' | 'missing' | 'extra';

/** A file that is not `unchanged`. */
export interface FileReport {
  readonly path: string;
  /** Not set for a file that is not in the manifest. */
  readonly owner?: Owner;
  readonly state: FileState;
  /** e.g. `a link` */
  readonly note?: string;
}

export const RULES = {
  'drift/edited': 'A file that belongs to the standard was edited',
  'drift/missing': 'A generated file is missing',
  'policy/base-image': 'A Dockerfile builds on an image that the policy does not allow',
  'policy/required-file': 'A file that the policy requires is missing',
  'policy/contract': 'A MUST rule of the contract is waived',
  'waiver/expired': 'A waiver has expired',
  'waiver/malformed': 'A waiver cannot be read',
  'lockfile/misfit': 'The lockfile does not fit the manifest, so an exact install fails',
  'upgrade/pending': 'An upgrade waits for a person to finish it',
  'service/unreadable': 'The service could not be audited',
} as const;

export type RuleId = keyof typeof RULES;

/** A problem that a person has to solve, or that is waived. */
export interface Finding {
  readonly rule: RuleId;
  readonly message: string;
  /** Relative to the service. */
  readonly path?: string;
  /** From 1. */
  readonly line?: number;
  /** Set if the finding is waived: why, by whom and until when. */
  readonly waived?: Pick<Waiver, 'reason' | 'owner' | 'expires'>;
}

/** The version that a service records, and the current one. */
export interface Lag {
  readonly name: string;
  /** Not set if the service does not have this template or preset. */
  readonly recorded?: string;
  /** Not set if the current standard no longer has it. */
  readonly current?: string;
  /** Whether the content of both versions is the same, even if their numbers differ. */
  readonly isCurrent: boolean;
}

export type FileCounts = Readonly<Record<FileState | 'new', number>>;

/** What an upgrade of one service would be, from a rehearsal. */
export type Effort =
  /** `files`: how many of them change. */
  | { readonly result: 'clean'; readonly files: number }
  /** `conflicts`: paths that a person would have to merge. */
  | { readonly result: 'conflict'; readonly conflicts: readonly string[] }
  /** It could not be tried. */
  | { readonly result: 'unknown'; readonly reason: string };

/** Number of services by effort. */
export type EffortCounts = Readonly<Record<Effort['result'], number>>;

/** The state of a service in one word: the worst that applies. */
export type ServiceState = 'unreadable' | 'findings' | 'behind' | 'current';

/** Best first. */
export const SERVICE_STATES: readonly ServiceState[] = ['current', 'behind', 'findings', 'unreadable'];

interface WaiverReport extends Waiver {
  readonly isExpired: boolean;
}

export interface ServiceAudit {
  /** The folder, as it was given. */
  readonly folder: string;
  /** If the manifest cannot be read, the folder's own name. */
  readonly name: string;
  /** Set if the service could not be audited. Then nothing else is known. */
  readonly unreadable?: { readonly code: string; readonly reason: string };
  /** The answers of its manifest, by the name of the question. They are not checked. */
  readonly answers: Readonly<Record<string, AnswerValue>>;
  /** The http(s) address of its repository. */
  readonly repository?: string;
  /** What its upgrade would be. Not set if that was not asked for, or if it is not behind. */
  readonly effort?: Effort;
  readonly template?: Lag;
  /** Bases first. */
  readonly presets: readonly Lag[];
  /** Files by state; `new` counts those that the current standard would add. */
  readonly counts: FileCounts;
  /** Files that are not `unchanged`, sorted by path. */
  readonly files: readonly FileReport[];
  readonly pending?: { readonly conflicts: readonly string[] };
  readonly waivers: readonly WaiverReport[];
  /** Rules of the contract that the policy raises to MUST. */
  readonly must: readonly string[];
  readonly findings: readonly Finding[];
  /** What could not be checked and why, and folders that moved. */
  readonly notes: readonly string[];
}

/** The same edit in several services. */
export interface Cluster {
  readonly path: string;
  readonly owner: Owner;
  /** Folders of the services, as they were given. */
  readonly services: readonly string[];
  /** The file of the template or preset that could take the edit, as the patch names it. */
  readonly source: string;
  /** The preset that has that file. Not set for the built-in template. */
  readonly preset?: string;
  /** A unified diff of that file. The service's name is a placeholder again. */
  readonly patch: string;
  readonly note?: string;
}

interface FindingOf {
  /** The folder of its service. */
  readonly service: string;
  readonly rule: string;
  readonly message: string;
}

/** What changed since an earlier audit. Services are named by their folders. */
export interface Trend {
  /** `YYYY-MM-DD` of the earlier audit. */
  readonly since: string;
  /** The numbers of the earlier audit. */
  readonly before: {
    readonly services: number;
    readonly byState: Readonly<Record<ServiceState, number>>;
    readonly findings: number;
  };
  /** In a better state, or in the same state with fewer open findings. */
  readonly better: readonly string[];
  readonly worse: readonly string[];
  /** Only this audit has them. */
  readonly appeared: readonly string[];
  /** Only the earlier audit had them. */
  readonly disappeared: readonly string[];
  /** Open findings that the earlier audit did not have. */
  readonly newFindings: readonly FindingOf[];
  /** Findings that are open no more: solved or waived. Not those of services that disappeared. */
  readonly resolvedFindings: readonly FindingOf[];
}

/** Everything that the reports print. */
export interface AuditResult {
  readonly schema: 1;
  /** Whether there is nothing for a person to do. */
  readonly ok: boolean;
  /** `YYYY-MM-DD`: waivers are compared with this day. */
  readonly date: string;
  /** The version of this program and of its template. */
  readonly version: string;
  /** Names of the answers that reports show as columns. Services are grouped by the first. */
  readonly columns: readonly string[];
  /** What changed since an earlier audit, if one was named. */
  readonly trend?: Trend;
  readonly services: readonly ServiceAudit[];
  /** Largest first. */
  readonly clusters: readonly Cluster[];
}

/** Findings without a waiver. */
export function openFindings({ findings }: Pick<ServiceAudit, 'findings'>): Finding[] {
  return findings.filter(({ waived }) => waived === undefined);
}
