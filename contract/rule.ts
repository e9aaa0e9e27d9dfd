import type { Evidence } from './evidence.ts';
import type { Harness } from './harness/harness.ts';
import { hasPart, type Profile, type Promises } from './profile.ts';
import type { Subject } from './subject.ts';

/** MUST rules fail a verification; SHOULD rules are advice. */
export type Level = 'MUST' | 'SHOULD';

export interface Rule {
  readonly id: string;
  readonly level: Level;
  /** The first profile in which it is a MUST rule, if no platform asks every service for it. It is advice in those before. */
  readonly mustFrom?: Profile;
  /** The factor (or the area) a scorecard groups by, such as `III. Config`. */
  readonly factor: string;
  /** What the service promises, in each profile beyond those before it. */
  readonly promises: Promises;
  /** What goes wrong in production without it. */
  readonly why: string;
  /** Where to start when it is red. */
  readonly mend: string;
  /** The numbers that decide, each in a few words, made of the constants that the check uses. None where no number decides. */
  readonly thresholds?: readonly string[];
  /**
   * A command or two that show by hand what is looked at. `$URL`, `$PID`, `$SERVICE` and so on stand for what `verify explain`
   * says: see {@link PLACEHOLDERS}.
   */
  readonly byHand: readonly [string, ...string[]];
  /** Further numbers of the profile `house`, and the commands that show the observation there in place of `byHand`. */
  readonly inHouse?: { readonly thresholds?: readonly string[]; readonly byHand?: readonly [string, ...string[]] };
  /** Set on rules that need the whole machine or measure time: they run alone, after the others. */
  readonly alone?: true;
  /** Set on rules that look at the service's folder as it was before its first run (`harness.pristine`). */
  readonly pristine?: true;
  /** What takes so long that `--fast` leaves the rule out, in a few words. */
  readonly slow?: string;
  /** How long it may take, in milliseconds, if two minutes are not enough. */
  readonly boundMs?: number;
  /** Its place in the queue: rules with a higher weight start earlier, since they take longer. 0 if not given. */
  readonly weight?: number;
  /** `true`, or why the rule cannot be looked at here. The reason is printed. */
  applies(subject: Subject): true | string | Promise<true | string>;
  /**
   * Looks at the service. Every observation is recorded with `harness.saw`; what is returned is that record.
   * Throws when the service cannot be observed at all (it does not start, it hangs): the runner counts that as red.
   */
  check(harness: Harness): Promise<readonly Evidence[]>;
}

/** The level that a rule has in a profile. */
export function levelOf({ level, mustFrom }: Pick<Rule, 'level' | 'mustFrom'>, profile: Profile): Level {
  return mustFrom === undefined || hasPart(profile, mustFrom) ? level : 'SHOULD';
}

/** What stands for what in the commands of `byHand`. */
export const PLACEHOLDERS: Readonly<Record<string, string>> = {
  URL: 'where it listens, such as http://127.0.0.1:8080',
  LIVE: 'its route for liveness, such as /health/live',
  READY: 'its route for readiness, such as /health/ready',
  SERVICE: 'the command that starts it; a generated service has the verb web',
  PROGRAM: 'the command that runs its program; a verb is behind it',
  MIGRATE: 'the command that brings its database up to date',
  PID: 'the number of its process',
  LOG: 'a file with its log',
  IMAGE: 'its image',
  DATABASE: 'the container of its database',
  ROUTE: 'a path that takes a POST, such as /orders',
  BODY: 'what is posted to it, in JSON',
  ITEM: 'the path of one item, such as /orders/1',
  SLOW: 'a path whose answer takes a second or more',
  ETAG: 'the ETag of the item',
  ONE: 'the URL of a database',
  OTHER: 'the URL of another database',
  EMPTY: 'the URL of an empty database',
  BUILD: 'the command that builds it',
  TEST: 'the command that tests it',
  LAST: 'the name of the newest migration',
};
