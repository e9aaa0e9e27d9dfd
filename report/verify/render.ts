import type { Verification } from '../../contract/judge/verification.ts';
import type { ReportSettings } from './settings.ts';

type Render = (verification: Verification, context: ReportSettings) => string;

/** Each format is loaded only when it is requested. */
const FORMATS = {
  text: async () => (await import('./text.ts')).verifyText,
  json: async () => (await import('./json.ts')).verifyJson,
  sarif: async () => (await import('./sarif.ts')).verifySarif,
  junit: async () => (await import('./junit.ts')).verifyJunit,
  markdown: async () => (await import('./markdown.ts')).verifyMarkdown,
  html: async () => (await import('./html.ts')).verifyHtml,
  github: async () => (await import('./github.ts')).verifyGithub,
  badge: async () => (await import('./badge.ts')).verifyBadge,
} as const satisfies Record<string, () => Promise<Render>>;

export type ReportFormat = keyof typeof FORMATS;

export const REPORT_FORMATS = Object.keys(FORMATS) as readonly ReportFormat[];

/**
 * Renders a verification for standard output, without the last line break. A caller does:
 *
 *     const expectations = await readExpectations(folder, { cwd, preset });
 *     const verification = judge(await verify(target, options), { ...expectations, date, version: packageVersion() });
 *     output.data(await renderReport(verification, format, { colour: wantsColour(process.env, isatty(1)), location }));
 *     return exitCode(verification);
 *
 * Output of a service is escaped in every format: no control character, no markup. `judge` has removed the secrets.
 */
export async function renderReport(
  verification: Verification,
  format: ReportFormat,
  context: ReportSettings = {},
): Promise<string> {
  const render: Render = await FORMATS[format]();
  return render(verification, context);
}
