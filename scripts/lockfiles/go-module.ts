/** A text for each set of options: of a service without any, with each, and with all. */
export type OfSets = Readonly<Record<'none' | 'postgres' | 'redis' | 'all', string>>;

/** go.mod as one template: each line stands under the options of the sets that have it. */
export function moduleTemplate(sets: OfSets): string {
  const lines = linesOf(sets);
  const blocks: { key: string; at: readonly boolean[]; text: string }[] = [];
  for (const line of lines) {
    const at = (['none', 'postgres', 'redis', 'all'] as const).map((name) => sets[name].split('\n').includes(line));
    const last = blocks.at(-1);
    if (last?.key === at.join()) last.text += `${line}\n`;
    else blocks.push({ key: at.join(), at, text: `${line}\n` });
  }
  return blocks.map(({ at, text }) => under(at, text)).join('');
}

/** The lines of all sets in the order that each has them in. Those of the largest set come first where that is open. */
function linesOf({ none, postgres, redis, all }: OfSets): string[] {
  const lines = all.split('\n').slice(0, -1);
  for (const text of [postgres, redis, none]) {
    let at = 0;
    for (const line of text.split('\n').slice(0, -1)) {
      const found = lines.indexOf(line, line === '' || line === ')' || line.endsWith('(') ? at : 0);
      if (found === -1) {
        // In a block that is sorted: after what comes before it.
        while (lines[at]?.startsWith('\t') && String(lines[at]) < line) at += 1;
        lines.splice(at, 0, line);
      } else at = found;
      at += 1;
    }
  }
  return lines;
}

function under([none, postgres, redis, all]: readonly boolean[], text: string): string {
  const [withPostgres, without] = [byRedis(all, postgres, text), byRedis(redis, none, text)];
  if (withPostgres === without) return withPostgres;
  if (without === '') return `{{#if postgres}}\n${withPostgres}{{/if}}\n`;
  if (withPostgres === '') return `{{#unless postgres}}\n${without}{{/unless}}\n`;
  return `{{#if postgres}}\n${withPostgres}{{else}}\n${without}{{/if}}\n`;
}

function byRedis(withRedis = false, without = false, text = ''): string {
  if (withRedis) return without ? text : `{{#if redis}}\n${text}{{/if}}\n`;
  return without ? `{{#unless redis}}\n${text}{{/unless}}\n` : '';
}
