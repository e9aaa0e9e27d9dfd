import type { Verification } from '../../contract/verification.ts';

export interface RenderContext {
  /** Colours, for `text` alone; see `wantsColour`. */
  readonly colour?: boolean;
  /**
   * The file that `sarif` shows broken rules at, relative to where the program was started: code hosts list nothing without
   * one. See `locationOf`; without it the manifest, whether it is there or not.
   */
  readonly location?: string | undefined;
}

type Render = (verification: Verification, context: RenderContext) => string;

/** A format is loaded when it is asked for. */
const FORMATS = {
  text: async () => (await import('./text.ts')).verifyText,
  json: async () => (await import('./json.ts')).verifyJson,
  sarif: async () => (await import('./sarif.ts')).verifySarif,
  junit: async () => (await import('./junit.ts')).verifyJunit,
  markdown: async () => (await import('./markdown.ts')).verifyMarkdown,
  html: async () => (await import('./html.ts')).verifyHtml,
} as const satisfies Record<string, () => Promise<Render>>;

export type ReportFormat = keyof typeof FORMATS;

export const REPORT_FORMATS = Object.keys(FORMATS) as readonly ReportFormat[];

/**
 * A verification as text for standard output, without the last line break. All that a verb has to do:
 *
 *     const expectations = await readExpectations(folder, { cwd, preset });
 *     const verification = judge(await verify(target, options), { ...expectations, date, version: packageVersion() });
 *     output.data(await renderReport(verification, format, { colour: wantsColour(process.env, isatty(1)), location }));
 *     return exitCode(verification);
 *
 * What a service said is text in every format: no control character, no markup, no secret (`judge` has taken them out).
 */
export async function renderReport(
  verification: Verification,
  format: ReportFormat,
  context: RenderContext = {},
): Promise<string> {
  const render: Render = await FORMATS[format]();
  return render(verification, context);
}
