/**
 * The words of the product. Every text a person reads comes from `locales/<language>/*.ftl` through `t`.
 * It must not format times (see `times.ts`) and must not hold any text of its own.
 */
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import core from '../../../locales/en/core.ftl?raw';
import ui from '../../../locales/en/ui.ftl?raw';

export type TextArgs = Record<string, FluentVariable>;

/** Area files besides core and ui: fetched with the area's own chunk. */
const files = import.meta.glob<string>(['../../../locales/*/*.ftl', '!../../../locales/en/{core,ui,mail*}.ftl'], {
  query: '?raw',
  import: 'default',
});

const language = 'en';
// Isolation marks would end up in copied text; names that may run right to left stand in <bdi>.
const bundle = new FluentBundle(language, { useIsolating: false });
const loaded = new Set<string>(['core', 'ui']);

addTexts(core);
addTexts(ui);

/** Adds the messages of one .ftl source. */
export function addTexts(source: string): void {
  bundle.addResource(new FluentResource(source), { allowOverrides: true });
}

/** Loads `locales/<language>/<name>.ftl` for each name, once. The router calls it with a route's `texts`. */
export async function loadTexts(names: readonly string[]): Promise<void> {
  const missing = names.filter((name) => !loaded.has(name));
  const sources = await Promise.all(missing.map((name) => fileOf(name)()));
  for (const [index, source] of sources.entries()) {
    addTexts(source);
    loaded.add(missing[index] as string);
  }
}

function fileOf(name: string): () => Promise<string> {
  const file = files[`../../../locales/${language}/${name}.ftl`];
  if (!file) throw new Error(`There is no text file named ${name}.ftl`);
  return file;
}

/**
 * The text with this id (`id` or `id.attribute`) in the person's language.
 * An unknown id gives the id itself: the tests make sure that none exists.
 */
export function t(id: string, args?: TextArgs): string {
  const pattern = patternOf(id);
  return pattern ? bundle.formatPattern(pattern, args ?? null, []) : id;
}

/** Whether this text has arrived. For ids that come from outside, such as codes of a server. */
export function hasText(id: string): boolean {
  return patternOf(id) !== null;
}

function patternOf(id: string) {
  const [name = id, attribute] = id.split('.');
  const message = bundle.getMessage(name);
  return (attribute === undefined ? message?.value : message?.attributes[attribute]) ?? null;
}

/** The language in use, for `Intl` and the `lang` attribute. */
export function currentLanguage(): string {
  return language;
}
