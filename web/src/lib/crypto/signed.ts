/**
 * Signed statements: `b64u(payload) "." b64u(signature)`. The transmitted payload bytes are what is signed, so there is nothing to canonicalise.
 * The kind is part of the signed message: a grant can never pass for a roster entry.
 */
import { b64u, concat, fromB64u, sha256, utf8, type Bytes } from './bytes';
import { BadSignature, Malformed } from './errors/files';
import { parseFields, type Fields } from './json';
import { isSignedBy, type SigningKey } from './signing';

export type SignedKind = 'roster' | 'directory' | 'grant' | 'join' | 'restore' | 'approval' | 'backup' | 'recovery';

/** What is signed: the kind, a zero byte, the payload's hash. */
async function messageOf(kind: SignedKind, payload: Bytes): Promise<Bytes> {
  return concat(utf8(`alcove-${kind}/1\0`), await sha256(payload));
}

export async function signStatement(kind: SignedKind, fields: Fields, key: SigningKey): Promise<string> {
  const payload = utf8(JSON.stringify(fields));
  return `${b64u(payload)}.${await key.sign(await messageOf(kind, payload))}`;
}

/** A statement whose signature was not checked yet. Its fields may choose the key, never more. */
export class UnverifiedStatement {
  readonly #payload: Bytes;
  readonly #signature: string;
  readonly fields: Fields;

  /** @throws {@link Malformed} */
  constructor(text: string) {
    const [payload, signature, more] = text.split('.');
    if (payload === undefined || signature === undefined || more !== undefined) throw new Malformed('statement');
    this.#payload = fromB64u(payload, 'statement');
    this.#signature = signature;
    this.fields = parseFields(this.#payload, 'statement');
  }

  async isBy(kind: SignedKind, publicKey: string): Promise<boolean> {
    return isSignedBy(publicKey, await messageOf(kind, this.#payload), this.#signature);
  }

  /** The fields, once the signature fits. @throws {@link BadSignature} */
  async verified(kind: SignedKind, publicKey: string): Promise<Fields> {
    if (!(await this.isBy(kind, publicKey))) throw new BadSignature(kind);
    return this.fields;
  }
}

/** The hash by which a statement is chained and named: SHA-256 of its text, base64url. */
export async function hashStatement(text: string): Promise<string> {
  return b64u(await sha256(utf8(text)));
}
