/** CSS of a rehearsal's page. */
export const REHEARSE_STYLE = `
.tiles{grid-template-columns:repeat(auto-fit,minmax(130px,1fr));margin-top:14px}
.tile.clean{border-top-color:var(--good)}.tile.unchanged{border-top-color:var(--line)}.tile.conflict{border-top-color:var(--bad)}.tile.answer-missing,.tile.answer-wrong{border-top-color:var(--behind)}.tile.unreadable{border-top-color:var(--none)}
i.clean{background:var(--good)}i.unchanged{background:var(--line)}i.conflict{background:var(--bad)}i.answer-missing,i.answer-wrong{background:var(--behind)}i.unreadable{background:var(--none)}i.other-preset{background:var(--extra)}
.state.clean{color:var(--good)}.state.conflict{color:var(--bad)}.state.answer-missing,.state.answer-wrong{color:var(--amber)}.state.unreadable,.state.unchanged,.state.other-preset{color:var(--none)}
.v{font-size:13px}
.diff{margin:6px 0}
.file{margin:0;padding:5px 0;border-top:1px solid var(--line)}
.file>summary,.diff>summary{cursor:pointer}
.files{columns:2 340px;list-style:none;padding:0!important;font-size:13px}
`;
