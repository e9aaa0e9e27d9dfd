import type { DottedData, UnaskedRule } from '../engine/core/preset/unasked.ts';
import type { AnswerValue } from '../engine/core/question.ts';
import type { Endpoint } from '../engine/core/service/endpoint.ts';
import type { Resource } from '../engine/core/service/resource.ts';
import type { FoundRoute } from '../engine/core/service/route.ts';
import type { Concern } from '../engine/core/service/variables.ts';
import type { RenderContext } from '../engine/core/template/template.ts';
import type { Tree } from '../engine/core/tree.ts';
import type { IgnoredFolders } from '../engine/io/git/team-tree.ts';
import type { Sources } from '../engine/io/service/service.ts';
import type { WorkspaceSign } from '../engine/io/surroundings.ts';
import type { LockCode } from './lock.ts';

/**
 * A language that services are written in: all that this program knows of it beside its templates. It is small, since
 * every command loads it; what only some commands need is in {@link StackCode}.
 */
export interface Stack {
  /** Its folder below `templates/` and `stacks/`, and the answer `stack` of its services. */
  readonly id: string;
  /** What a person chooses: `TypeScript`. */
  readonly title: string;
  /** Whether it is the root of several services: nothing but services is added to it, and it takes no preset. */
  readonly isWorkspace?: true;
  /** What can install its packages, the default first, where there is a choice. */
  readonly packageManagers?: readonly string[];
  /** The same stack with one of them. */
  readonly managedBy?: (packageManager: string) => Stack | undefined;
  readonly places: Places;
  readonly commands: Commands;
  /** What its templates may name besides what all stacks share. */
  readonly context: (answers: Readonly<Record<string, AnswerValue>>) => RenderContext;
  readonly load: () => Promise<StackCode>;
}

/** Where a service keeps its files. Paths are relative to its root. */
interface Places {
  /** What generators have to read of it. */
  readonly sources: Sources;
  /** The file that names its packages, and the one that locks them. Both are empty where there are no packages. */
  readonly manifest: string;
  readonly lockfile: string;
  /** Where several lock its packages: the others, each after those whose versions it takes over. */
  readonly furtherLockfiles?: readonly string[];
  readonly ignored: IgnoredFolders;
  /** The file of an addition that a person goes on writing. */
  readonly written: (kind: Written, name: string) => string;
  /** Files that get lines for each service that joins. */
  readonly joined?: readonly string[];
  /** A project of several packages, which are installed together from its root: a service in it is one of them. */
  readonly workspace?: WorkspaceSign & { readonly title: string };
  /** Files of the service that have a quarrel with one in a folder above it. */
  readonly quarrels?: readonly Quarrel[];
}

interface Quarrel extends Pick<WorkspaceSign, 'isMember'> {
  /** The file of the service. */
  readonly file: string;
  /** The names that its counterpart above may have. */
  readonly above: readonly string[];
  /** What ends it. */
  readonly help: string;
}

type Written = 'client' | 'endpoint' | 'flag' | 'task' | 'worker';

/** What a person types in the root of a service. */
interface Commands {
  /** Installs exactly what the lockfile says. */
  readonly install: string;
  /**
   * The same as this program runs it: packages for development too, whatever the environment says, little output, and no script
   * of anybody, whatever a file of the service says.
   */
  readonly installQuietly: readonly [program: string, ...args: string[]];
  /**
   * Further arguments of `installQuietly`, for a tool that asks its registry again about what it has kept: then it does not ask.
   * What it has kept may be too old, which `installed` says.
   */
  readonly fromCache?: readonly string[];
  /** Brings the lockfile in line with the manifest, and installs. */
  readonly sync: string;
  readonly dev: string;
  readonly test: string;
  /** Writes the documents that are made from the sources. */
  readonly docs: string;
  /** Runs a verb of the contract, e.g. `migrate` or `run NAME`. */
  readonly verb: (words: string) => string;
}

/** What generators add packages for. */
export type Needs = 'client' | 'flag';

/** How a language writes what generators add, and how its sources are read. */
export interface StackCode {
  /**
   * endpoint -> what its templates may name; their layers may depend on it too
   * @throws {RangeError} where no request can be made that its own schema accepts
   */
  readonly endpoint: (endpoint: Endpoint) => RenderContext;
  /**
   * resource -> what its templates may name
   * @throws {RangeError} for a unique field of which a test cannot make enough values
   */
  readonly resource: (resource: Resource) => RenderContext;
  /**
   * The manifest and the lockfile with the packages that an addition needs, without a network. Every old line stays.
   * @returns nothing for a file that is not there
   * @throws {UserError} TARGET_UNUSABLE for one that cannot be read
   */
  readonly dependencies: (needs: Needs, tree: Tree) => Promise<Tree>;
  /** Whether the lockfile fits the manifest, and how it is made to fit. */
  readonly lock: LockCode;
  /**
   * What its templates of a client, flag, task or worker may name besides what those of all stacks may: names in its own spelling.
   * @param names `name` of the addition, and variables of the environment, whose keys end in `Env`
   */
  readonly additionNames: (names: Readonly<Record<string, string>>) => RenderContext;
  /** How code asks the flag of this name. */
  readonly flagCall: (name: string) => string;
  /** Why a name cannot be used by a generator (`add-client`), e.g. because it is a keyword; nothing if it can. */
  readonly nameProblem: (name: string, generator: string) => string | undefined;
  /**
   * Why new files cannot be compiled beside those that are there: a name that both declare. Not for a language in which the names
   * of a file are its own.
   */
  readonly nameClash?: (tree: Tree, added: Tree) => string | undefined;
  /** Routes that sources register, as far as their text shows it. */
  readonly findRoutes: (tree: Tree) => FoundRoute[];
  /** What sources declare of the environment, by the names of their files. */
  readonly findConcerns: (tree: Tree) => Concern[];
  /**
   * What a repository of this language says of itself: name, description, license, author.
   * @param read the text of a file, empty where it is not there
   */
  readonly guess: (read: (path: string) => string) => Readonly<Record<string, unknown>>;
  /** Paths of JSON that its tools read with comments. */
  readonly jsonWithComments: RegExp;
  /** What its package managers and tools run unasked, and dotted files that they read as data, beyond what every language has. */
  readonly unasked: readonly (UnaskedRule | DottedData)[];
  /** Keys of its files that run something once a person starts it. */
  readonly startedKeys: readonly UnaskedRule[];
  /**
   * What `installQuietly` did not run, with the commands that do.
   * @param read the text of a file, empty where it is not there
   */
  readonly heldBack: (read: (path: string) => string) => readonly string[];
  /**
   * What `installQuietly` said of an installation, on stderr: whether all of it was written, why it failed, and what a person
   * should read of it; and whether a version was not found, as where the tool knows a registry from long ago.
   */
  readonly installed: (stderr: string) => {
    readonly isWhole: boolean;
    readonly reason: string;
    readonly said: string;
    readonly isUnknown?: boolean;
  };
  /** Sources that make sense in a service that was written by hand: name of the part -> globs. */
  readonly parts: Readonly<Record<string, readonly string[]>>;
  /**
   * What a pipeline, Dockerfile or source of this language relies on and a repository does not have, each as the end of a
   * sentence: `runs npm run lint, and package.json has no such script`.
   * @param read the text of a file of the repository, empty where it is not there
   */
  readonly unmetNeeds: (text: string, read: (path: string) => string) => string[];
}
