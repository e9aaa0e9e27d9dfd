/**
 * What takes the place of parts of plop in the bundled program: its file actions, its name helpers (one of which reads the
 * package.json of the current folder), its template engine and its loader of other packs. The program's generators have one action of their own and use none of these. The pack
 * (`plopfile.cjs`) brings no plop at all: it runs in whatever plop loads it.
 */
function unused(): never {
  throw new Error('this part of plop is not in the bundle');
}

export const editAsync = unused;
export const createRequire = () => unused;

export default { registerHelper: unused, compile: unused, sync: unused };
