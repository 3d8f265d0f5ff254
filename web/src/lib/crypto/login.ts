/**
 * The message that a slot's login key signs to sign in. The origin is the device's own, so a signature that a phishing site collects fits
 * nowhere else.
 */
import { b64u, utf8, type Bytes } from './bytes';
import { Malformed } from './errors/files';
import { requireId } from './ids';

export interface LoginChallenge {
  /** The device's own `location.origin`, or the configured origin of a headless client. Never a value from the server. */
  readonly origin: string;
  readonly person: string;
  /** The server's nonce, raw. */
  readonly nonce: Bytes;
}

/** @throws {@link Malformed} where a part could be read as another part. */
export function loginMessage({ origin, person, nonce }: LoginChallenge): Bytes {
  if (!/^https?:\/\/[^\s/]+$/.test(origin)) throw new Malformed('origin');
  return utf8(`alcove-login/1\n${origin}\n${requireId('per', person)}\n${b64u(nonce)}`);
}
