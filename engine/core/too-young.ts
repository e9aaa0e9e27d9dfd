/** What npm says where a setting about the age of versions leaves none. The second one it also says where there never was one. */
const DATED = /No matching version found for (.+?) with a date before /;
const NONE = /No versions available for (\S+)/;

/** A package that npm did not take since it is too young. */
interface TooYoung {
  /** What was asked for, e.g. `ms@2.1.3`. */
  readonly wanted: string;
  /** Whether nothing else can be the reason. */
  readonly isSure: boolean;
}

/** @param stderr of an npm that failed */
export function tooYoungIn(stderr: string): TooYoung | undefined {
  const [, dated] = DATED.exec(stderr) ?? [];
  if (dated !== undefined) return { wanted: dated, isSure: true };
  const [, wanted] = NONE.exec(stderr) ?? [];
  return wanted === undefined ? undefined : { wanted, isSure: false };
}

/** The reason for a person, with what to do. */
export function tooYoungText({ wanted, isSure }: TooYoung): string {
  const held = `npm takes no version of ${wanted}`;
  const why = 'its setting min-release-age (or before) holds back what is too young';
  return `${held}: ${isSure ? '' : 'perhaps '}${why}; wait until it is old enough, or change the setting in your .npmrc`;
}
