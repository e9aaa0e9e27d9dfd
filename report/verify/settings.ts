/** Settings of a verification report. */
export interface ReportSettings {
  /** Whether `text` has colours; see `wantsColour`. */
  readonly colour?: boolean;
  /**
   * The file at which `sarif` shows broken rules, relative to the working folder. Code hosts list only findings with a
   * file. See `locationOf`. If not set, the manifest's path is used, even if there is no manifest.
   */
  readonly location?: string | undefined;
}
