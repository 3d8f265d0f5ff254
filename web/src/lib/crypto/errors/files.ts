/** Refusals about age files, type lines, signatures and ids: the layer below any meaning. */
import { Alarm, Refusal } from './base';

/** Text or bytes do not have the shape that this format demands. */
export class Malformed extends Refusal {
  override readonly name = 'Malformed';
  constructor(what: string) {
    super(`This ${what} is damaged or was written by another program. Fetch it again; if that does not help, restore it from a backup.`);
  }
}

/** An id has the wrong prefix or is not an id at all. */
export class BadId extends Refusal {
  override readonly name = 'BadId';
  constructor(prefix: string) {
    super(`An id beginning with ${prefix}_ was expected. Follow the link again from the page that showed it.`);
  }
}

/** The age header is not one of the two shapes that this protocol writes. */
export class OddHeader extends Alarm {
  override readonly name = 'OddHeader';
  constructor(why: string) {
    super(`This sealed file has a header that Alcove never writes (${why}). Nothing was opened. Tell the practice's owner.`);
  }
}

/** Somebody asks for an expensive key derivation: a forged work factor can stall a phone for minutes. */
export class RaisedWorkFactor extends Alarm {
  override readonly name = 'RaisedWorkFactor';
  constructor(found: string) {
    super(`This sealed file asks for work factor ${found.slice(0, 8)}, Alcove uses 1 only. Nothing was opened. Tell the practice's owner.`);
  }
}

/** A recipient that is not native hybrid: sealing to it would give up the protection against quantum computers. */
export class ClassicRecipient extends Alarm {
  override readonly name = 'ClassicRecipient';
  constructor() {
    super('This key is not a post-quantum key (age1pq1…), so nothing was sealed to it. Ask the person to make keys in a current Alcove.');
  }
}

/** The X25519 half would contribute nothing to the shared secret. */
export class LowOrderPoint extends Alarm {
  override readonly name = 'LowOrderPoint';
  constructor() {
    super('This key was made to be weak, so it was refused. Ask the person to make new keys, and tell the practice’s owner.');
  }
}

/** No key at hand opens this file, or it was changed on the way. */
export class CannotOpen extends Refusal {
  override readonly name = 'CannotOpen';
  constructor(what: string) {
    super(`This ${what} does not open with these keys, or it was changed. Check that it belongs to this person, then fetch it again.`);
  }
}

/** A file of one type was served where another was expected. */
export class WrongType extends Alarm {
  override readonly name = 'WrongType';
  constructor(expected: string, found: string) {
    super(`A ${expected} was expected and a ${found} was served. Nothing was used. Tell the practice's owner.`);
  }
}

/** The padding is not the one that the format prescribes. */
export class BadPadding extends Alarm {
  override readonly name = 'BadPadding';
  constructor(what: string) {
    super(`The padding of this ${what} is not zeros to the prescribed length, so it was refused. Ask the author to save it again.`);
  }
}

/** A signature does not belong to the text, the kind or the key. */
export class BadSignature extends Alarm {
  override readonly name = 'BadSignature';
  constructor(kind: string) {
    super(`The signature of this ${kind} statement is not valid, so it was refused. Tell the practice's owner.`);
  }
}

/** Argon2 did not get its 64 MiB. */
export class PasswordMemory extends Refusal {
  override readonly name = 'PasswordMemory';
  constructor() {
    super('This device has too little free memory to check a password (64 MiB are needed). Close other pages, or sign in with a passkey or the kit.');
  }
}
