// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are Dockerfiles

import { describe, expect, it } from 'vitest';
import { baseImages, imagesMeet, isAllowedImage } from '../../engine/core/audit/base-images.ts';

const of = (...lines: string[]) => baseImages(lines.join('\n')).map(({ image, line }) => `${line} ${image}`);

describe('the images that a Dockerfile builds on', () => {
  it('have a line, and no tag or digest', () => {
    expect(of('FROM node:22-alpine AS build', 'FROM --platform=$BUILDPLATFORM reg:5000/a/b@sha256:00 as x')).toEqual([
      '1 node',
      '2 reg:5000/a/b',
    ]);
  });

  it('do not include stages of the file, and scratch', () => {
    expect(of('FROM a AS Build', 'FROM build AS next', 'from NEXT', 'FROM scratch')).toEqual(['1 a']);
  });

  it('have the defaults of ARG filled in', () => {
    expect(of('ARG TAG=22 BASE="node"', 'ARG IMAGE=${BASE}:${TAG}', 'FROM ${IMAGE}')).toEqual(['3 node']);
    expect(of('FROM ${NOTHING:-evil}/x', 'FROM $NOTHING')).toEqual(['1 evil/x', '2 ']);
    expect(of('FROM a', 'ARG LATE=b', 'FROM ${LATE:-c}')).toEqual(['1 a', '3 c']);
  });

  it('are found in continued lines, and not in comments or here-documents', () => {
    expect(
      of('# FROM no', 'FROM \\', '  # a comment', '  node:22 AS x', 'RUN <<EOF', 'FROM no', 'EOF', 'FROM b'),
    ).toEqual(['2 node', '8 b']);
    expect(of('# escape=`', 'FROM `', 'a')).toEqual(['2 a']);
  });

  it('are not hidden by text that only looks like a here-document', () => {
    expect(of('FROM a', 'RUN echo $((1<<2))', 'FROM evil')).toEqual(['1 a', '3 evil']);
    expect(of('FROM a', 'RUN cat <<NEVER', 'FROM evil')).toEqual(['1 a', '3 evil']);
    expect(of('FROM a', 'LABEL x=" <<E "', 'FROM evil', 'E')).toEqual(['1 a', '3 evil']);
  });

  it.each([
    ['node', ['node'], true],
    ['docker.io/library/node', ['node'], true],
    ['node', ['docker.io/library/node'], true],
    ['evil.example/node', ['node'], false],
    ['evil.example/library/node', ['node'], false],
    ['registry.acme.example/a/b', ['registry.acme.example/**'], true],
    ['registry.acme.example.evil/a', ['registry.acme.example/**'], false],
    ['', ['**'], false],
  ])('%s under %j: %s', (image, globs, allowed) => {
    expect(isAllowedImage(image, [globs])).toBe(allowed);
  });
});

describe('two policies', () => {
  it('allow an image that is in a list of each', () => {
    const lists = [
      ['node', 'ghcr.io/acme/**'],
      ['docker.io/library/*', 'ghcr.io/**'],
    ];
    expect(
      ['node', 'ghcr.io/acme/x', 'ghcr.io/other/x', 'python'].map((image) => isAllowedImage(image, lists)),
    ).toEqual([true, true, false, false]);
  });

  it.each([
    [['node'], ['docker.io/library/node'], true],
    [['docker.io/**'], ['library/node'], true],
    [['ghcr.io/acme/**'], ['node', 'ghcr.io/*/node'], true],
    [['node'], ['ghcr.io/acme/**'], false],
  ])('%j and %j have an image in common: %j', (one, other, meet) => {
    expect(imagesMeet(one, other)).toBe(meet);
  });
});
