/** The module of an endpoint, by the name of its folder. No module begins with a digit: a test could not import it. */
export function featureModule(folder: string): string {
  return `${/^\d/.test(folder) ? 'at_' : ''}${folder.replaceAll('-', '_')}`;
}
