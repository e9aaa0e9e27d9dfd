import { chmodSync, lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readReportFiles, writeReports } from '../../maintenance/verify/report-files.ts';
import { makeFolder, removeFolder, temporaryFolder, write } from '../support/folder.ts';

const folder = makeFolder();
afterAll(() => removeFolder(folder));
write(folder, { 'there/a.json': 'old\n' });

describe('--report FORMAT=FILE', () => {
  const read = (...texts: string[]) => readReportFiles(texts, ['json', 'sarif'], folder);

  it('may be given several times', () => {
    expect(read('json=there/a.json', 'sarif=b=c.sarif')).toEqual([
      { format: 'json', path: join(folder, 'there/a.json') },
      { format: 'sarif', path: join(folder, 'b=c.sarif') },
    ]);
  });

  it.each([
    [['xml=a.xml'], '--report xml=a.xml is not FORMAT=FILE; the formats are json, sarif'],
    [['a.json'], 'is not FORMAT=FILE'],
    [['json='], 'is not FORMAT=FILE'],
    [['json=nowhere/a.json'], '--report json=nowhere/a.json is in no folder that is there'],
    [['json=there'], '--report json=there names a folder'],
    [['json=a', 'sarif=there/../a'], 'is written twice'],
  ])('%j is refused', (texts, said) => expect(() => read(...texts)).toThrow(said));
});

describe('reports', () => {
  it('replace what was there, at the end of a link too, and leave nothing else', () => {
    const cwd = temporaryFolder();
    write(cwd, { 'real/a.json': 'old\n' });
    symlinkSync('real/a.json', join(cwd, 'link.json'));
    writeReports([
      { path: join(cwd, 'link.json'), text: 'new' },
      { path: join(cwd, 'b.xml'), text: '<b/>' },
    ]);
    expect(readFileSync(join(cwd, 'real/a.json'), 'utf8')).toBe('new\n');
    expect(lstatSync(join(cwd, 'link.json')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(cwd, 'b.xml'), 'utf8')).toBe('<b/>\n');
    expect([readdirSync(cwd).sort(), readdirSync(join(cwd, 'real'))]).toEqual([
      ['b.xml', 'link.json', 'real'],
      ['a.json'],
    ]);
  });

  it('are all left as they were if one cannot be written', () => {
    const cwd = temporaryFolder();
    write(cwd, { 'a.json': 'old\n' });
    const files = [
      { path: join(cwd, 'a.json'), text: 'new' },
      { path: join(cwd, 'gone/b.xml'), text: '<b/>' },
    ];
    expect(() => writeReports(files)).toThrow('the disk failed with ENOENT');
    expect(readFileSync(join(cwd, 'a.json'), 'utf8')).toBe('old\n');
    expect(readdirSync(cwd)).toEqual(['a.json']);
  });

  it.skipIf(process.getuid?.() === 0)('need permission to write', () => {
    const cwd = temporaryFolder();
    chmodSync(cwd, 0o500);
    expect(() => writeReports([{ path: join(cwd, 'a'), text: 'a' }])).toThrow('no permission to write');
    chmodSync(cwd, 0o700);
  });
});
