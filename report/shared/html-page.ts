import { createHash } from 'node:crypto';
import { escapeHtml } from './html-parts.ts';
import { SCRIPT } from './html-script.ts';
import { STYLE } from './html-style.ts';

export interface HtmlPage {
  /** Text. */
  readonly title: string;
  /** Style of this report, after that of all. */
  readonly style: string;
  /** Markup. */
  readonly body: string;
}

/**
 * One page with everything in it: it asks no server, and reads without scripts. Its policy lets this script and this style
 * run and nothing else, whatever a repository or a service managed to put into a text.
 */
export function htmlPage({ title, style, body }: HtmlPage): string {
  const policy = `default-src 'none'; script-src '${integrity(SCRIPT)}'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title>
<style>${STYLE}${style}</style></head><body>
${body}
<script>${SCRIPT}</script>
</body></html>`;
}

function integrity(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
