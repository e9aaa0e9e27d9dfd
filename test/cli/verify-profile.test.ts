// @module-tag sampled
import { afterAll, describe, expect, it } from 'vitest';
import { chooseProfile } from '../../maintenance/verify/profile.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { run } from '../support/program.ts';

/** What `verify` holds a service against if nothing is said, and how the report says it. */

const folder = makeFolder();
afterAll(() => removeFolder(folder));
write(folder, {
  'ours/.twelve.json': '{}',
  'stranger/server.js': `require('node:http')
    .createServer(({ url }, response) => response.writeHead(url === '/healthz' ? 200 : 404).end())
    .listen(Number(process.env.PORT), '127.0.0.1');`,
});
const verify = (...args: string[]) => run(['verify', 'stranger', '--cmd', 'node server.js', ...args], { cwd: folder });

describe('the profile', () => {
  it.each([
    [undefined, 'ours', 'house', 'the folder has .twelve.json'],
    [undefined, 'stranger', 'twelve-factor', 'the folder has no .twelve.json; --profile asks for more'],
    [undefined, undefined, 'twelve-factor', 'no folder was named; --profile asks for more'],
    ['kubernetes', 'ours', 'kubernetes', 'asked for with --profile'],
  ])('asked %s in the folder %s is %3$s', (asked, name, profile, profileReason) => {
    const root = name === undefined ? undefined : `${folder}/${name}`;
    expect(chooseProfile(asked, root)).toEqual({ profile, profileReason });
  });

  it('is one that exists, and has the rules that are asked for', async () => {
    const wrong = await verify('--profile', 'kubernets');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('did you mean kubernetes?')]);
    const beyond = await verify('--rule', 'IX-1,XI-2,H-1');
    expect(beyond.code).toBe(2);
    expect(beyond.stderr).toContain('--rule XI-2 promises nothing in the profile twelve-factor, only from house on');
    expect(beyond.stderr).toContain('Ask for more with --profile house.');
  });

  it('is in the report, with the health routes that were found', async () => {
    const text = await verify('--rule', 'IX-1');
    expect(text.stdout).toMatch(/profile twelve-factor: \d+\s+rules\s+\(the\s+folder\s+has no\s+.twelve.json/);
    expect(text.stdout).toContain('health routes: GET /healthz for liveness, and none for readiness');
    expect(text.code).toBe(0);
    const json = await verify('--rule', 'IX-1', '--format', 'json', '--profile', 'kubernetes');
    const { profile, profileReason, notes, findings } = JSON.parse(json.stdout);
    expect([profile, profileReason]).toEqual(['kubernetes', 'asked for with --profile']);
    expect(notes).toEqual(['health routes: GET /healthz for liveness, and none for readiness']);
    expect(findings).toEqual([{ rule: 'verify/health', message: 'no route for readiness was found: pass --ready' }]);
    expect(json.code).toBe(4);
  });
});
