import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FluentBundle, FluentResource } from '@fluent/bundle';
import { describe, expect, it } from 'vitest';
import { loadTexts, t } from './texts';

const web = join(import.meta.dirname, '../../..');
const locales = join(web, 'locales/en');
/** Mail is written by the server from the same folder. */
const ofThePages = readdirSync(locales).filter((file) => file.endsWith('.ftl') && !file.startsWith('mail'));

/** Every id of a file, with its attributes as `id.attribute`; an id that has attributes only is left out. */
function idsIn(file: string): string[] {
  const resource = new FluentResource(readFileSync(join(locales, file), 'utf8'));
  const bundle = new FluentBundle('en');
  bundle.addResource(resource);
  return resource.body
    .filter((entry) => !entry.id.startsWith('-'))
    .flatMap(({ id }) => {
      const message = bundle.getMessage(id);
      const attributes = Object.keys(message?.attributes ?? {}).map((name) => `${id}.${name}`);
      return message?.value ? [id, ...attributes] : attributes;
    });
}

function sources(): { path: string; text: string }[] {
  return readdirSync(join(web, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(svelte|ts)$/.test(path) && !path.endsWith('.test.ts'))
    .map((path) => ({ path, text: readFileSync(join(web, 'src', path), 'utf8') }));
}

/** What a template such as `ground-${name}.works` can give. */
function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replaceAll('.', '\\.').replace(/\$\{[^}]*\}/g, '[\\w-]+')}$`);
}

const defined = ofThePages.flatMap(idsIn);
const code = sources();

describe('the texts', () => {
  it('hold every id that a source asks for', () => {
    const asked = code.flatMap(({ path, text }) =>
      [...text.matchAll(/\bt\(\s*['"]([\w.-]+)['"]/g)].map(([, id]) => ({ path, id: id as string })),
    );
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter(({ id }) => !defined.includes(id))).toEqual([]);
  });

  it('are all used: as a quoted id, by a template that can give it, or as `${id}.attribute` of an id that is', () => {
    const text = code.map((source) => source.text).join('\n');
    const templates = [...text.matchAll(/`([a-z][\w.-]*(?:\$\{[^`}]*\}[\w.-]*)+)`/g)].map(([, body]) => patternOf(body as string));
    const given = (id: string) => text.includes(`'${id}'`) || text.includes(`"${id}"`) || templates.some((one) => one.test(id));
    const used = (id: string) => {
      const [name, attribute] = id.split('.');
      return given(id) || (attribute !== undefined && given(name as string) && text.includes(`}.${attribute}\``));
    };
    expect(defined.filter((id) => !used(id))).toEqual([]);
  });

  it('name each id once', () => {
    const twice = defined.filter((id, index) => defined.indexOf(id) !== index);
    expect(twice).toEqual([]);
  });

  it('have no syntax that Fluent skips in silence', () => {
    for (const file of ofThePages) {
      const source = readFileSync(join(locales, file), 'utf8');
      const written = [...source.matchAll(/^(-?[a-zA-Z][\w-]*) *=/gm)].map(([, id]) => id);
      const read = new FluentResource(source).body.map((entry) => entry.id);
      expect(read, file).toEqual(written);
    }
  });
});

describe('t', () => {
  it('fills in arguments, finds attributes and counts', () => {
    expect(t('step-of', { step: 3, total: 5 })).toBe('Step 3 of 5');
    expect(t('page-missing.act')).toBe('Go to the start');
    expect(t('waiting-count', { count: 1 })).toBe('1 waiting');
  });

  it('gives an unknown id back, so that a page still shows', () => {
    expect(t('no-such-id')).toBe('no-such-id');
  });

  it('refuses a text file that does not exist', async () => {
    await expect(loadTexts(['no-such-file'])).rejects.toThrow('no-such-file.ftl');
  });
});

describe('the sources', () => {
  it('hold no English of their own in the markup', () => {
    const found = code
      .filter(({ path }) => path.endsWith('.svelte'))
      .flatMap(({ path, text }) => wordsInMarkup(text).map((words) => `${path}: ${words}`));
    expect(found).toEqual([]);
  });

  it('hold no inline style, no raw HTML and no innerHTML', () => {
    const banned = /\sstyle="|\{@html|innerHTML|outerHTML|insertAdjacentHTML/;
    expect(code.filter(({ text }) => banned.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

/** Text between tags, and text in attributes that people read, that has a word of two letters in it. */
function wordsInMarkup(source: string): string[] {
  const markup = withoutBraces(
    source
      .replace(/<!--[\s\S]*?-->/g, '')
      .replace(/<script[\s\S]*?<\/script>/g, '')
      .replace(/<style[\s\S]*?<\/style>/g, ''),
  );
  const texts = markup.replace(/<(?:"[^"]*"|'[^']*'|[^'">])*>/g, '\n').split('\n');
  const attributes = [...markup.matchAll(/\b(?:label|title|text|hint|lead|alt|placeholder|aria-label)="([^"]+)"/g)].map(
    ([, value]) => value as string,
  );
  return [...texts, ...attributes].map((words) => words.trim()).filter((words) => /\p{L}{2}/u.test(words));
}

/** The source with every `{…}` taken out, also nested ones. */
function withoutBraces(source: string): string {
  let depth = 0;
  let kept = '';
  for (const character of source) {
    if (character === '{') depth += 1;
    else if (character === '}') depth -= 1;
    else if (depth === 0) kept += character;
  }
  return kept;
}
