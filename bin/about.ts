/** What tells about this program: a bundle of its own, which no other command loads. */
export { completionScript } from './command-line/completion/completion.ts';
export { describeJson, describeText } from './command-line/describe.ts';
export { commandHelp, helpText } from './command-line/help.ts';
