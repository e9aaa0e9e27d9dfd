import { HtmlRenderer, Parser } from 'commonmark';
import { describe, expect, it } from 'vitest';
import { rules } from '../../contract/rules/index.ts';
import { renderReport } from '../../report/verify/render.ts';
import { unbalanced } from '../support/markup.ts';
import { broken, hostile, judged, makeReport, realistic, unexpected } from '../support/verification.ts';

describe('as Markdown', () => {
  const html = (markdown: string) => new HtmlRenderer().render(new Parser().parse(markdown));

  it('shows the output of a service only in code blocks', async () => {
    const page = html(await renderReport(hostile, 'markdown'));
    expect(page).toContain('alert(&quot;1&quot;)');
    const prose = page.replace(/<code[^>]*>.*?<\/code>/gs, '');
    expect(prose).not.toMatch(/alert|@team|javascript|<img|<a |<h1/);
    expect(unbalanced(prose, ['br', 'hr'])).toEqual([]);
  });

  it('fits into a comment, and says what did not fit', async () => {
    const evidence = Array.from({ length: 5 }, () => unexpected('x'.repeat(900), 'y'.repeat(900), 'z'.repeat(900)));
    const all = Object.fromEntries(rules.map(({ id }) => [id, broken(...evidence)]));
    const markdown = await renderReport(judged(makeReport(all)), 'markdown');
    expect(markdown.length).toBeLessThan(65_536);
    expect(markdown).toMatch(/\d+ more parts are too long/);
    expect(markdown).toContain('| I. Codebase | ❌ I-1 |');
  });
});

describe('as a page', () => {
  it('nothing of a service becomes markup, and nothing is fetched', async () => {
    const html = await renderReport(hostile, 'html');
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toContain('alert("1")');
    expect(html).not.toMatch(/\b(src|href)=(?!"#)|url\(|@import|fetch\(/);
    expect(html).toContain('default-src &#39;none&#39;');
    expect(html).toContain('&lt;script&gt;');
    const markup = html.replace(/<(script|style)>.*?<\/\1>/gs, '');
    expect(unbalanced(markup, ['meta', 'br', 'input'])).toEqual([]);
  });

  it('has a row for each rule, with a link to it', async () => {
    const html = await renderReport(realistic, 'html');
    for (const { id } of rules) {
      expect(html).toContain(`id="${id}"`);
      expect(html).toContain(`href="#${id}"`);
    }
  });
});
