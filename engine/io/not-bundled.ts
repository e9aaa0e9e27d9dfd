/**
 * What takes the place of packages that others ask for and this program never uses: the C library of PostgreSQL (pg), and
 * the editor prompt (inquirer).
 */
function notBundled(): never {
  throw new Error('this package is not in the bundle');
}

export const editAsync = notBundled;
export default notBundled;
