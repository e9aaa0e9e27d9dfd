import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Balancer } from './support/balancer.ts';
import { Project } from './support/compose.ts';
import { describeWithEngine, docker, inspect, Leftovers, mustBuild } from './support/docker.ts';
import { load, type Outcome } from './support/load.ts';
import { run } from './support/run.ts';
import { makeService, workFolder } from './support/service.ts';

const SLOW_MS = 240_000;
const tag = 'orders:e2e-rolling';
const name = 'twelve-e2e-rolling';
const work = workFolder();
const leftovers = new Leftovers();
const dir = join(work.folder, 'orders');
const project = new Project(name, {
  cwd: dir,
  files: ['docker-compose.orders.yaml'],
  env: { ORDERS_TAG: 'e2e-rolling' },
});
const balancer = new Balancer(name, 'orders');

describeWithEngine('rolling restart of two instances under a bounded load', () => {
  let url: string;

  beforeAll(async () => {
    await makeService('orders', dir, { database: 'postgres', cache: 'none' });
    await mustBuild(dir, leftovers.image(tag), '--build-arg', 'REVISION=first');
    await project.must('up', '--wait', '--no-build', '--scale', 'orders=2');
    url = await balancer.start();
  }, SLOW_MS);

  afterAll(async () => {
    balancer.stop();
    await project.down();
    await leftovers.remove();
    work.remove();
  });

  /** Reads what serves, and creates a product with every fifth request. */
  function traffic() {
    return load((count) => {
      if (count % 5 !== 0) return fetch(`${url}/version`);
      return fetch(`${url}/products`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ sku: `R-${Date.now()}-${count}`, name: 'Kettle', priceCents: 1 }),
      });
    });
  }

  const restart = () => run('sh', ['scripts/rolling-restart.sh'], project.options);
  const failed = (outcomes: Outcome[]) => outcomes.filter(({ status }) => status !== 200 && status !== 201);
  const running = async () => (await project.must('ps', '--quiet', 'orders')).split('\n').sort();

  test('not one request fails, and every instance is new', { timeout: SLOW_MS }, async () => {
    const before = await running();
    await mustBuild(dir, tag, '--build-arg', 'REVISION=second');
    const requests = traffic();
    const { code, stderr } = await restart();
    const outcomes = await requests.stop();
    expect(code, stderr).toBe(0);
    console.info(`${outcomes.length} requests during the restart, ${failed(outcomes).length} failed`);
    expect(outcomes.length).toBeGreaterThan(100);
    expect(failed(outcomes)).toEqual([]);
    const revisions = outcomes.filter(({ status }) => status === 200).map(({ body }) => JSON.parse(body).revision);
    expect(revisions[0]).toBe('first');
    expect(revisions.at(-1)).toBe('second');
    const after = await running();
    expect(after).toHaveLength(2);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
  });

  test('a new instance that does not become healthy is removed, and the old ones serve on', {
    timeout: SLOW_MS,
  }, async () => {
    const before = await running();
    const image = (await inspect(tag)).Id;
    await run('docker', ['build', '--tag', tag, '-'], { input: `FROM ${tag}\nCMD ["no-such-verb"]\n` });
    expect((await inspect(tag)).Id).not.toBe(image);
    const requests = traffic();
    const { code, stderr } = await restart();
    const outcomes = await requests.stop();
    await docker('tag', image, tag);
    expect(code, stderr).toBe(1);
    expect(stderr).toContain('the others stay as they were');
    expect(failed(outcomes)).toEqual([]);
    expect(await running()).toEqual(before);
    expect((await project.containers('orders')).sort()).toEqual(before);
  });

  test('the load notices a restart that is not a rolling one', { timeout: SLOW_MS }, async () => {
    const requests = traffic();
    await project.must('up', '--wait', '--no-build', '--force-recreate', '--no-deps', '--scale', 'orders=2', 'orders');
    const outcomes = await requests.stop();
    expect(failed(outcomes).length).toBeGreaterThan(0);
  });
});
