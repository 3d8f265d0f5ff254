/** A first name for a device in its owner's list: "Firefox on Windows". Coarse on purpose; the owner may choose another. */

const BROWSERS: readonly [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/(Chrome|CriOS)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const SYSTEMS: readonly [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'Mac'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
];

const pick = (names: readonly [RegExp, string][], agent: string) => names.find(([pattern]) => pattern.test(agent))?.[1] ?? null;

export function deviceLabel(agent: string): string {
  return `${pick(BROWSERS, agent) ?? 'Browser'} on ${systemName(agent) ?? 'this device'}`;
}

/** The system alone, "Mac" or "iPhone": what a passkey belongs to. Null where it is none that is known. */
export function systemName(agent: string): string | null {
  return pick(SYSTEMS, agent);
}
