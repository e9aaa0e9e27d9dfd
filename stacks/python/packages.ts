import type { Needs } from '../stack.ts';

/** What additions need besides what every service has. */
interface Packages {
  /** What their own files import, by name, as pyproject.toml says it. */
  readonly requirements: Readonly<Record<string, string>>;
  /** Pins of these and of what they need, as `npm run lockfiles -- --stack python` compares them with those of uv. */
  readonly pins: readonly string[];
}

/** `NAME==VERSION`, with what hashes of its files may be. */
const pin = (what: string, ...hashes: readonly string[]): string =>
  [what, ...hashes.map((hash) => `    --hash=sha256:${hash}`)].join(' \\\n');

export const PACKAGES: Readonly<Record<Needs, Packages>> = {
  client: {
    requirements: { httpx2: '>=2.9,<3', tenacity: '>=9.2,<10' },
    pins: [
      pin(
        "httpcore2==2.16.2 ; sys_platform != 'emscripten'",
        '16051ae2a42f776007543f32de9349a317b23d2cbb4e1456b4bac0e88b87419a',
        '6c519d0f7b44f7269fa9bbb4d2763db395a4a2370f046d8e8e0a4b38227815d2',
      ),
      pin(
        'httpx2==2.16.2',
        '748b615678f07d8e3b183efe81ad13b655ca88bfc56ce4589219b2d442860574',
        'f05c13aade4c45dbf1c9060647a1058f0acad62398fad96e741269edb33d46f5',
      ),
      pin(
        "httpx2-jsfetch==1.0 ; sys_platform == 'emscripten'",
        '70a0e3eabfef7cce5ad9c629f7d01ca05e418f586646f4ddf14782e4c1454c60',
        'cb916b707601e69a07721aabc8f3f6659be3a6893bc1ff5c6f9e02241df2da32',
      ),
      pin(
        'tenacity==9.2.1',
        '9e56f17539296baab7beabb08b92f6ee3d7be92d8be72d763360677c2ad6580e',
        'a606b5c808d0cded4a359d5b9932d867ff2a6a6b64d37350260fd01bbdf83839',
      ),
      pin(
        "truststore==0.10.5 ; sys_platform != 'emscripten'",
        '30d36967ccaded5cbb38d602c433f53600036c79d502f4533a49b60a03bbefcd',
        '9aaaedaefaf06d8b206278cf8b5012bc897f485a874503501e12d776df78951c',
      ),
    ],
  },
  // A rollout is a hash and a few lines of Python.
  flag: { requirements: {}, pins: [] },
};
