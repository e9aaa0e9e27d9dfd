/** What tells about this program: a bundle of its own, which no other command loads. */
export { helpText } from './command-line/help.ts';
export { runCompletion } from './run/completion.ts';
export { runDescribe } from './run/describe.ts';
export { helpOf, runHelp } from './run/help.ts';
