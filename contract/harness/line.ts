/** A line of standard output, when it came, and the object it held if it was JSON. */
export interface Line {
  readonly at: number;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

/** Parsed when somebody looks at it: most lines are never looked at. */
export class OutputLine implements Line {
  readonly at: number;
  readonly text: string;
  #parsed: { json: Line['json'] } | undefined;

  constructor(at: number, text: string) {
    this.at = at;
    this.text = text;
  }

  get json(): Line['json'] {
    this.#parsed ??= { json: parseObject(this.text) };
    return this.#parsed.json;
  }
}

function parseObject(text: string): Line['json'] {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
