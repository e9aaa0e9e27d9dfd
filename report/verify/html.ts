import { type FactorSummary, stateOf, summarise, type VerificationSummary } from '../../contract/judge/summarise.ts';
import type { RuleResult, Verification } from '../../contract/judge/verification.ts';
import { htmlPage } from '../parts/html-page.ts';
import { escapeHtml } from '../parts/html-parts.ts';
import { LOOKS, type Look, lookOf, ruleDetails, rulesSection, wordsOf } from './html-rules.ts';
import { VERIFY_STYLE } from './html-style.ts';
import { describeProfile, nextToMend, secondLooks, seconds, skippedByReason, verdict } from './wording.ts';

/** The scorecard on one page; see {@link htmlPage}. */
export function verifyHtml(verification: Verification): string {
  const { target, date, ms, version, results } = verification;
  const summary = summarise(verification);
  return htmlPage({
    title: `${target.name}: service contract, ${date}`,
    style: VERIFY_STYLE,
    body: `${header(verification, summary)}
<main>
<div class="columns" style="margin-top:16px">${pictureSection(summary.factors)}${nextSection(summary)}</div>
${listSection(
  'Problems',
  verification.findings.map(({ rule, message }) => `<b>${rule}</b> ${escapeHtml(message)}`),
)}
${listSection('Notes', verification.notes.map(escapeHtml))}
${listSection('Looked at twice', secondLooks(results).map(escapeHtml))}
${listSection(
  'Not looked at',
  skippedByReason(results).map(([reason, ids]) => `<b>${ids.join(', ')}</b> ${escapeHtml(reason)}`),
)}
${rulesSection(results)}
</main>
<footer>create-twelve-service ${escapeHtml(version)}, verification of ${escapeHtml(target.name)} (${target.kind}) on ${escapeHtml(date)} in ${seconds(ms)}. Secrets are taken out of what is shown.</footer>`,
  });
}

function header(verification: Verification, summary: VerificationSummary): string {
  const { target, date, ms, ok, results } = verification;
  const number = (look: Look) => results.filter((result) => lookOf(result) === look).length;
  const looks = LOOKS.filter(({ look }) => look !== 'known' || verification.baseline !== undefined);
  const tiles = looks.map(
    ({ look, title, note }) =>
      `<div class="tile ${look}"><b>${number(look)}</b>${title}<br><small class="soft">${note}</small></div>`,
  );
  const parts = LOOKS.filter(({ look }) => number(look) > 0).map(
    ({ look, title }) =>
      `<i class="${look}" style="width:${((100 * number(look)) / results.length).toFixed(2)}%" title="${title}: ${number(look)}"></i>`,
  );
  return `<header><h1>${escapeHtml(target.name)} <span class="soft">and the service contract</span></h1>
<p class="verdict"><span class="state ${ok ? 'kept' : 'broken'}">${ok ? 'passed' : 'failed'}</span> ${escapeHtml(verdict(verification, summary))} <span class="soft">${target.kind}, ${describeProfile(verification)}, ${escapeHtml(date)}, ${seconds(ms)}</span></p>
<div class="tiles"><div class="tile"><b>${results.length}</b>rules<br><small class="soft">of ${verification.rules} in the profile ${verification.profile}</small></div>${tiles.join('')}</div>
<div class="whole" role="img" aria-label="${LOOKS.map(({ look, title }) => `${title} ${number(look)}`).join(', ')}">${parts.join('')}</div></header>`;
}

/** Every rule of every factor as a link to its details. */
function pictureSection(factors: readonly FactorSummary[]): string {
  const rows = factors.map(({ factor, must, results }) => {
    const chips = results.map((result) => {
      const look = lookOf(result);
      const { sign = '', title = '' } = LOOKS.find((one) => one.look === look) ?? {};
      return `<a class="chip ${look}" href="#${escapeHtml(result.id)}" title="${title}: ${escapeHtml(result.statement)}"><span aria-hidden="true">${sign}</span> ${escapeHtml(result.id)}</a>`;
    });
    const kept = must.kept + must.partly;
    const looked = kept + must.broken + must.known + must.waived;
    return `<tr><th scope="row">${escapeHtml(factor)}</th><td>${chips.join('')}</td><td class="figure">${looked === 0 ? '&ndash;' : `${kept} of ${looked}`}</td></tr>`;
  });
  const legend = LOOKS.map(({ look, sign, title }) => `<span><b class="${look}">${sign}</b> ${title}</span>`).join('');
  return `<section><h2>By factor</h2><div class="legend">${legend}</div><table class="factors"><thead><tr><th scope="col">Factor</th><th scope="col">Rules</th><th scope="col" class="figure">MUST kept</th></tr></thead><tbody>${rows.join('')}</tbody></table></section>`;
}

function nextSection(summary: VerificationSummary): string {
  const [next, ...others] = summary.toMend;
  const why = nextToMend(summary);
  if (!next || why === undefined)
    return '<section><h2>Next to mend</h2><p>Nothing: every rule that was looked at is kept, in part at least, or waived.</p></section>';
  const after = others.length === 0 ? '' : `<p class="soft">After that: ${others.map(nameOf).join(', ')}</p>`;
  return `<section class="next"><h2>Next to mend: ${escapeHtml(next.id)}</h2><p>${wordsOf(next.statement)}</p><p class="soft">${escapeHtml(why)}</p>${ruleDetails(next)}${after}</section>`;
}

function nameOf(result: RuleResult): string {
  return stateOf(result) === 'broken' && result.level === 'SHOULD'
    ? `${escapeHtml(result.id)} (advice)`
    : escapeHtml(result.id);
}

function listSection(title: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  return `<section><h2>${title}</h2><ul class="plain">${items.map((item) => `<li>${item}</li>`).join('')}</ul></section>`;
}
