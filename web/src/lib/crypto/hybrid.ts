/**
 * age files to persons: native hybrid recipients (ML-KEM-768 + X25519) and nothing else, ever.
 */
import { Decrypter, Encrypter, identityToRecipient } from 'age-encryption';
import { bech32 } from '@scure/base';
import { ownBytes, type Bytes } from './bytes';
import { CannotOpen, ClassicRecipient, LowOrderPoint, Malformed, OddHeader } from './errors/files';
import { argumentBytes, readHeader } from './header';
import { isLowX25519 } from './points';
import { afterTypeLine, withTypeLine, type FileType } from './typeline';

const RECIPIENT_BYTES = 1216;
const SHARE_BYTES = 1120;
const WRAPPED_KEY_BYTES = 32;
const RECIPIENTS_MAX = 64;

/** The identity text of a 32-byte seed, as the stock age tool reads it. */
export function identityText(seed: Bytes): string {
  if (seed.length !== 32) throw new Malformed('identity seed');
  return bech32.encodeFromBytes('AGE-SECRET-KEY-PQ-', seed).toUpperCase();
}

export async function deriveRecipient(seed: Bytes): Promise<string> {
  return identityToRecipient(identityText(seed));
}

const checked = new Set<string>();
const CHECKED_MAX = 512;

/**
 * Refuses what is no native hybrid recipient, and one whose X25519 half would contribute nothing.
 * @throws {@link ClassicRecipient} @throws {@link LowOrderPoint}
 */
export function requireHybrid(recipient: string): string {
  if (checked.has(recipient)) return recipient;
  // Upper case is legal Bech32, but the text is hashed into the key hash: one key, one text.
  if (!recipient.startsWith('age1pq1')) throw new ClassicRecipient();
  let bytes: Uint8Array;
  try {
    bytes = bech32.fromWords(bech32.decode<'age1pq'>(recipient as `age1pq1${string}`, false).words);
  } catch {
    throw new ClassicRecipient();
  }
  if (bytes.length !== RECIPIENT_BYTES) throw new ClassicRecipient();
  if (isLowX25519(bytes.subarray(RECIPIENT_BYTES - 32))) throw new LowOrderPoint();
  if (checked.size >= CHECKED_MAX) checked.clear();
  checked.add(recipient);
  return recipient;
}

/** Seals to these persons. One classic recipient refuses the whole: mixing would void the hybrid promise. */
export async function sealToPersons(type: FileType, recipients: readonly string[], body: Uint8Array): Promise<Bytes> {
  if (recipients.length === 0 || recipients.length > RECIPIENTS_MAX) throw new OddHeader('no recipient, or too many');
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(requireHybrid(recipient));
  return ownBytes(await encrypter.encrypt(withTypeLine(type, body)));
}

/** Refuses a header with any stanza that {@link sealToPersons} would not have written. */
export function requirePersonsHeader(file: Uint8Array): void {
  const stanzas = readHeader(file);
  if (stanzas.length === 0) throw new OddHeader('no recipient');
  for (const { args, body } of stanzas) {
    const [tag, share, more] = args;
    if (tag !== 'mlkem768x25519' || share === undefined || more !== undefined) throw new OddHeader('a foreign recipient');
    const bytes = argumentBytes(share, SHARE_BYTES);
    if (body.length !== WRAPPED_KEY_BYTES) throw new OddHeader('a stanza of another length');
    if (isLowX25519(bytes.subarray(SHARE_BYTES - 32))) throw new LowOrderPoint();
  }
}

/** Opens a file that was sealed to the person of this seed, if it is of the expected type. */
export async function openAsPerson(type: FileType, seed: Bytes, file: Uint8Array): Promise<Bytes> {
  requirePersonsHeader(file);
  const decrypter = new Decrypter();
  decrypter.addIdentity(identityText(seed));
  let plaintext: Bytes;
  try {
    plaintext = ownBytes(await decrypter.decrypt(file));
  } catch {
    throw new CannotOpen(type);
  }
  return afterTypeLine(type, plaintext);
}
