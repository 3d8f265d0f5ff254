/** Refusals about a person's keys: keyring, slots, kits, sign-in, directory. */
import { Alarm, Refusal } from './base';

/** The keys were wiped from memory; a person must unlock again. */
export class KeysLocked extends Refusal {
  override readonly name = 'KeysLocked';
  constructor() {
    super('This device is locked. Unlock it with your passkey, password or kit.');
  }
}

/** The slot does not open this keyring: a wrong password, another person's kit, or a slot that was removed. */
export class SlotDoesNotOpen extends Refusal {
  override readonly name = 'SlotDoesNotOpen';
  constructor() {
    super('This password, passkey or kit does not open the keyring. Check it, or use your kit.');
  }
}

/** The keyring belongs to somebody else. */
export class KeyringOfAnother extends Alarm {
  override readonly name = 'KeyringOfAnother';
  constructor() {
    super('The server sent a keyring of another person. Nothing was used. Tell the practice’s owner.');
  }
}

/** The keyring yields other keys than this device has pinned. */
export class KeyringSwapped extends Alarm {
  override readonly name = 'KeyringSwapped';
  constructor() {
    super('The server sent a keyring with other keys than this device knows as yours. Nothing was used. If you did not make new keys, tell the practice’s owner.');
  }
}

/** The server sent a keyring from before a change. */
export class KeyringRolledBack extends Alarm {
  override readonly name = 'KeyringRolledBack';
  constructor(seen: number, found: number) {
    super(`The server sent version ${found} of your keyring, this device has seen version ${seen}. Ask the owner whether the server was restored.`);
  }
}

/** What was pasted or scanned is no link for a new device. */
export class DeviceLinkBroken extends Refusal {
  override readonly name = 'DeviceLinkBroken';
  constructor() {
    super('This is no link for a new device, or not the whole of it. Scan the code again, or copy the whole link.');
  }
}

/** The practice's keyring yields other keys than the link names. */
export class LinkKeysDiffer extends Alarm {
  override readonly name = 'LinkKeysDiffer';
  constructor() {
    super('The server sent other keys than the device that showed the code has. Nothing was used. Tell the practice’s owner.');
  }
}

/** Passkeys alone cannot be the only way in: a synced passkey can vanish with an account elsewhere. */
export class PasskeyOnly extends Refusal {
  override readonly name = 'PasskeyOnly';
  constructor() {
    super('A passkey must not be the only way to open your keys. Keep a password or save a kit first.');
  }
}

/** No slot would be left, or the named one does not exist. */
export class NoSuchSlot extends Refusal {
  override readonly name = 'NoSuchSlot';
  constructor() {
    super('This way to unlock does not exist or is already in the list. Reload the list and try again.');
  }
}

/** An empty password derives a key that anybody can derive. */
export class EmptyPassword extends Refusal {
  override readonly name = 'EmptyPassword';
  constructor() {
    super('The password is empty. Type it.');
  }
}

/** A word of a kit is not on the list. */
export class KitUnknownWord extends Refusal {
  override readonly name = 'KitUnknownWord';
  constructor(
    /** Counted from 1, as printed. */ readonly place: number,
    readonly word: string,
  ) {
    super(`Word ${place}, “${word}”, is not one of the kit's words. Compare it with the paper.`);
  }
}

/** Too few or too many words. */
export class KitWordCount extends Refusal {
  override readonly name = 'KitWordCount';
  constructor(readonly count: number) {
    super(`A kit has 24 words, you typed ${count}. Compare with the paper.`);
  }
}

/** Every word exists, together they do not fit: one is another word than printed, or two are swapped. */
export class KitWordsDoNotFit extends Refusal {
  override readonly name = 'KitWordsDoNotFit';
  constructor() {
    super('All 24 words exist but do not fit together: one was read wrongly or two are swapped. Compare them with the paper, word by word.');
  }
}

/** The key line has a typing error. */
export class KitLineBroken extends Refusal {
  override readonly name = 'KitLineBroken';
  constructor(
    why: string,
    readonly flaw: 'start' | 'letter' | 'length' | 'check',
    /** The letter that never occurs, and its place after the 1, counted from 1. */ readonly letter = '',
    readonly place = 0,
    /** Letters after the 1. */ readonly count = 0,
  ) {
    super(`The line AGE-SECRET-KEY-PQ-1… ${why}. Compare it with the paper, or type the 24 words instead.`);
  }
}

/** A classic age key, or a public key, where a kit was expected. */
export class NotAKit extends Refusal {
  override readonly name = 'NotAKit';
  constructor(readonly found: 'public' | 'classic' | 'secret-half', why: string) {
    super(`This is not an Alcove kit: ${why}. Open the kit file, scan its QR code, or type its 24 words.`);
  }
}

/** The key statement names other keys than expected. */
export class KeyChanged extends Alarm {
  override readonly name = 'KeyChanged';
  constructor(readonly person: string) {
    super('The keys of this person are not those that you know. Compare the safety words with them before anything is shared again.');
  }
}

/** A leaf of the directory bears this person's tag, but no device of theirs made it. */
export class ForeignLeaf extends Alarm {
  override readonly name = 'ForeignLeaf';
  constructor(readonly n: number) {
    super('The directory holds a key under your name that you did not make. Stop sharing, and tell the practice’s owner.');
  }
}

/** The directory is not a continuation of what this device has seen. */
export class DirectoryForked extends Alarm {
  override readonly name = 'DirectoryForked';
  constructor() {
    super('The directory of keys was rewritten since this device last saw it. Ask the owner whether the server was restored.');
  }
}

/** A key statement is not the one that its leaf commits to. */
export class StatementNotInDirectory extends Alarm {
  override readonly name = 'StatementNotInDirectory';
  constructor() {
    super('This person’s keys are not in the directory that everybody sees. Do not share with them; tell the practice’s owner.');
  }
}
