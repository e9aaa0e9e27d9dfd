/** Bytes of all details on one page, so that a page of a thousand services can be mailed. */
const MAX_DETAILS = 700_000;

const LEFT_OUT =
  '<p class="soft">Left out: the page would be too large. --format json has it, and so has a report of fewer services.</p>';

/** What is left of a page. The rows that come first, which are the worst, get it. */
export class PageSpace {
  #left = MAX_DETAILS;

  /** The HTML, or a note that it is left out. */
  take(html: string): string {
    if (html === '') return html;
    this.#left -= Buffer.byteLength(html);
    return this.#left < 0 ? LEFT_OUT : html;
  }
}
