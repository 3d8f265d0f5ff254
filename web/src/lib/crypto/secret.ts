/**
 * age files to a secret of 256 random bits: one scrypt stanza at work factor 1. Random secrets need no stretching, and the stanza adds nothing that
 * a quantum computer breaks. The header is checked before decryption: a forged work factor of 20 would cost 14 s and 1.1 GB.
 */
import { Decrypter, Encrypter } from 'age-encryption';
import { b64u, ownBytes, type Bytes } from './bytes';
import { CannotOpen, Malformed, OddHeader, RaisedWorkFactor } from './errors/files';
import { argumentBytes, readHeader } from './header';
import { afterTypeLine, withTypeLine, type FileType } from './typeline';

const WORK_FACTOR = 1;
const SECRET_BYTES = 32;

/** The passphrase of a secret, as one types it for the stock age tool. */
function passphrase(secret: Bytes): string {
  if (secret.length !== SECRET_BYTES) throw new Malformed('secret');
  return b64u(secret);
}

/** For streams; {@link sealToSecret} and {@link openWithSecret} serve everything small. */
export function secretEncrypter(secret: Bytes): Encrypter {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase(secret));
  encrypter.setScryptWorkFactor(WORK_FACTOR);
  return encrypter;
}

export function secretDecrypter(secret: Bytes): Decrypter {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase(secret));
  return decrypter;
}

/** Refuses any header but exactly one `scrypt <salt> 1`. @throws {@link OddHeader} @throws {@link RaisedWorkFactor} */
export function requireSecretHeader(file: Uint8Array): void {
  const [stanza, more] = readHeader(file);
  if (stanza === undefined || more !== undefined) throw new OddHeader('not exactly one recipient');
  const [tag, salt, factor, extra] = stanza.args;
  if (tag !== 'scrypt' || salt === undefined || factor === undefined || extra !== undefined) throw new OddHeader('a foreign recipient');
  argumentBytes(salt, 16);
  if (stanza.body.length !== 32) throw new OddHeader('a stanza of another length');
  if (factor !== String(WORK_FACTOR)) throw new RaisedWorkFactor(factor);
}

export async function sealToSecret(type: FileType, secret: Bytes, body: Uint8Array): Promise<Bytes> {
  return ownBytes(await secretEncrypter(secret).encrypt(withTypeLine(type, body)));
}

export async function openWithSecret(type: FileType, secret: Bytes, file: Uint8Array): Promise<Bytes> {
  requireSecretHeader(file);
  const decrypter = secretDecrypter(secret);
  let plaintext: Bytes;
  try {
    plaintext = ownBytes(await decrypter.decrypt(file));
  } catch {
    throw new CannotOpen(type);
  }
  return afterTypeLine(type, plaintext);
}
