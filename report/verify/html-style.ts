/** CSS of a verification's page. */
export const VERIFY_STYLE = `
.tile.kept,.tile.partly{border-top-color:var(--good)}.tile.advice{border-top-color:var(--behind)}.tile.known{border-top-color:var(--behind)}.tile.waived{border-top-color:var(--extra)}.tile.broken{border-top-color:var(--bad)}
i.kept{background:var(--good)}i.partly{background:var(--good);opacity:.6}i.advice{background:var(--behind)}i.known{background:var(--behind);opacity:.6}i.waived{background:var(--extra)}i.broken{background:var(--bad)}i.skipped{background:var(--none)}
.state.kept,.state.partly,.legend .kept,.legend .partly{color:var(--good)}.state.advice,.legend .advice{color:var(--amber)}.state.known,.legend .known{color:var(--amber)}.state.waived,.legend .waived{color:var(--extra)}.state.broken,.legend .broken{color:var(--bad)}.state.skipped,.legend .skipped{color:var(--none)}
@media (min-width:761px){.columns{grid-template-columns:minmax(0,1fr) minmax(0,1fr);align-items:start}}
.factors{width:100%;border-collapse:collapse}
.factors th{font-weight:400;text-align:left;padding:4px 12px 4px 0;white-space:nowrap}
.factors thead th{font-size:13px;color:var(--soft)}
.factors td{padding:2px 0}
.factors .figure{text-align:right;color:var(--soft);font-variant-numeric:tabular-nums;white-space:nowrap;padding-left:10px}
.js tbody:target tr.more{display:table-row}
tbody:target{outline:2px solid var(--line)}
.chip{display:inline-block;text-decoration:none;border-radius:6px;padding:1px 7px;margin:2px 4px 2px 0;font-size:13px;border:1px solid currentColor;white-space:nowrap;font-variant-numeric:tabular-nums}
.chip.kept,.chip.partly{color:var(--good)}.chip.partly{border-style:dashed}.chip.advice{color:var(--amber)}.chip.known{color:var(--amber);border-style:dashed}.chip.waived{color:var(--extra)}.chip.skipped{color:var(--none);border-style:dashed}
.chip.broken{background:var(--bad);border-color:var(--bad);color:var(--card);font-weight:650}
.next{border-left:4px solid var(--bad)}
.evidence{width:100%;border-collapse:collapse;margin:8px 0;font-size:14px}
.evidence th{font-size:13px;color:var(--soft);font-weight:600;text-align:left;padding:3px 12px 3px 0}
.evidence td{padding:5px 12px 5px 0;border-top:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere;width:31%}.evidence td.n{width:auto;white-space:nowrap;padding-right:0}
.evidence code{white-space:pre-wrap}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 14px;margin:8px 0 6px;font-size:14px}
dt{color:var(--soft)}dd{margin:0}
.plain{margin:0;padding-left:1.1em}
.rows td:nth-child(-n+4){white-space:nowrap}
.rows tr.more td{white-space:normal}
@media (max-width:760px){
.factors th{white-space:normal}
.rows td:nth-child(-n+4){display:inline-block;margin-right:12px}
dl{grid-template-columns:1fr;gap:0}
.evidence,.evidence tbody,.evidence tr,.evidence td{display:block;width:auto}
.evidence thead{display:none}
.evidence td{border:0;padding:1px 0}.evidence tr{border-top:1px solid var(--line);padding:4px 0}
.evidence td::before{content:attr(data-label) " ";color:var(--soft);display:inline-block;min-width:70px}
}
@media print{.chip{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
