import { call, print } from '../print/layout.ts';

/** The first lines of functions whose length depends on the name of a resource. */
export function signaturesOf(name: string) {
  const define = (indent: number, head: string, args: readonly string[], gives: string) => {
    const end = ` -> ${gives}:`;
    const code = call(
      head,
      args.map((arg) => ['', arg]),
    );
    return `${print(code, indent, end.length)}${end}`;
  };
  const given = `given: ${name}Input`;
  const one = ['self', 'item_id: str', 'versions: list[int] | None'];
  const request = ['store: Store', 'response: Response'];
  return {
    storeDef: define(0, 'async def _store', ['database: Annotated[Postgres, Depends(of(Postgres))]'], `${name}Store`),
    createDef: define(0, 'async def create', [given, ...request], name),
    pageDef: define(0, 'async def page', ['store: Store', 'cursor: Cursor = ""', 'limit: Limit = 20'], `${name}Page`),
    readDef: define(
      0,
      'async def read',
      ['item_id: ItemId', ...request, 'if_none_match: IfNoneMatch = None'],
      `Response | ${name}`,
    ),
    replaceDef: define(
      0,
      'async def replace',
      ['item_id: ItemId', given, ...request, 'if_match: IfMatch = None'],
      name,
    ),
    createRowDef: define(1, 'async def create', ['self', given], name),
    updateRowDef: define(1, 'async def update', [...one, given], `${name} | None`),
    removeRowDef: define(1, 'async def remove', one, `${name} | None`),
    rowsDef: define(1, 'async def _rows', ['self', 'sql: str', '**values: object'], `list[${name}]`),
    firstDef: define(0, 'def _first', [`rows: list[${name}]`], `${name} | None`),
  };
}
