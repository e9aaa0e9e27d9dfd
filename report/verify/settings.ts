/** What a report of the verifier depends on besides the verification. */
export interface ReportSettings {
  /** Colours, for `text` alone; see `wantsColour`. */
  readonly colour?: boolean;
  /**
   * The file that `sarif` shows broken rules at, relative to where the program was started: code hosts list nothing without
   * one. See `locationOf`; without it the manifest, whether it is there or not.
   */
  readonly location?: string | undefined;
}
