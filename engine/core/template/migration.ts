/** What an upgrade to a version does beyond merging: data, like everything of a template. */
export interface Migration {
  /** Done by an upgrade that comes from below this version. */
  readonly version: string;
  /** Files that moved, from -> to: merging alone would have to guess. */
  readonly move?: Readonly<Record<string, string>>;
  /** Files that no version has any more, also where the recorded one did not write them. */
  readonly delete?: readonly string[];
  /** Keys of JSON and YAML files that get a value. */
  readonly set?: readonly KeySetting[];
}

export interface KeySetting {
  readonly file: string;
  /** Keys that lead to it. */
  readonly key: readonly string[];
  readonly value: unknown;
}

/**
 * The migrations between two versions, oldest first. An unreleased version, such as `unreleased`, is newer than every other.
 * @param from nothing is due without a version to come from
 */
export async function dueMigrations(
  migrations: readonly Migration[],
  from: string | undefined,
  to: string,
): Promise<Migration[]> {
  const { default: semver } = await import('semver');
  if (from === undefined || !semver.valid(from)) return [];
  const isDue = ({ version }: Migration) => semver.gt(version, from) && (!semver.valid(to) || semver.lte(version, to));
  return migrations.filter(isDue).sort((a, b) => semver.compare(a.version, b.version));
}

/** A migration with other paths: `__name__` tokens are filled with the answers of a service. */
export function fillMigration(migration: Migration, fill: (path: string) => string): Migration {
  const { version, move, delete: gone, set } = migration;
  return {
    version,
    ...(move ? { move: Object.fromEntries(Object.entries(move).map((paths) => paths.map(fill))) } : {}),
    ...(gone ? { delete: gone.map(fill) } : {}),
    ...(set ? { set: set.map((setting) => ({ ...setting, file: fill(setting.file) })) } : {}),
  };
}
