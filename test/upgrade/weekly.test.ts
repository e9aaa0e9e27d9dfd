// @module-tag sampled
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../support/folder.ts';
import { COMMITS, team, weeklyJobs } from '../support/weekly.ts';

/** The weekly upgrade job of the generated pipelines. Its own scripts run here, unchanged. */
let parent: string;
let jobs: ReadonlyMap<string, string>;
beforeAll(async () => {
  parent = makeFolder();
  jobs = await weeklyJobs(parent);
});
afterAll(() => removeFolder(parent));

describe.each(['github', 'gitlab'])('the weekly job of %s', (ci) => {
  it('pushes its branch, and replaces it next week', async () => {
    const { job, pushed, asked } = await team(jobs.get(ci) ?? 'exit 99');
    const first = await job();
    expect(first.code, first.stderr).toBe(0);
    const before = await pushed();
    const second = await job();
    expect(second.code, second.stderr).toBe(0);
    expect(await pushed()).not.toBe(before);
    if (ci === 'github') expect(asked()).toMatch(/pr create.*pr edit/s);
  });

  it('leaves a branch alone if a person has pushed to it', async () => {
    const { job, pushed, git } = await team(jobs.get(ci) ?? 'exit 99');
    expect((await job()).code).toBe(0);
    await git('person', 'fetch', '--quiet', 'origin', 'twelve/upgrade');
    await git('person', 'checkout', '--quiet', '-b', 'twelve/upgrade', 'FETCH_HEAD');
    await git('person', 'commit', '--quiet', '--allow-empty', '--message', 'Resolved by hand');
    await git('person', 'push', '--quiet', 'origin', 'HEAD:twelve/upgrade');
    const resolved = await pushed();
    const again = await job();
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('has a commit of a person')]);
    expect(await pushed()).toBe(resolved);
  });

  it('pushes nothing if there is nothing to upgrade, and fails if the upgrade failed', async () => {
    const { job, pushed, upgrade } = await team(jobs.get(ci) ?? 'exit 99');
    upgrade('exit 0');
    expect((await job()).code).toBe(0);
    upgrade('exit 5');
    expect((await job()).code).toBe(5);
    await expect(pushed()).rejects.toThrow(/rev-parse/);
    upgrade(`${COMMITS}; exit 4`);
    expect((await job()).code).toBe(0);
    expect(await pushed()).toMatch(/^[0-9a-f]{40}$/);
  });
});
