import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { texts, user } from '../support/fetching.ts';
import { temporaryFolder, write } from '../support/folder.ts';
import { gitRepository } from '../support/git-server.ts';

/** A repository behind ssh. The user's ssh program connects; here a fake one connects to this machine. */

describe('ssh', () => {
  /** A fake ssh that runs the remote command on this machine, and records its arguments. */
  const stand = (root: string) =>
    `#!/bin/sh\necho "$0 $*" >> "$HOME/calls"\n[ "$1" = -G ] && exit 0\nfor last; do :; done\ncd ${root} && eval "$(echo "$last" | sed 's#/srv#.#')"\n`;

  it.each<[string, NodeJS.ProcessEnv, string, RegExp]>([
    ['the one of the PATH, which cannot ask questions', {}, '', /bin\/ssh -oBatchMode=yes .*git@h\.invalid/],
    ['GIT_SSH', { GIT_SSH: 'HOME/own' }, '', /^\S+\/own (?!.*BatchMode)/],
    ['GIT_SSH_COMMAND', { GIT_SSH_COMMAND: 'HOME/own -x' }, '', /\/own -x (?!.*BatchMode)/],
    ['core.sshCommand', {}, '[core]\n\tsshCommand = ~/own -y\n', /\/own -y (?!.*BatchMode)/],
  ])('is the ssh of the user: %s', async (_, variables, config, expected) => {
    const { root } = gitRepository({ 'a.txt': 'one' });
    const person = user({ '.gitconfig': `${config}[safe]\n\tdirectory = *\n` });
    write(person.home, { 'bin/ssh': { run: stand(root) }, own: { run: stand(root) } });
    const own = Object.entries(variables).map(([name, value]) => [name, value?.replace('HOME', person.home)]);
    const env = { ...person.env, PATH: `${person.home}/bin:${person.env.PATH}`, ...Object.fromEntries(own) };
    const fetched = await person.fetch('git+ssh://git@h.invalid/srv/preset.git#main', { env });
    expect(texts(fetched)).toEqual({ 'a.txt': 'one' });
    expect(readFileSync(join(person.home, 'calls'), 'utf8')).toMatch(expected);
  });

  it('that is refused says so', async () => {
    const folder = temporaryFolder({
      ssh: { run: '#!/bin/sh\necho "git@h.invalid: Permission denied (publickey)." >&2\nexit 255\n' },
    });
    const person = user({}, { PATH: `${folder}:${process.env.PATH}` });
    expect(await person.refused('git+ssh://git@h.invalid/x.git')).toMatchObject({ code: 'SOURCE_DENIED', exit: 5 });
  });
});
