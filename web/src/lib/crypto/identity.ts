/**
 * A person's public keys: the key hash that stands for them, the signed statement that carries them, and the words that two people compare.
 */
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { b64u, equalText, fromB64u, sha256, utf8, type Bytes } from './bytes';
import { KeyChanged } from './errors/keys';
import { requireHybrid } from './hybrid';
import { requireId } from './ids';
import { requireVersion1, textField } from './json';
import { UnverifiedStatement } from './signed';
import { requireSigningPublic } from './signing';

/** The public keys of one person, as texts. */
export interface PersonKeys {
  readonly person: string;
  /** Ed25519 public key, base64url. */
  readonly sign: string;
  /** `age1pq1…` */
  readonly recipient: string;
}

/** Both keys and the person, in 256 bits, never shortened. */
export async function deriveKeyHash({ person, sign, recipient }: PersonKeys): Promise<string> {
  const bytes = requireSigningPublic(sign);
  return b64u(await sha256(utf8('alcove/v1/key\0'), utf8(`${requireId('per', person)}\0`), bytes, utf8(requireHybrid(recipient))));
}

export interface KeyStatement extends PersonKeys {
  readonly keyHash: string;
  readonly made_at: string;
}

/** The keys of a statement that its own signing key signed. It proves possession, not identity: compare the key hash with what is known. */
export async function readKeyStatement(text: string): Promise<KeyStatement> {
  const statement = new UnverifiedStatement(text);
  const what = 'key statement';
  const sign = textField(statement.fields, 'sign', what);
  const fields = await statement.verified('directory', sign);
  requireVersion1(fields, what);
  const keys = { person: textField(fields, 'person', what), sign, recipient: textField(fields, 'recipient', what) };
  return { ...keys, keyHash: await deriveKeyHash(keys), made_at: textField(fields, 'ts', what) };
}

/** Refuses other keys than those that are known for the person. @throws {@link KeyChanged} */
export async function expectKeys(keys: PersonKeys, knownKeyHash: string): Promise<void> {
  if (!equalText(await deriveKeyHash(keys), knownKeyHash)) throw new KeyChanged(keys.person);
}

/** Six words of 11 bits over both key hashes; the same whoever computes them. */
export async function deriveSafetyWords(keyHashA: string, keyHashB: string): Promise<string[]> {
  const [low, high] = [keyHashA, keyHashB].map((hash) => fromB64u(hash, 'key hash', 32)).sort(byteOrder) as [Bytes, Bytes];
  const digest = await sha256(utf8('alcove/v1/safety\0'), low, high);
  let bits = 0n;
  for (const byte of digest.subarray(0, 9)) bits = (bits << 8n) | BigInt(byte);
  // 72 bits were read; the first 66 count.
  bits >>= 6n;
  return Array.from({ length: 6 }, (_, i) => wordlist[Number((bits >> BigInt(11 * (5 - i))) & 2047n)] as string);
}

/** Not by text: the order of base64url is another than that of the bytes. */
function byteOrder(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, i) => byte !== b[i]);
  return at < 0 ? 0 : (a[at] as number) - (b[at] as number);
}
