/** Settings of a verification report. */
export interface ReportSettings {
  /** Whether `text` has colours; see `wantsColour`. */
  readonly colour?: boolean;
  /**
   * The file at which `sarif` and `github` show broken rules, relative to the working folder: one that is there. Code hosts
   * list only findings with a file. See `locationOf`.
   */
  readonly location?: string | undefined;
}
