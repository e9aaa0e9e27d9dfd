// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are source code

import { AUDIT } from './audit.ts';
import { FETCHING } from './fetching.ts';
import { FLEET_REPORTS } from './fleet-reports.ts';
import { LOCKFILE } from './lockfile.ts';
import { PRESETS } from './presets.ts';
import { UPGRADE } from './upgrade.ts';
import { VERIFY } from './verify.ts';
import { VERIFY_REPORTS } from './verify-reports.ts';

/** One gate taken away, as an edit of the source, and the test file that must notice. */
interface Edit {
  readonly gate: string;
  /** Stands exactly once there. White space does not count. */
  readonly search: string;
  readonly replace: string;
  /** Path below `test/`. */
  readonly red: string;
  /** Only tests whose name matches: the others cost time and prove nothing here. */
  readonly only?: string;
}

/**
 * The edit is made in a top-level declaration of the program, by name, whatever its file is: moving code to another
 * file loses no mutant. What is not TypeScript is found by its path.
 */
export type Mutant = Edit &
  ({ readonly in: string; readonly file?: undefined } | { readonly in?: undefined; readonly file: string });

const WRITES: readonly Mutant[] = [
  {
    gate: 'a path leaves the target',
    in: 'parseRepoPath',
    search: 'if (problem) throw new RangeError(',
    replace: "if (problem === '') throw new RangeError(",
    red: 'laws/9-stays-inside.test.ts',
  },
  {
    gate: 'a path names .git',
    in: 'segmentProblem',
    search: "if (/^\\.git[. ]*$/.test(folded) || folded === 'git~1')",
    replace: 'if (folded === "")',
    red: 'laws/9-stays-inside.test.ts',
  },
  {
    gate: 'a template writes our own files',
    in: 'renderPath',
    search: 'if (OWN_NAME.test(path))',
    replace: 'if (OWN_NAME.test(""))',
    red: 'laws/9-stays-inside.test.ts',
  },
  {
    gate: 'a link in the target is followed',
    in: 'obstacleAt',
    search: "if (kind !== (depth === segments.length ? 'file' : 'folder'))",
    replace: "if (kind === 'other')",
    red: 'laws/9-stays-inside.test.ts',
  },
  {
    gate: "a journal's paths are trusted",
    in: 'readJournal',
    search: 'for (const path of [...journal.folders, ...paths]) parseRepoPath(path);',
    replace: '',
    red: 'faults/meanwhile.test.ts',
  },
  {
    gate: "a journal's links are followed",
    in: 'undoEntry',
    search: 'if (ways.some((way) => way && obstacleAt(root, way as RepoPath))) return false;',
    replace: '',
    red: 'faults/meanwhile.test.ts',
  },
  {
    gate: "a journal's folders lie behind a link",
    in: 'undo',
    search: 'if (!obstacleAt(root, `${folder}/-` as RepoPath)) removeIfEmpty',
    replace: 'removeIfEmpty',
    red: 'faults/meanwhile.test.ts',
  },
  {
    gate: "a record's folders are made behind a link",
    in: 'carryOut',
    search: ' && !obstacleAt(root, `${path}/-` as RepoPath);',
    replace: ';',
    red: 'cli/undo-and-apply.test.ts',
    only: 'makes a folder behind a link',
  },
  {
    gate: 'two runs hold one folder',
    in: 'applyInPlace',
    search: 'fs.renameSync(own, held);',
    replace: 'fsExtra().removeSync(held); fs.renameSync(own, held);',
    red: 'faults/meanwhile.test.ts',
  },
  {
    gate: 'a target that appeared is replaced',
    in: 'applyFresh',
    search: 'fs.renameSync(stage, join(folder, top));',
    replace: 'fsExtra().moveSync(stage, join(folder, top), { overwrite: true });',
    red: 'faults/meanwhile.test.ts',
  },
  {
    gate: 'the target changed meanwhile',
    in: 'applyInPlace',
    search: 'try { checkUnchanged(root, changes, emptied); } catch',
    replace: 'try { } catch',
    red: 'faults/meanwhile.test.ts',
  },
  {
    gate: 'a failed run is not undone',
    in: 'applyInPlace',
    search: 'undoOrSay(root, readJournal(held));',
    replace: 'void undoOrSay; void readJournal;',
    red: 'faults/meanwhile.test.ts',
  },
  {
    gate: 'what is put back is a copy',
    in: 'keepOriginal',
    search: '    fs.linkSync(from, to);',
    replace: '    fs.writeFileSync(to, fs.readFileSync(from));',
    red: 'faults/meanwhile.test.ts',
  },
  {
    gate: 'a killed run is not rolled back',
    in: 'recover',
    search: 'const kept = undo(root, journal);',
    replace: 'const kept: string[] = []; removeWaste(held);',
    red: 'faults/interruption.test.ts',
  },
  {
    gate: 'stale stages stay',
    in: 'sweepStages',
    search: '.filter((name) => isStale(name, join(folder, name)) && removeStage(join(folder, name)))',
    replace: '.filter(() => removeStage === undefined)',
    red: 'faults/interruption.test.ts',
  },
  {
    gate: 'the stage of a live run is swept',
    in: 'isStale',
    search: '(Number(pid) === process.pid || !isRunning(Number(pid)))',
    replace: '(isRunning(Number(pid)) || true)',
    red: 'faults/interruption.test.ts',
  },
  {
    gate: 'a signal while writing is ignored',
    in: 'applyFresh',
    search: '    await beforeCommit?.();\n',
    replace: '',
    red: 'faults/interruption.test.ts',
  },
  {
    gate: 'files are written where they belong, one by one',
    in: 'applyFresh',
    search: 'const stage = join(folder, stageName(top.slice(0, 80)));',
    replace: 'const stage = join(folder, top); void stageName;',
    red: 'laws/2-all-or-nothing.test.ts',
    only: 'two folders down.*killed',
  },
  {
    gate: 'what is replaced is not backed up',
    in: 'planCreate',
    search: 'new Map([...wanted, ...backups(wanted, target.tree)])',
    replace: 'wanted',
    red: 'faults/target-folder.test.ts',
  },
  {
    gate: 'a folder that is not empty is filled',
    in: 'planCreate',
    search: 'if (strangers.length > 0 && !options.overwrite)',
    replace: 'if (strangers.length > 1_000_000)',
    red: 'faults/target-folder.test.ts',
  },
  {
    gate: 'names that some disks fold',
    in: 'renderTemplate',
    search: 'const collision = collidingPaths(tree.keys())[0];',
    replace: 'const collision = collidingPaths([...tree.keys()].slice(0, 0))[0];',
    red: 'faults/target-folder.test.ts',
  },
  {
    gate: '--plan writes',
    in: 'runCreate',
    search: 'options.planOnly ? [] :',
    replace: 'false ? [] :',
    red: 'laws/1-plan-is-apply.test.ts',
  },
  {
    gate: 'the plan does not show modes',
    in: 'modeLines',
    search: "if (change.kind === 'create') return `new file mode ${bits(change.after.mode)}\\n`;",
    replace: "if (change.kind === 'create') return 'new file mode 100644\\n';",
    red: 'laws/1-plan-is-apply.test.ts',
  },
];

