/**
 * What a password comes down to when case, swapped characters, what was put before or behind, and doubling are taken away. The list is made of such
 * forms; `tests/it/passwords.rs` reduces the same way, and shared vectors say so.
 */

/** Shorter forms say nothing: every password has some. */
const CHARS_MIN = 4;
const BEHIND_MAX = 8;
const BEFORE_MAX = 4;

const letters: Readonly<Record<string, string>> = { '@': 'a', '4': 'a', '3': 'e', '0': 'o', $: 's', '5': 's', '7': 't' };
const swaps: readonly Readonly<Record<string, string>>[] = [
  {},
  { ...letters, '1': 'i', '!': 'i' },
  { ...letters, '1': 'l', '!': 'l' },
  // Signs above digits, for the digits.
  { '!': '1', '@': '2', '#': '3', $: '4', '%': '5', '^': '6', '&': '7', '*': '8', '(': '9', ')': '0' },
];
const isLetter = (sign: string): boolean => /^\p{Alphabetic}$/u.test(sign);

/** The shortest text that, repeated, gives this one. */
function unrepeated(signs: readonly string[]): string[] {
  for (let period = 1; period < signs.length; period += 1) {
    if (signs.length % period === 0 && signs.every((sign, at) => sign === signs[at % period])) return signs.slice(0, period);
  }
  return [...signs];
}

/** Every form under which a password is looked up. */
export function formsOf(password: string): Set<string> {
  const plain = [...password.normalize('NFKC').toLowerCase()];
  const found = new Set<string>();
  for (const whole of [plain, unrepeated(plain)]) {
    const before = leading(whole);
    const behind = leading([...whole].reverse());
    for (const from of [0, Math.min(before, BEFORE_MAX)]) {
      for (let off = 0; off <= Math.min(behind, BEHIND_MAX); off += 1) {
        for (const form of unswapped(whole.slice(from, whole.length - off))) found.add(form);
      }
    }
  }
  return found;
}

/** How many signs stand before the first letter. */
function leading(signs: readonly string[]): number {
  const first = signs.findIndex(isLetter);
  return first === -1 ? signs.length : first;
}

function* unswapped(signs: readonly string[]): Generator<string> {
  for (const swap of swaps) {
    const undone = signs.map((sign) => swap[sign] ?? sign);
    for (const form of [undone, unrepeated(undone)]) if (form.length >= CHARS_MIN) yield form.join('');
  }
}
