import { escapeHtml } from './html-parts.ts';

/** Escapes untrusted text for an XML 1.0 document, also inside a quoted attribute. Line breaks stay. */
export function escapeXml(text: string): string {
  // Two characters that XML cannot contain, and that `escapeHtml` keeps.
  return escapeHtml(text.replace(/[\uFFFE\uFFFF]/g, (char) => `<U+${char.charCodeAt(0).toString(16).toUpperCase()}>`));
}