const TEXTS: readonly Mutant[] = [
  ...(
    [
      ['json', '  return JSON.stringify(value);', '  return `"${value}"`;'],
      ['yaml words', ' && !YAML_WORD.test(string)', ''],
      ['yaml', 'return JSON.stringify(string).replace(', 'return `"${string}"`.replace('],
      ['ts', 'const double = JSON.stringify(string).replace(', 'const double = `"${string}"`.replace('],
      ['ts, between single quotes,', `.replaceAll("'", "\\\\'")`, ''],
      ['shell', ".replaceAll(\"'\", `'\\\\''`)", ''],
      ['md', "    .replace(/[\\\\`*_{}[\\]<>#+!|~&]/g, '\\\\$&')\n", ''],
      ['dockerfile', ".replace(/[\\\\\"$]/g, '\\\\$&')", ''],
    ] as const
  ).map(([helper, search, replace]) => ({
    gate: `the helper ${helper} does not escape`,
    in: helper.split(/[, ]/)[0] ?? '',
    search,
    replace,
    red: 'core/helpers.test.ts',
  })),
  {
    gate: 'a mistyped variable is empty',
    in: 'checkVariable',
    search: 'const isKnown = variables.has(path.original);',
    replace: 'const isKnown = variables.size > 0;',
    red: 'laws/8-rendering-is-total.test.ts',
  },
  {
    gate: 'a path in a template',
    in: 'checkVariable',
    search: 'if (path.depth > 0 || path.parts.length !== 1 || (path.data && !isKnown))',
    replace: 'if (path.data && !isKnown)',
    red: 'laws/8-rendering-is-total.test.ts',
  },
  {
    gate: 'an each in an each',
    in: 'checkBlock',
    search: 'if (place.list !== undefined)',
    replace: "if (place.list === '')",
    red: 'laws/8-rendering-is-total.test.ts',
  },
  {
    gate: 'an each over too many records',
    in: 'printEach',
    search: 'if (records.length > MAX_RECORDS)',
    replace: 'if (records.length < 0)',
    red: 'laws/8-rendering-is-total.test.ts',
  },
  {
    gate: 'an each that writes too much',
    in: 'printEach',
    search: 'if (bytes > MAX_EACH_BYTES)',
    replace: 'if (bytes < 0)',
    red: 'laws/8-rendering-is-total.test.ts',
  },
  {
    gate: 'a field of a record that hides a variable',
    in: 'checkBlock',
    search: 'if (hidden !== undefined)',
    replace: "if (hidden === '')",
    red: 'core/compile.test.ts',
  },
  {
    gate: 'a list that is written as a value',
    in: 'checkValue',
    search: 'if (place.variables.get(name))',
    replace: "if (name === '')",
    red: 'laws/8-rendering-is-total.test.ts',
  },
  {
    gate: 'named arguments of a block',
    in: 'checkBlock',
    search: 'if (hash?.pairs.length || then?.blockParams?.length || inverse?.blockParams?.length)',
    replace: 'if (inverse?.blockParams?.length)',
    red: 'laws/8-rendering-is-total.test.ts',
  },
  {
    gate: 'a control character in a description',
    in: 'parseAnswer',
    search: 'const unsafe = isPlain(raw) ? null : UNSAFE_TEXT.exec(raw);',
    replace: 'const unsafe = isPlain(raw) ? null : UNSAFE_TEXT.exec("");',
    red: 'faults/texts.test.ts',
    only: 'newline, NUL',
  },
  {
    gate: 'a reserved name',
    in: 'labelProblem',
    search: "if (CORE_MODULES.has(label)) return 'is a module of Node itself';",
    replace: '',
    red: 'faults/names-and-input.test.ts',
  },
  {
    gate: 'JSON is not alone on stdout',
    in: 'runCommand',
    search: "show ? 2 : 'pipe', show ? 2 : 'pipe'],",
    replace: "show ? 1 : 'pipe', show ? 2 : 'pipe'],",
    red: 'cli/report.test.ts',
  },
  {
    gate: "a hook's repository is written to",
    in: 'runCommand',
    search: 'env: { ...ownRepository(), ...env },',
    replace: 'env: { ...process.env, ...env },',
    red: 'cli/follow-up.test.ts',
  },
  {
    gate: 'a code cache that others may write',
    in: 'isPrivate',
    search: 'return stat.isDirectory() && isOurs;',
    replace: 'return stat.isDirectory() && (isOurs || true);',
    red: 'cli/code-cache.test.ts',
  },
  {
    gate: 'npm takes --plan, and files are written',
    in: 'recoverNpmFlags',
    search: "if (options.has('plan') && (isCluster || env.npm_config_dry_run === 'true') && !words.includes('--plan'))",
    replace: "if (isCluster && words.includes('--plan'))",
    red: 'faults/npm-flags.test.ts',
  },
  {
    gate: 'a failure afterwards takes the files back',
    in: 'main',
    search: 'const failure = progress.applied ? afterwards(toUserError(error)) : toUserError(error);',
    replace: 'const failure = progress.finished ? afterwards(toUserError(error)) : toUserError(error);',
    red: 'faults/interruption.test.ts',
    only: 'full disk',
  },
  {
    gate: 'questions without anybody to answer',
    in: 'canAsk',
    search: 'return !isAgent && !isCI;',
    replace: 'return isAgent || !isAgent || isCI;',
    red: 'faults/interruption.test.ts',
    only: 'on a terminal',
  },
  {
    gate: 'a word near a command becomes a service',
    in: 'isSlip',
    search: 'return count <= 1 ||',
    replace: 'return count < 1 ||',
    red: 'cli/mistaken-command.test.ts',
    only: 'near a command',
  },
  {
    gate: 'usual names are refused',
    in: 'isSlip',
    search: '&& word[0] === name[0]',
    replace: '',
    red: 'cli/mistaken-command.test.ts',
    only: 'near a command',
  },
  {
    gate: 'a slip in a word that reads as a command',
    in: 'isSlipOfWord',
    search: 'slips(word, known) === 1',
    replace: 'slips(word, known) === 0',
    red: 'cli/mistaken-command.test.ts',
    only: 'was probably meant',
  },
  {
    gate: 'a remedy that fails',
    in: 'isName',
    search: 'return false;',
    replace: 'return true;',
    red: 'cli/mistaken-command.test.ts',
    only: 'the remedy of',
  },
  {
    gate: 'an option that takes the next one for its value',
    in: 'tokenize',
    search: "!token.inlineValue && token.value?.startsWith('--')",
    replace: "!token.inlineValue && token.value === '--'",
    red: 'cli/options.test.ts',
    only: 'does not use the next flag',
  },
];

