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

export function deviceLabel(agent: string): string {
  const pick = (names: readonly [RegExp, string][], otherwise: string) => names.find(([pattern]) => pattern.test(agent))?.[1] ?? otherwise;
  return `${pick(BROWSERS, 'Browser')} on ${pick(SYSTEMS, 'this device')}`;
}
