/** Refusals about records, files and drafts. */
import { Alarm, Refusal } from './base';

/** The body was sealed for another place: a swap or replay by the server. */
export class MisplacedRecord extends Alarm {
  override readonly name = 'MisplacedRecord';
  constructor(readonly field: string) {
    super(`The server sent another item than the one asked for (its ${field} differs). Nothing is shown. Tell the practice’s owner.`);
  }
}

export class RecordWrongEpoch extends Alarm {
  override readonly name = 'RecordWrongEpoch';
  constructor() {
    super('This item was sealed again with another key than its author used, so it was refused. Tell the practice’s owner.');
  }
}

/** The author names a member list that this device has not got. */
export class RecordUnknownHead extends Alarm {
  override readonly name = 'RecordUnknownHead';
  constructor(readonly head: string) {
    super('The author saw a member list that the server hides from you. Fetch the list again; if that does not help, stop writing and tell the owner.');
  }
}

/** The author names a directory of keys that this device has not got, though it has followed all of it. */
export class RecordUnknownDirectory extends Alarm {
  override readonly name = 'RecordUnknownDirectory';
  constructor(readonly head: string) {
    super('The author saw a directory of keys that the server hides from you. Writing here is stopped. Compare the safety words, and tell the owner.');
  }
}

export class RecordAuthorNotAllowed extends Alarm {
  override readonly name = 'RecordAuthorNotAllowed';
  constructor(readonly author: string, readonly kind: string) {
    super(`This ${kind} is signed by somebody who had no right to write it. It is not shown. Tell the practice’s owner.`);
  }
}

export class RecordAfterEnd extends Alarm {
  override readonly name = 'RecordAfterEnd';
  constructor(readonly author: string) {
    super('An item was written after its author’s time here had ended, so it is not shown. Ask its author to send it another way.');
  }
}

export class RecordAfterClose extends Alarm {
  override readonly name = 'RecordAfterClose';
  constructor() {
    super('This item was added with a key that had already been replaced, so it is not shown. Its author can save it again.');
  }
}

export class RecordBadSignature extends Alarm {
  override readonly name = 'RecordBadSignature';
  constructor() {
    super('This item is not signed by the author it names, so it is not shown. Tell the practice’s owner.');
  }
}

/** The revision does not follow the one before it. */
export class RevisionOutOfOrder extends Alarm {
  override readonly name = 'RevisionOutOfOrder';
  constructor() {
    super('This revision does not follow the one before it. Fetch both again; if it stays so, tell the practice’s owner.');
  }
}

/** Two items under one count of a device, or a device that writes for two people: somebody adds to what was closed or withheld. */
export class RecordCountTaken extends Alarm {
  override readonly name = 'RecordCountTaken';
  constructor(readonly device: string, readonly seq: number) {
    super('Two items carry the same number of one device, so the later one is not shown. Tell the practice’s owner.');
  }
}

/** The author's device counted items that the practice does not hand out, although it had acknowledged them. */
export class RecordsWithheld extends Alarm {
  override readonly name = 'RecordsWithheld';
  constructor(readonly missing: number) {
    super(`The server withholds ${missing} item(s) that somebody wrote here. Writing here is stopped. Ask the author what is missing, and tell the owner.`);
  }
}

/** The same, within the time in which devices bring back what a restored practice lost. */
export class RecordsNotBroughtBack extends Refusal {
  override readonly name = 'RecordsNotBroughtBack';
  constructor(readonly missing: number) {
    super(`${missing} item(s) from before the restore are not back yet. They come when the device that wrote them is next online.`);
  }
}

/** Sealing a kind of record for which the person has no right. */
export class MayNotWrite extends Refusal {
  override readonly name = 'MayNotWrite';
  constructor(readonly kind: string) {
    super(`You may not write a ${kind} here. Ask the person who keeps this space.`);
  }
}

export class FileHashDiffers extends Alarm {
  override readonly name = 'FileHashDiffers';
  constructor() {
    super('This file is not the one that its sender described, so it was not opened. Download it again, then ask the sender.');
  }
}

export class FileSizeDiffers extends Refusal {
  override readonly name = 'FileSizeDiffers';
  constructor() {
    super('The file changed its size while it was read. Close the program that writes it and choose it again.');
  }
}
