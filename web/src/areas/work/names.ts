/** Names as people say them. Pure. */
import { currentLanguage } from '$lib/i18n';

/** The first word of a name: "Maya Okafor" is "Maya". */
export function firstName(name: string): string {
  return name.trim().split(/\s+/)[0] || name;
}

/** First names, unless two of them are the same: then whole names. */
export function shortNames(names: readonly string[]): string[] {
  const short = names.map(firstName);
  return new Set(short).size === short.length ? short : [...names];
}

/** "You, Maya and Lena". */
export function listed(names: readonly string[]): string {
  const locale = currentLanguage() === 'en' ? 'en-GB' : currentLanguage();
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(names);
}
