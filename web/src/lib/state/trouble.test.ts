/** Every error that a person can meet has its words: those of the engine and of the cryptography by name, those of the practice by code. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FluentResource } from '@fluent/bundle';
import { beforeAll, describe as about, expect, it } from 'vitest';
import { ApiProblem, Offline } from '$lib/api';
import * as refusals from '$lib/crypto/errors';
import { KitWrongWord, OutboxNotEmpty } from '$lib/engine/errors';
import { loadTexts } from '$lib/i18n';
import { describe, inOne } from './trouble';

const web = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(web, path), 'utf8');

function allIn(folder: string, ending: RegExp): string[] {
  return readdirSync(join(web, folder), { recursive: true, encoding: 'utf8' }).filter((path) => ending.test(path)).map((path) => read(join(folder, path)));
}

function found(sources: readonly string[], pattern: RegExp): string[] {
  return [...new Set(sources.flatMap((source) => [...source.matchAll(pattern)].map(([, name]) => name as string)))];
}

const pages = allIn('src/lib', /(?<!\.test)\.ts$/);
const server = allIn('../src/http', /\.rs$/);
const names = found(pages, /override readonly name = '(\w+)'/g).filter((name) => name !== 'ApiProblem');
const codes = [
  ...found(server, /(?:Self|Problem)::new\(\s*[\w:]+,\s*"([a-z-]+)"/g),
  ...found([read('../src/http/refusal.rs')], /^ {4}\("([a-z-]+)", /gm),
  ...found(pages, /code: '([a-z]+-[a-z-]+)'/g),
];
const texts = ['core', 'trouble'].flatMap((file) =>
  new FluentResource(read(`locales/en/${file}.ftl`)).body.map(({ id }) => id).filter((id) => id.startsWith('trouble-')).map((id) => id.slice('trouble-'.length)),
);

function problem(code: string, more: Partial<ApiProblem> = {}): ApiProblem {
  return new ApiProblem({ status: 409, code, title: '', detail: '', next: '', facts: {}, ...more });
}

beforeAll(() => loadTexts(['trouble']));

about('the words for what went wrong', () => {
  it('exist for every name of an error in the sources', () => {
    expect(names.length).toBeGreaterThan(80);
    expect(names).toContain('FileHashDiffers');
    expect(names.filter((name) => !texts.includes(name))).toEqual([]);
  });

  it('exist for every code that the practice answers with', () => {
    expect(codes.length).toBeGreaterThan(55);
    for (const code of ['proof-too-old', 'unsupported-media-type', 'disk-full', 'other-host', 'unexpected-answer']) expect(codes).toContain(code);
    expect(codes.filter((code) => !texts.includes(code))).toEqual([]);
  });

  it('exist for nothing that is never thrown', () => {
    expect(texts.filter((text) => text !== 'unexpected' && !names.includes(text) && !codes.includes(text))).toEqual([]);
  });

  it('all say what to do next, and leave no argument open', () => {
    const made = Object.values(refusals).filter((one) => typeof one === 'function' && one.length === 0 && !['Refusal', 'Alarm'].includes(one.name)) as unknown as (new () => Error)[];
    expect(made.length).toBeGreaterThan(30);
    for (const error of [...made.map((one) => new one()), ...codes.map((code) => problem(code))]) {
      const told = describe(error);
      expect(told.title, told.code).not.toMatch(/^trouble-/);
      expect(told.next, told.code).not.toBe('');
      expect(`${told.title} ${inOne(told)}`, told.code).not.toMatch(/\{|undefined/);
    }
  });

  it('are marked as ours by whether they are alarms', () => {
    const unmarked = found(pages, /class \w+ extends Error[^{]*\{\n(?! *readonly alarm| *override readonly name = '\w+';\n *readonly alarm| *abstract)[^\n]*name = '(\w+)'/g);
    expect(unmarked.filter((name) => name !== 'ApiProblem')).toEqual([]);
  });

  it('fill in what the error knows', () => {
    expect(describe(new KitWrongWord(7)).detail).toBe('Word 7 is another one on your page.');
    expect(describe(new OutboxNotEmpty(1)).detail).toBe('1 change of yours waits on this device.');
    expect(describe(new refusals.KitLineBroken('…', 'letter', 'B', 3)).detail).toBe('Letter 3 after the 1 is “B”, which never occurs.');
    expect(describe(new refusals.RosterForked(4))).toMatchObject({ alarm: true, detail: 'Entry 4 does not continue the one before it. Writing here is stopped.' });
    expect(describe(problem('too-many-attempts', { facts: { retry_after_s: 30 } })).next).toBe('Wait 30 seconds, then try again.');
    expect(describe(problem('field-refused', { detail: 'the name is empty' })).detail).toBe('The practice says: the name is empty');
    expect(describe(new Offline())).toMatchObject({ code: 'Offline', offline: true, title: 'The practice cannot be reached' });
  });

  it('are those of the practice for a code that is not known here', () => {
    const told = describe(problem('of-a-later-version', { title: 'Not on Sundays', detail: 'Not on Sundays', next: 'Come back on Monday.' }));
    expect(told).toMatchObject({ code: 'of-a-later-version', title: 'Not on Sundays', detail: '', next: 'Come back on Monday.' });
  });

  it('are general ones for all else', () => {
    expect(describe(new TypeError('x is not a function')).detail).toBe('Something went wrong in this window (TypeError: x is not a function).');
    for (const thrown of [undefined, null, 7, 'text', {}]) expect(describe(thrown)).toMatchObject({ code: 'unexpected', title: 'That did not work', detail: 'Something went wrong in this window.' });
    expect(describe(problem('of-a-later-version')).title).toBe('That did not work');
  });
});
