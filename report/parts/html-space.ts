/** Bytes of the details of all services on one page, so that a page of a thousand services can be mailed. */
const MAX_DETAILS = 700_000;
/** Bytes of other diffs on the page. */
export const MAX_EXAMPLES = 300_000;

const LEFT_OUT =
  '<p class="soft">Left out: the page would be too large. --format json has it, and so has a report of fewer services.</p>';

/** What is left of a page. The rows that come first, which are the worst, get it. */
export class PageSpace {
  #left: number;

  constructor(bytes = MAX_DETAILS) {
    this.#left = bytes;
  }

  /** The HTML, or a note that it is left out. */
  take(html: string): string {
    if (html === '') return html;
    this.#left -= Buffer.byteLength(html);
    return this.#left < 0 ? LEFT_OUT : html;
  }
}
