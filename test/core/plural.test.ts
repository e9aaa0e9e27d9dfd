import { describe, expect, it } from 'vitest';
import { pluralOf, singularOf } from '../../engine/core/service/plural.ts';
import { toResource } from '../../engine/core/service/resource.ts';

const PAIRS = (
  'invoice:invoices order:orders line-item:line-items person:people sales-person:sales-people child:children ' +
  'datum:data metadatum:metadata criterion:criteria analysis:analyses axis:axes status:statuses address:addresses ' +
  'bus:buses class:classes process:processes business:businesses alias:aliases lens:lenses virus:viruses bonus:bonuses ' +
  'category:categories company:companies key:keys day:days reply:replies movie:movies cookie:cookies ' +
  'box:boxes tax:taxes batch:batches match:matches cache:caches branch:branches dish:dishes ' +
  'house:houses case:cases response:responses license:licenses purchase:purchases database:databases release:releases ' +
  'exercise:exercises course:courses use:uses clause:clauses warehouse:warehouses size:sizes prize:prizes quiz:quizzes ' +
  'schema:schemas quota:quotas area:areas idea:ideas camera:cameras photo:photos video:videos repo:repos logo:logos ' +
  'hero:heroes potato:potatoes shoe:shoes leaf:leaves shelf:shelves life:lives archive:archives move:moves ' +
  'fee:fees tree:trees index:indexes matrix:matrices user:users file:files image:images page:pages bill:bills ' +
  'policy:policies activity:activities boy:boys api-key:api-keys survey:surveys url:urls pdf:pdfs'
)
  .split(' ')
  .map((pair) => pair.split(':') as [string, string]);

describe('the plural of a resource', () => {
  it.each(PAIRS)('of %s is %s, and the other way round', (one, many) => {
    expect(pluralOf(one)).toBe(many);
    expect(singularOf(many)).toBe(one);
    expect(singularOf(one)).toBe(undefined);
  });

  it.each(['menus', 'skus', 'cpus', 'apis', 'kpis', 'sales', 'settings', 'metrics', 'goods'])('%s is one', (many) => {
    expect(singularOf(many)).toBe(many.slice(0, -1));
  });

  it.each(['news', 'series', 'equipment', 'sheep', 'information'])('of %s is the same word', (word) => {
    expect([pluralOf(word), singularOf(word)]).toEqual([word, undefined]);
  });

  it.each([
    ['invoices', 'invoice', 'invoices'],
    ['people', 'person', 'people'],
    ['data', 'datum', 'data'],
    ['invoice', 'invoice', 'invoices'],
    ['status', 'status', 'statuses'],
  ])('a resource that is called %s is one %s of /%s', (given, name, plural) => {
    expect(toResource({ name: given, plural: '', fields: ['a:int'] }, '1')).toMatchObject({ name, plural });
  });

  it('is taken as it is given, and then the name is too', () => {
    const given = { name: 'goods', plural: 'goods-list', fields: ['a:int'] };
    expect(toResource(given, '1')).toMatchObject({ name: 'goods', plural: 'goods-list' });
  });
});