const GROWTH: readonly Mutant[] = [
  {
    gate: "a manifest's paths are trusted",
    in: 'checkRecordedPath',
    search: 'parseRepoPath(path); if (checked.size',
    replace: 'if (checked.size',
    red: 'core/manifest.test.ts',
    only: 'MANIFEST_UNSAFE',
  },
  {
    gate: 'a newer manifest is read',
    in: 'checkManifest',
    search: "if (typeof schema === 'number' && schema > SCHEMA)",
    replace: "if (typeof schema === 'number' && schema > SCHEMA * 1_000)",
    red: 'faults/add-endpoint.test.ts',
    only: 'newer: 3',
  },
  {
    gate: "a kept plan's paths are trusted",
    in: 'checkChange',
    search: '  parseRepoPath(path);\n',
    replace: '',
    red: 'cli/undo-and-apply.test.ts',
    only: 'with the path',
  },
  {
    gate: 'a kept plan writes our own files',
    in: 'checkChange',
    search: 'if (OWN_NAME.test(path))',
    replace: 'if (OWN_NAME.test(""))',
    red: 'cli/undo-and-apply.test.ts',
    only: 'with the path',
  },
  {
    gate: 'a kept plan is applied to other files',
    in: 'replan',
    search: 'if (outdated.length > 0)',
    replace: 'if (outdated.length > 1_000_000)',
    red: 'cli/undo-and-apply.test.ts',
    only: 'PLAN_OUTDATED',
  },
  {
    gate: 'an addition replaces a file of that name',
    in: 'planAddition',
    search: 'throw nameTaken(path);',
    replace: 'added.set(path, nameTaken ? file : file);',
    red: 'faults/add-endpoint.test.ts',
    only: 'a file of that name',
  },
  {
    gate: 'an addition with other answers is already there',
    in: 'planAddition',
    search: 'if (differences.length > 0)',
    replace: 'if (differences.length > 1_000_000)',
    red: 'faults/add-endpoint.test.ts',
    only: 'with other options',
  },
  {
    gate: 'an upgrade turns the CRLF of the manifest into LF',
    in: 'writeManifest',
    search: "isCrlf ? text.replaceAll('\\n', '\\r\\n') : text",
    replace: 'isCrlf ? text : text',
    red: 'core/manifest.test.ts',
    only: 'keeps its line ends',
  },
  {
    gate: 'repair takes one of two answers in silence',
    in: 'settle',
    search: 'return present.length === 1 ? { value: present[0] } : { open: present };',
    replace: 'return { value: present[0] };',
    red: 'core/repair.test.ts',
    only: 'without a base',
  },
  {
    gate: 'repair goes to a lower version',
    in: 'isNewer',
    search: 'order >= 0) &&',
    replace: 'order >= -9) &&',
    red: 'core/repair.test.ts',
    only: 'higher here and lower there',
  },
  {
    gate: 'repair writes what a person has to decide',
    in: 'repairManifest',
    search: 'if (open.length > 0) return { unsure, notes, open };',
    replace: 'void unsure;',
    red: 'core/repair.test.ts',
    only: 'with two answers',
  },
  {
    gate: 'the file of an addition is that of another',
    in: 'parseRecord',
    search: 'if (wanted !== path)',
    replace: 'if (!wanted)',
    red: 'core/addition-record.test.ts',
    only: 'the name of another',
  },
  {
    gate: 'a link to additions is followed',
    in: 'readAdditions',
    search: 'if (obstacle !== undefined) throw',
    replace: 'if (obstacle === "") throw',
    red: 'faults/additions.test.ts',
    only: 'is a link',
  },
  {
    gate: 'two additions have one file',
    in: 'recordPath',
    search: '`${ADDITIONS_FOLDER}/${kind}-${slug}.${hash}.json`',
    replace: '`${ADDITIONS_FOLDER}/${kind}-${slug}.${hash.slice(99)}json`',
    red: 'core/addition-record.test.ts',
    only: 'no two additions have one',
  },
  {
    gate: 'the order of files shows',
    in: 'lines',
    search: '.sort(([a], [b]) => (a < b ? -1 : 1));',
    replace: ';',
    red: 'core/manifest.test.ts',
    only: 'the order of its files',
  },
  {
    gate: 'a route that somebody wrote is added again',
    in: 'addEndpoint',
    search: '    refuseTakenRoute(service, endpoint.route, stack.findRoutes(service.tree));',
    replace: '    void refuseTakenRoute;',
    red: 'faults/add-endpoint.test.ts',
    only: 'by hand|against an existing',
  },
  {
    gate: 'undo takes edits away',
    in: 'planUndo',
    search: 'if (edited.size > 0)',
    replace: 'if (edited.size > 1_000_000)',
    red: 'cli/undo-and-apply.test.ts',
    only: 'EDITED_SINCE',
  },
  {
    gate: 'a run is undone twice',
    in: 'revertLastRun',
    search: "record: 'dropped', undoing",
    replace: "record: 'amended', undoing",
    red: 'cli/undo-and-apply.test.ts',
    only: 'NOTHING_TO_UNDO',
  },
  {
    gate: 'undo leaves empty folders',
    in: 'planUndo',
    search: 'folders: folders.map((path) => parseRepoPath(path))',
    replace: 'folders: folders.map((path) => parseRepoPath(path)).slice(0, 0)',
    red: 'cli/undo-and-apply.test.ts',
    only: 'removes the folders that were made',
  },
  {
    gate: 'the record of a run is work that git sees',
    in: 'prepare',
    search: "  fs.writeFileSync(join(stage, '.gitignore'), '*\\n');\n",
    replace: '',
    red: 'cli/undo-and-apply.test.ts',
    only: 'not in `git status`',
  },
];

export const MUTANTS: readonly Mutant[] = [
  ...WRITES,
  ...TEXTS,
  ...GROWTH,
  ...FETCHING,
  ...UPGRADE,
  ...LOCKFILE,
  ...AUDIT,
  ...FLEET_REPORTS,
  ...PRESETS,
  ...VERIFY,
  ...VERIFY_REPORTS,
];
