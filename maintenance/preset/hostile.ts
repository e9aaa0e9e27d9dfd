import { answerProblem, type Question } from '../../engine/core/question.ts';

/** In every text that stands for an answer, so that its place is found in what is rendered. */
export const MARK = 'zq7';

/** What an answer may be and a file must survive: quotes, shells, expressions of pipelines, YAML's own signs. */
const HOSTILE: readonly string[] = [
  `"; touch ${MARK} #`,
  `' || touch ${MARK} ; '`,
  `\${{ github.token }} ${MARK}`,
  `$(touch ${MARK}) \`${MARK}\``,
  `${MARK}: - [x #`,
  `- ${MARK}: x`,
  `*${MARK} &y !z %`,
  `${MARK} \\`,
  `@${MARK}`,
];

/** Answers to every question that takes any text. */
export interface TextAnswers {
  readonly answers: Readonly<Record<string, string>>;
  /** The value of all of them. */
  readonly text: string;
}

/** Whether people may answer anything: a choice, a lock or a pattern leaves no room for it. */
export function isFreeText({ schema, lockedBy }: Question): boolean {
  return lockedBy === undefined && schema.type === 'string' && !schema.enum && isLoose(schema.pattern);
}

/** Whether a pattern lets through what has a meaning in a shell, in YAML or in a string. */
function isLoose(pattern: string | undefined): boolean {
  if (pattern === undefined) return true;
  const regex = new RegExp(pattern, 'u');
  const around = ['a', 'ab', 'a1', 'abc/def'];
  return [...'"\'`$\\{}<>|&;()!#*?[], \t'].some((char) =>
    around.some((text) => [`${char}${text}`, `${text}${char}`, `${text}${char}${text}`].some((one) => regex.test(one))),
  );
}

/**
 * Answers that a file must survive, and the harmless one to compare with, first.
 * @param questions after all presets were applied
 */
export function textAnswers(questions: readonly Question[]): TextAnswers[] {
  const free = questions.filter(isFreeText);
  return [MARK, ...HOSTILE].map((text) => ({
    text,
    answers: Object.fromEntries(
      free.filter((question) => answerProblem(question, text) === undefined).map(({ name }) => [name, text]),
    ),
  }));
}
