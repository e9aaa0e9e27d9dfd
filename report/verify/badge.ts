import { summarise } from '../../contract/judge/summarise.ts';
import type { Verification } from '../../contract/judge/verification.ts';
import { escapeXml } from '../parts/xml.ts';

/** Pixels of a character of Verdana in 11 pixels, generously. The text is fitted into its field. */
const CHARACTER = 6.8;
const PADDING = 10;
const COLOURS = { good: '#2c7a3f', behind: '#8a6100', bad: '#b3261e' } as const;

/**
 * An SVG for a README, without a request to anybody: the profile, and how many of its MUST rules are kept. It has no text of
 * the service in it.
 */
export function verifyBadge(verification: Verification): string {
  const { profile, rules } = verification;
  const label = profile === 'twelve-factor' ? profile : `twelve-factor, ${profile}`;
  const { text, colour } = messageOf(verification);
  const [left, right] = [widthOf(label), widthOf(text)];
  const title = escapeXml(`${label}: ${text} (the profile has ${rules} rules)`);
  const part = (content: string, x: number, width: number) =>
    `<text x="${x + PADDING / 2}" y="14" textLength="${width - PADDING}" lengthAdjust="spacingAndGlyphs">${escapeXml(content)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<rect width="${left}" height="20" fill="#444"/><rect x="${left}" width="${right}" height="20" fill="${COLOURS[colour]}"/>`,
    `<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${part(label, 0, left)}${part(text, left, right)}</g>`,
    '</svg>',
  ].join('\n');
}

function messageOf(verification: Verification): { text: string; colour: keyof typeof COLOURS } {
  const { must } = summarise(verification);
  const kept = must.kept + must.partly;
  const seen = kept + must.broken + must.waived + must.known;
  if (seen === 0) return { text: 'not verified', colour: 'behind' };
  const inPart = must.partly === 0 ? '' : `, ${must.partly} in part`;
  const text = `${kept} of ${seen} kept${inPart}`;
  return { text, colour: !verification.ok ? 'bad' : kept === seen ? 'good' : 'behind' };
}

function widthOf(text: string): number {
  return Math.ceil(text.length * CHARACTER) + PADDING;
}
