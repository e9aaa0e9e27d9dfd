/** Scripts of a package.json that npm runs when it installs or packs. */
export const INSTALL_SCRIPTS: readonly string[] = (
  'preinstall install postinstall prepublish preprepare prepare postprepare prepack preuninstall uninstall ' +
  'postuninstall dependencies'
).split(' ');
