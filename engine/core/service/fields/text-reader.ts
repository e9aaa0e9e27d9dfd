/** Reads a text from its start to its end, piece by piece. */
export class TextReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  /** What is not read yet, cut. */
  shown(length: number): string {
    return this.#text.slice(this.#at, this.#at + length);
  }

  /** Removes and returns what a sticky pattern matches here. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  /** Removes a text in quotes, and returns what it says. */
  takeQuoted(): string | undefined {
    const found = this.take(/"(?:[^"\\]|\\.)*"/y);
    if (found === undefined) return undefined;
    try {
      return JSON.parse(found) as string;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new RangeError(`${found.slice(0, 40)} is not a text in quotes as JSON has it`, { cause: error });
    }
  }
}
