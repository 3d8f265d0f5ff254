/** What the people of a seeded practice write. The marker stands in every text, so that a search over a disk finds any that is not sealed. */

export const NAMES = ['Ana Petrov', 'Ben Okafor', 'Chiara Rossi', 'Daniel Weiss', 'Elif Kaya', 'Farid Haddad', 'Greta Lind', 'Hugo Marin', 'Ines Costa', 'Jonas Berg'] as const;

/** A client's name; after ten they are numbered. */
export function nameOf(i: number): string {
  const name = NAMES[i % NAMES.length] ?? NAMES[0];
  return i < NAMES.length ? name : `${name} ${Math.floor(i / NAMES.length) + 1}`;
}

const paragraph = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] });

/** A document of the note editor. */
export function doc(...lines: readonly string[]): unknown {
  return { type: 'doc', content: lines.map(paragraph) };
}

export function sharedNotes(name: string, marker: string) {
  return [
    { title: `First session with ${name} ${marker}`, session_on: '2026-10-13', doc: doc(`What brought ${name} here: more calm before decisions. ${marker}`, `We agreed on six sessions. ${marker}`) },
    { title: `Second session ${marker}`, session_on: '2026-10-27', doc: doc(`The walk before breakfast helped. ${marker}`, `Next: say no once, kindly. ${marker}`) },
  ];
}

export function privateNote(name: string, marker: string) {
  return { title: `About ${name} ${marker}`, session_on: '2026-10-27', doc: doc(`Hypothesis: the deadline is a proxy. Ask about the brother. ${marker}`) };
}

export function unfinishedNote(marker: string) {
  return { title: `Third session, in progress ${marker}`, session_on: '2026-11-10', doc: doc(`To finish tonight. ${marker}`) };
}

export function actions(marker: string) {
  return [
    { title: `Walk before breakfast ${marker}`, detail: `Ten minutes are enough. ${marker}`, due_on: '2026-11-20' },
    { title: `Say no once ${marker}`, detail: `Write down how it felt. ${marker}`, due_on: '2026-12-01' },
    { title: `Read the first chapter ${marker}`, detail: '', due_on: null },
  ];
}

export const coachMessages = (name: string, marker: string) => [`Good to see you today, ${name}. ${marker}`, `The worksheet can wait until Friday. ${marker}`];
export const clientMessages = (marker: string) => [`Thank you, that helped. ${marker}`, `Could we move to Thursday? ${marker}`];

/** A text file of some size, so that a transfer has more than one part of padding to it. */
export function file(title: string, marker: string, lines: number): Uint8Array<ArrayBuffer> {
  const text = Array.from({ length: lines }, (_, i) => `${title}, line ${i + 1}: ${marker}`).join('\n');
  return new TextEncoder().encode(text);
}
