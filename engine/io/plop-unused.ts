/**
 * Replaces parts of plop in the bundled program: its file actions, its name helpers (one of which reads the
 * manifest of the current folder), its template engine and its loader of other packs. The generators use none of
 * these; they have one action of their own. The pack (`plopfile.cjs`) brings no plop at all: it runs in the plop that loads it.
 */
function unused(): never {
  throw new Error('this part of plop is not in the bundle');
}

export const editAsync = unused;
export const createRequire = () => unused;

export default { registerHelper: unused, compile: unused, sync: unused };
