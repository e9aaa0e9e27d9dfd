/** CSS of an audit's page. */
export const AUDIT_STYLE = `
.tile.current{border-top-color:var(--good)}.tile.behind{border-top-color:var(--behind)}.tile.findings,.tile.unreadable{border-top-color:var(--bad)}
i.current{background:var(--good)}i.behind{background:var(--behind)}i.findings{background:var(--bad)}i.unreadable{background:var(--none)}i.extra{background:var(--extra)}i.edited{background:var(--bad)}i.missing{background:var(--none)}
pre ins{color:var(--plus);text-decoration:none}pre del{color:var(--minus);text-decoration:none}
.cluster{border-top:1px solid var(--line);padding:10px 0}
.cluster:first-of-type{border-top:0;padding-top:0}
.cluster>summary{cursor:pointer}
.cluster b{font-variant-numeric:tabular-nums}
.names{columns:4 180px;margin:8px 0;padding:0;list-style:none;font-size:13px}
.state.current{color:var(--good)}.state.behind{color:var(--amber)}.state.findings{color:var(--bad)}.state.unreadable{color:var(--none)}
.old{color:var(--amber)}
.rows .v span{display:inline-block;margin-right:12px}
.files{columns:2 340px;list-style:none;padding:0!important;font-size:13px}
`;
