/**
 * Kits: a random 32-byte seed on paper, as 24 words, as a QR code and as the line that the stock age tool reads. Reading what somebody typed
 * ignores case and spaces and says which word is wrong.
 */
import { bech32 } from '@scure/base';
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { makeRandom, ownBytes, type Bytes } from './bytes';
import { Malformed } from './errors/files';
import { KitLineBroken, KitUnknownWord, KitWordCount, KitWordsDoNotFit, NotAKit } from './errors/keys';
import { deriveRecipient, identityText } from './hybrid';

export type KitKind = 'personal' | 'restore' | 'recovery';

/** What a kit file says besides the key. Each text becomes one comment line. */
export interface KitLabels {
  readonly practice: string;
  readonly personName: string;
  readonly origin: string;
  /** Personal and recovery kit: the person's id. */
  readonly person?: string;
  /** Restore kit: SHA-256 of the backup-signing public key, base64url. */
  readonly backupKey?: string;
}

const WORDS = 24;
const HRP = 'AGE-SECRET-KEY-PQ-';

/** A friend of the class, for slots only: not exported by index.ts. */
export let kitSeedOf: (kit: Kit) => Bytes;

export class Kit {
  readonly #seed: Bytes;
  readonly kind: KitKind;

  static {
    kitSeedOf = (kit) => kit.#seed;
  }

  constructor(kind: KitKind, seed: Bytes) {
    if (seed.length !== 32) throw new Malformed('kit');
    this.kind = kind;
    this.#seed = seed;
  }

  /** The 24 words, in order. They open everything that the kit opens: show them only to print or save them. */
  words(): string[] {
    return entropyToMnemonic(this.#seed, wordlist).split(' ');
  }

  /** The line `AGE-SECRET-KEY-PQ-1…`, which is also what the QR code holds. */
  line(): string {
    return identityText(this.#seed);
  }

  /** The recipient for the server. A personal kit has none to give: the server must not be able to make a keyring for it. */
  async recipient(): Promise<string> {
    if (this.kind === 'personal') throw new NotAKit('secret-half', 'a personal kit’s public half is never given away');
    return deriveRecipient(this.#seed);
  }

  /** The kit file: a valid age identity file. */
  file(labels: KitLabels): string {
    const fact = this.kind === 'restore' ? `backup key: ${labels.backupKey ?? ''}` : `person: ${labels.person ?? ''}`;
    const comments = [`Alcove ${this.kind} kit — ${labels.practice} — ${labels.personName}`, labels.origin, fact, `words: ${this.words().join(' ')}`];
    // A line break in a name would end the comment and break the file for age.
    return [...comments.map((text) => `# ${text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')}`), this.line(), ''].join('\n');
  }
}

export function makeKit(kind: KitKind): Kit {
  return new Kit(kind, makeRandom(32));
}

/** Reads a kit from its file, its QR code, its line or its words, however they were typed. */
export function readKit(kind: KitKind, typed: string): Kit {
  const text = typed.normalize('NFKC');
  const line = keyLineIn(text);
  return new Kit(kind, line === null ? seedOfWords(text) : seedOfLine(line));
}

/** The key line without spaces and in upper case, or null where only words were typed. */
function keyLineIn(text: string): string | null {
  const lines = text.split(/\r?\n/).filter((line) => !line.trimStart().startsWith('#'));
  const joined = lines.join('').replace(/\s+/g, '').toUpperCase();
  if (joined.includes('AGE1')) throw new NotAKit('public', 'it is a public key');
  if (!joined.startsWith('AGE-SECRET-KEY')) return null;
  if (joined.startsWith('AGE-SECRET-KEY-1')) throw new NotAKit('classic', 'it is a classic age key');
  return joined;
}

function seedOfLine(line: string): Bytes {
  const data = line.slice(`${HRP}1`.length);
  if (!line.startsWith(`${HRP}1`)) throw new KitLineBroken('begins differently', 'start');
  const odd = [...data].findIndex((letter) => !'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L'.includes(letter));
  if (odd >= 0) throw new KitLineBroken(`has “${data.charAt(odd)}” as letter ${odd + 1} after the 1, which never occurs`, 'letter', data.charAt(odd), odd + 1);
  if (data.length !== 58) throw new KitLineBroken(`has ${data.length} letters after the 1 instead of 58`, 'length', '', 0, data.length);
  try {
    return ownBytes(bech32.decodeToBytes(line).bytes);
  } catch {
    throw new KitLineBroken('has a letter that was read wrongly', 'check');
  }
}

/** Words, numbered or not; four letters of a word suffice, as no two begin alike. */
function seedOfWords(text: string): Bytes {
  const typed = text.toLowerCase().replace(/[^\p{L}]+/gu, ' ').trim().split(' ');
  if (typed.length === 1 && typed[0] === '') throw new KitWordCount(0);
  // An unknown word is named first: it explains a wrong count better than the count does.
  const words = typed.map((word, i) => fullWord(word) ?? refuseWord(i + 1, word));
  if (words.length !== WORDS) throw new KitWordCount(words.length);
  try {
    return ownBytes(mnemonicToEntropy(words.join(' '), wordlist));
  } catch {
    throw new KitWordsDoNotFit();
  }
}

function fullWord(typed: string): string | null {
  if (wordlist.includes(typed)) return typed;
  return typed.length === 4 ? (wordlist.find((word) => word.startsWith(typed)) ?? null) : null;
}

function refuseWord(place: number, word: string): never {
  throw new KitUnknownWord(place, word);
}
