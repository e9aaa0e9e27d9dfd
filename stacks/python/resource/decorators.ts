import { phraseOf, type Resource } from '../../../engine/core/service/resource.ts';
import { type Code, call, print } from '../print/layout.ts';
import { quoted } from '../print/text.ts';

/** The decorators of the handlers of a resource. */
export function decoratorsOf(resource: Resource, hasUniques: boolean, name: string) {
  const { plural } = resource;
  const phrase = phraseOf(resource);
  const route = (method: string, path: string, summary: string, statuses: readonly number[], more: [string, Code][]) =>
    print(
      call(`@router.${method}`, [
        ['', quoted(path)],
        ...more.filter(([key]) => key === 'status_code'),
        ['summary', quoted(summary)],
        ...more.filter(([key]) => key !== 'status_code'),
        ...(statuses.length === 0
          ? []
          : [
              [
                'responses',
                call(
                  'problems',
                  statuses.map((status) => ['', String(status)]),
                ),
              ] as const,
            ]),
      ]),
      0,
    );
  const taken = hasUniques ? [409] : [];
  const one = `/${plural}/{id}`;
  return {
    post: route('post', `/${plural}`, `Create ${phrase}`, taken, [['status_code', '201']]),
    list: route('get', `/${plural}`, `List ${plural}, a page at a time`, [], []),
    read: route('get', one, `Read ${phrase}`, [304, 404], [['response_model', name]]),
    put: route('put', one, `Replace ${phrase}`, [404, ...taken, 412, 428], []),
    remove: route(
      'delete',
      one,
      `Delete ${phrase}`,
      [404, 412, 428],
      [
        ['status_code', '204'],
        ['response_class', 'Response'],
      ],
    ),
  };
}
