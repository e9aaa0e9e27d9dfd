/** The CSS that all pages share. Colours differ in lightness too, and each has a text: nobody has to see the hue. */
export const STYLE = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1b2330;--soft:#5b6675;--line:#dfe4ea;--good:#2f8f5b;--behind:#c98a12;--amber:#8a5a00;--bad:#c8382e;--none:#7a8594;--extra:#7358b8;--code:#f0f2f5;--plus:#1d7a46;--minus:#b3261e}
@media (prefers-color-scheme:dark){:root{--page:#12161c;--card:#1a2029;--ink:#e6eaf0;--soft:#9aa6b5;--line:#2c3542;--good:#4cb47c;--behind:#dda63a;--amber:#dda63a;--bad:#ef6a5f;--none:#8d99a8;--extra:#a68ee6;--code:#232b36;--plus:#6fd39b;--minus:#ff8d84}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
main,header{max-width:1240px;margin:0 auto;padding:0 24px}
header{padding-top:20px}
h1 small{font-size:15px;font-weight:400;letter-spacing:0;margin-left:6px}
h1{font-size:26px;margin:0;letter-spacing:-.01em}
h2{font-size:17px;margin:0 0 12px}
p{margin:4px 0}
.soft{color:var(--soft)}
.verdict{font-size:16px;margin:6px 0 0}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:18px 20px;margin:16px 0}
.tiles{display:grid;grid-template-columns:repeat(6,1fr);gap:12px;margin:20px 0 0}
.tile{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 16px;border-top:3px solid var(--none)}
.tile b{display:block;font-size:30px;line-height:1.1;font-weight:650;font-variant-numeric:tabular-nums}
button.tile{all:unset;box-sizing:border-box;background:var(--card);border:1px solid var(--line);border-top:3px solid var(--none);border-radius:10px;padding:10px 16px}
.js button.tile{cursor:pointer}
button.tile b{font-size:28px}
.whole{display:flex;height:14px;border-radius:7px;overflow:hidden;margin:16px 0 0;background:var(--line)}
.whole i+i{border-left:2px solid var(--page)}
.columns{display:grid;grid-template-columns:1fr 1fr;gap:16px}
.columns section{margin:0}
.columns.first{margin-top:16px;grid-template-columns:minmax(0,3fr) minmax(0,2fr)}
.first .bars th{padding:3px 12px 3px 0}.first .bars .bar{width:50%}
.steps{list-style:none;margin:0;padding:0}
.steps li{display:grid;grid-template-columns:3.2em 1fr;gap:10px;padding:3px 0}
.steps b{text-align:right;font-variant-numeric:tabular-nums}
.steps a{color:inherit;text-decoration:none}.steps a:hover{text-decoration:underline;text-underline-offset:3px}
.bars{width:100%;border-collapse:collapse}
.bars th{font-weight:400;text-align:left;padding:4px 12px 4px 0;max-width:300px;overflow-wrap:anywhere}
.bars .bar{width:54%;padding:4px 0}
.bars .bar span{display:flex;height:12px;border-radius:3px;overflow:hidden;background:var(--code)}
.bars .bar i{display:block;height:100%}
.bars .figure{text-align:right;padding-left:12px;font-variant-numeric:tabular-nums;white-space:nowrap;color:var(--soft);width:1%}
.bars tr.group th{padding-top:10px;font-weight:650}
.bars tr.group:first-child th{padding-top:0}
.legend{display:flex;gap:16px;flex-wrap:wrap;margin:0 0 8px;font-size:13px;color:var(--soft)}
.legend i{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:5px}
code,pre{font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
pre{background:var(--code);border-radius:8px;padding:12px 14px;overflow:auto;margin:8px 0;max-height:420px}
.filters{display:none;gap:10px;margin:0 0 12px;flex-wrap:wrap;align-items:center}
.js .filters{display:flex}
.filters input,.filters select{font:inherit;color:inherit;background:var(--page);border:1px solid var(--line);border-radius:7px;padding:7px 10px}
.filters input{flex:1 1 160px;min-width:0}
.filters select{max-width:170px}
table.rows{width:100%;border-collapse:collapse}
.rows thead th{text-align:left;font-size:13px;color:var(--soft);font-weight:600;border-bottom:1px solid var(--line);padding:6px 10px 6px 0;white-space:nowrap}
.rows thead button{all:unset;cursor:pointer}
.rows thead button:focus-visible{outline:2px solid var(--behind);outline-offset:2px}
.rows thead [aria-sort=ascending] button::after{content:" \\2191"}
.rows thead [aria-sort=descending] button::after{content:" \\2193"}
.rows td{padding:7px 10px 7px 0;border-top:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
.rows tbody:first-of-type tr:first-child td{border-top:0}
.rows .n{text-align:right;font-variant-numeric:tabular-nums}
.rows thead .n{text-align:right}
.rows .zero{color:var(--soft);opacity:.55}
.state{display:inline-block;border-radius:99px;padding:1px 9px;font-size:13px;border:1px solid currentColor;white-space:nowrap}
.open-row,.open-group{all:unset;cursor:pointer;font-weight:600}
.open-group{margin-right:10px}
.open-group::before{content:"\\25b8";display:inline-block;width:1em;color:var(--soft)}
.open-group[aria-expanded=true]::before{content:"\\25be"}
.js tbody.over{display:none}
.all,.filters button{font:inherit;color:inherit;background:var(--page);border:1px solid var(--line);border-radius:7px;padding:7px 14px;cursor:pointer}
.set:not(.tile){all:unset}
.js .set{cursor:pointer}
.js .set:hover{text-decoration:underline;text-underline-offset:3px}
.set:focus-visible,.open-group:focus-visible{outline:2px solid var(--behind);outline-offset:2px}
.a{overflow-wrap:break-word}
.out{color:var(--soft);text-decoration:none}
.out:hover{color:var(--ink)}
.names{margin:4px 0}
.names>summary{cursor:pointer}
.names ul{columns:3 220px;margin:6px 0 10px;padding:0 0 0 1.1em;list-style:none;font-size:13px;overflow-wrap:anywhere}
pre ins{color:var(--plus);text-decoration:none}pre del{color:var(--minus);text-decoration:none}
.open-row:focus-visible{outline:2px solid var(--behind);outline-offset:2px}
.js tr.more{display:none}
.js tbody.open tr.more{display:table-row}
.js tbody.has .open-row::before{content:"\\25b8";display:inline-block;width:1em;color:var(--soft)}
.js tbody.has.open .open-row::before{content:"\\25be"}
.js tbody:not(.has) .open-row{padding-left:1em;cursor:default}
tr.more td{border-top:0;padding-top:0}
.more ul{margin:0 0 6px;padding-left:1.1em}
.more li{margin:2px 0}
.more h3{font-size:13px;margin:6px 0 2px;color:var(--soft);font-weight:600}
.rule{font-weight:600;color:var(--bad)}
.waived .rule{color:var(--soft)}
footer{max-width:1240px;margin:0 auto;padding:4px 24px 32px;font-size:13px;color:var(--soft)}
@media (max-width:760px){
main,header,footer{padding-left:14px;padding-right:14px}
.tiles{grid-template-columns:repeat(2,1fr)}.columns,.columns.first{grid-template-columns:1fr}
.bars .bar{width:36%}
.rows thead{position:absolute;left:-9999px}
.rows,.rows tbody,.rows tr,.rows td{display:block;width:auto}
.rows tbody{border-top:1px solid var(--line);padding:8px 0}
.rows td{border:0!important;padding:1px 0}
.rows td.n,.rows td.v{display:inline-block;text-align:left;margin-right:14px;font-size:13px}
.rows td[data-label]::before{content:attr(data-label) " ";color:var(--soft)}
.rows td.zero{display:none}
.js tbody.open tr.more{display:block}
}
@media print{
:root{--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--code:#f3f3f3}
body{font-size:11px}section,.tile{break-inside:avoid}section.long{break-inside:auto;border:0;padding:0}.rows tbody{break-inside:avoid}
.filters,.js .filters{display:none}pre{max-height:none;white-space:pre-wrap}
.whole,i,.tile{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.js tbody.bad tr.more{display:table-row}
.js tbody.over{display:table-row-group}.out{display:none}
}
`;
