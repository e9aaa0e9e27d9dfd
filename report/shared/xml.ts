import { escapeHtml } from './html-parts.ts';

/** Text from anywhere as text of an XML 1.0 document, also within a quoted attribute. Line breaks stay. */
export function escapeXml(text: string): string {
  // Two characters that XML has no way to write, and that are neither control nor format.
  return escapeHtml(text.replace(/[\uFFFE\uFFFF]/g, (char) => `<U+${char.charCodeAt(0).toString(16).toUpperCase()}>`));
}
