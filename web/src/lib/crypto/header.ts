/**
 * A strict reader of age headers (age-encryption.org/v1, "File format"). The library decrypts; this decides beforehand whether the file has one of
 * the two shapes that this protocol writes, so that a server can neither mix in a recipient nor raise a cost.
 */
import { base64nopad } from '@scure/base';
import { OddHeader } from './errors/files';

export interface HeaderStanza {
  readonly args: readonly string[];
  readonly body: Uint8Array;
}

const LINE_MAX = 4096;
const STANZAS_MAX = 64;
const COLUMNS = 64;
const LF = 10;

/** Reads lines of printable ASCII, each ended by one line feed. */
class Lines {
  #at = 0;
  readonly #bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  next(): string {
    const end = this.#bytes.subarray(this.#at, this.#at + LINE_MAX).indexOf(LF);
    if (end < 0) throw new OddHeader('a line without end');
    const line = this.#bytes.subarray(this.#at, this.#at + end);
    if (line.some((byte) => byte < 32 || byte > 126)) throw new OddHeader('a byte that is not printable');
    this.#at += end + 1;
    return String.fromCharCode(...line);
  }
}

/** Canonical base64 without padding; @scure/base refuses trailing bits. */
function canonical(text: string): Uint8Array {
  try {
    return base64nopad.decode(text);
  } catch {
    throw new OddHeader('bad base64');
  }
}

/** Full lines of 64 columns and one shorter, perhaps empty, last line. */
function readBody(lines: Lines): Uint8Array {
  let text = '';
  for (;;) {
    const line = lines.next();
    if (line.length > COLUMNS) throw new OddHeader('a long line');
    text += line;
    if (line.length < COLUMNS) return canonical(text);
    if (text.length > LINE_MAX) throw new OddHeader('a long body');
  }
}

/** The stanzas of a header, without any key. @throws {@link OddHeader} */
export function readHeader(file: Uint8Array): HeaderStanza[] {
  const lines = new Lines(file);
  if (lines.next() !== 'age-encryption.org/v1') throw new OddHeader('another version');
  const stanzas: HeaderStanza[] = [];
  for (;;) {
    const line = lines.next();
    if (line.startsWith('--- ')) {
      if (canonical(line.slice(4)).length !== 32) throw new OddHeader('a bad MAC line');
      return stanzas;
    }
    if (!line.startsWith('-> ')) throw new OddHeader('a line that is no stanza');
    if (stanzas.length === STANZAS_MAX) throw new OddHeader('too many stanzas');
    const args = line.slice(3).split(' ');
    if (args.includes('')) throw new OddHeader('an empty argument');
    stanzas.push({ args, body: readBody(lines) });
  }
}

/** One argument as canonical base64 of a known length. @throws {@link OddHeader} */
export function argumentBytes(text: string, length: number): Uint8Array {
  const bytes = canonical(text);
  if (bytes.length !== length) throw new OddHeader('an argument of another length');
  return bytes;
}
