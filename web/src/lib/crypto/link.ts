/**
 * The link by which somebody lets a new device of theirs in: a slot of the keyring, its secret, and the hash of their own keys. The secret leaves
 * this object only as the link itself, which goes from screen to camera and never reaches a server.
 */
import { b64u, fromB64u, makeRandom, type Bytes } from './bytes';
import { DeviceLinkBroken } from './errors/keys';
import { isId, makeId } from './ids';
import { deriveLinkSlot, type UnlockSlot } from './slots';

export class DeviceLink {
  readonly #secret: Bytes;
  /** The id of the slot in the keyring. */
  readonly slot: string;
  /** The hash of the person's own keys; the new device takes no other keyring. */
  readonly keyHash: string;

  constructor(slot: string, secret: Bytes, keyHash: string) {
    this.slot = slot;
    this.#secret = secret;
    this.keyHash = keyHash;
  }

  /** What stands in the code: `<origin>/l#<slot>.<secret>.<key hash>`. */
  url(origin: string): string {
    return `${origin}/l#${this.slot}.${b64u(this.#secret)}.${this.keyHash}`;
  }

  /** What opens the keyring and signs in. */
  unlock(): Promise<UnlockSlot> {
    return deriveLinkSlot(this.#secret);
  }
}

export function makeDeviceLink(keyHash: string): DeviceLink {
  return new DeviceLink(makeId('slt'), makeRandom(32), keyHash);
}

/** Reads a link, or its part after the `#`. @throws {@link DeviceLinkBroken} */
export function readDeviceLink(text: string): DeviceLink {
  const [slot, secret, keyHash, more] = text.trim().replace(/^.*#/s, '').split('.');
  if (!isId('slt', slot) || secret === undefined || keyHash === undefined || more !== undefined) throw new DeviceLinkBroken();
  try {
    fromB64u(keyHash, 'link', 32);
    return new DeviceLink(slot, fromB64u(secret, 'link', 32), keyHash);
  } catch {
    throw new DeviceLinkBroken();
  }
}
