/** A command: a program and its arguments. */
export type Command = readonly [program: string, ...args: string[]];

type Variables = Readonly<Record<string, string>>;
/** Texts of files by path, relative to a folder. */
type Files = Readonly<Record<string, string>>;

/**
 * What the verifier has to know of a language. Nothing else in it knows one, so a service in a new language is looked at
 * when its runtime is here and in the table of `index.ts`. Functions read files and run nothing.
 */
export interface Runtime {
  /** As reports call it. */
  readonly name: string;
  /** Files that name the dependencies of a project. */
  readonly manifests: readonly string[];
  /** Other files by which a folder is known as one of this language. */
  readonly signs?: readonly string[];
  /** What is wrong with the manifest of a folder, if nothing can be done with it. */
  problem?(folder: string): string | undefined;

  /** In the order in which they count where a folder has the locks of several. */
  readonly packageManagers: readonly PackageManager[];
  /** Whether a folder has a lock for the projects below it. */
  isWorkspace?(folder: string): boolean;
  /** The installs among the commands of a Dockerfile; tools of the image itself are none. */
  installs(dockerfile: DockerCommands): Install[];

  /** How a folder says that its service is started, if it can: the text of a command. */
  startCommand?(folder: string): string | undefined;
  /** Where `startCommand` looks, for a person to add one: `as ...`. */
  readonly startPlace?: string;
  /** What has to be run before the service of a folder can be started. */
  preparation?(folder: string, lock: FoundLock | undefined): readonly Command[];
  /** The build and the tests of a folder, or why there are none. */
  checks(folder: string): readonly Check[] | string;
  /** Variables with which `checks` and package managers run without a network. `home` is what HOME was. */
  toolEnvironment(home: string): Variables;

  /** What a tool says when it cannot do its work without a network. */
  readonly needsNetwork?: RegExp;

  /** Names of folders with code of others, which are large: a copy of the project links them. */
  readonly linkedFolders: readonly string[];
  /** A file by which a folder of any name is known as one of these. */
  readonly linkedSign?: string;
  /** Names of folders with what a build made, which are large too. A copy that is built has its own. */
  readonly builtFolders: readonly string[];
  /** Folders of programs in a project. */
  readonly programFolders: readonly string[];
  /** Files that are given to an interpreter. */
  readonly programFiles?: RegExp;

  /** Programs that make code from sources, and that an image which ships does not have. */
  readonly compilers: readonly string[];
  /** Programs and packages for those who write a service: tests, checks, formats, builds. No service needs one to run. */
  readonly developerTools?: readonly string[];
  /** Programs that install packages. */
  readonly installers: readonly string[];
  /** What is needed to develop the service of a folder, and not to run it. */
  development(folder: string): Development;

  /** A frame of a stack trace. */
  readonly stackTrace: RegExp;
  /** Absent where nothing can be done to a process from outside. */
  readonly faults?: Faults;
}

/** A package manager, as far as its lock goes. */
export interface PackageManager {
  readonly name: string;
  /** The name of the file. */
  readonly lock: string;
  /** Whether a file of that name locks anything; each does if absent. */
  isLock?(text: string): boolean;
  /** Installs exactly what the lock says, or fails. */
  readonly install: Command;
  /** Compares manifest and lock, without installing; absent where that needs a network. */
  readonly check?: LockCheck;
  /** Names of dependencies in the manifest of a folder that its lock does not have, where that can be read. */
  unlocked?(folder: string): readonly string[];
}

export interface LockCheck {
  readonly command: Command;
  /** What it says of a lock that does not fit the manifest. */
  readonly refused: RegExp;
  /** What the command reads, or why it cannot be tried with these files alone. */
  project(folder: string, lock: string): LockedProject | string;
}

export interface LockedProject {
  readonly files: Files;
  /** Of the same project, with one more dependency in the manifest alone: the files that differ. */
  readonly edited: Files;
}

/** A lock, and the folder that has it. */
export interface FoundLock {
  readonly folder: string;
  readonly manager: PackageManager;
}

/** What a Dockerfile runs. */
export interface DockerCommands {
  /** Words of each command, in order, without the shell and the variables before it. */
  readonly commands: readonly (readonly string[])[];
  /** Whether it says that it is run by a CI server. */
  readonly isCi: boolean;
}

/** A command that installs a project's packages, and whether it takes nothing but what the lock says. */
export interface Install {
  readonly text: string;
  readonly isFrozen: boolean;
}

/** One of the commands that a team runs before it merges. */
export interface Check {
  readonly kind: 'build' | 'test';
  readonly command: Command;
  /** Set on tests that build what they test. */
  readonly builds?: true;
}

interface Development {
  /** Folders and files of packages, relative to where the service runs. */
  readonly paths: readonly string[];
  /** Names of programs. */
  readonly programs: readonly string[];
}

/** What a process says on stderr, followed by a space and its process id: once code runs in it before its own, and for each thread. */
export const RAN = 'twelve-preload';
/** What it says when it crashes because it was told to. */
export const CRASHED = 'twelve-crash';
/** The signal that a process with one of the faults waits for. */
export const FAULT_SIGNAL = 'SIGUSR2';
/** What it says, followed by a space and bytes, when it is asked how much memory it holds; see {@link Faults.crash}. */
export const HOLDS = 'twelve-holds';
/** The signal that asks for it. */
export const HOLDS_SIGNAL = 'SIGURG';

/** Ways to break a process that runs, for programs of a language that can be given code from outside. */
export interface Faults {
  /** The program that runs such code, by its name. */
  readonly program: string;
  /**
   * The environment in which a process throws an exception that nobody catches; see RAN and CRASHED. At HOLDS_SIGNAL it collects
   * its garbage, and says how many bytes its objects and buffers hold then.
   */
  crash(given: Variables): Variables;
  /** The environment in which the clock of a process goes back by an hour. */
  clockBack(given: Variables): Variables;
}
