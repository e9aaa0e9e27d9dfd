/** CSS of an audit's page. */
export const AUDIT_STYLE = `
.tiles{grid-template-columns:repeat(4,1fr);margin-top:14px}
.change{font-size:15px;font-weight:400;color:var(--soft);margin-left:8px}
.since{margin:2px 0 0}
.tile.current{border-top-color:var(--good)}.tile.behind{border-top-color:var(--behind)}.tile.findings,.tile.unreadable{border-top-color:var(--bad)}
i.current{background:var(--good)}i.behind{background:var(--behind)}i.findings{background:var(--bad)}i.unreadable{background:var(--none)}i.extra{background:var(--extra)}i.edited{background:var(--bad)}i.missing{background:var(--none)}
.cluster{border-top:1px solid var(--line);padding:10px 0}
.cluster:first-of-type{border-top:0;padding-top:0}
.cluster>summary{cursor:pointer}
.cluster b{font-variant-numeric:tabular-nums}
.state.current{color:var(--good)}.state.behind{color:var(--amber)}.state.findings{color:var(--bad)}.state.unreadable{color:var(--none)}
.upgrade{white-space:nowrap}.upgrade.conflict{color:var(--bad)}.upgrade.unknown{color:var(--soft)}
.old{color:var(--amber)}
.v{font-size:13px}.v span{display:inline-block;margin-right:12px}
.files{columns:2 340px;list-style:none;padding:0!important;font-size:13px}
`;
