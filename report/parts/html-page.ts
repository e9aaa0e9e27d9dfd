import { createHash } from 'node:crypto';
import { escapeHtml } from './html-parts.ts';
import { SCRIPT } from './html-script.ts';
import { STYLE } from './html-style.ts';

interface HtmlPage {
  /** Plain text; it is escaped here. */
  readonly title: string;
  /** CSS of this report, after the common CSS. */
  readonly style: string;
  /** HTML. */
  readonly body: string;
}

/**
 * A complete page: it loads nothing from a server, and can be read without scripts. Its security policy allows only
 * this script and this style, so text from a repository or a service cannot run code.
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
