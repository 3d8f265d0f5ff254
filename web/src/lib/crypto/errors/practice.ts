/** Refusals about the practice as a whole: restores and anchors. */
import { Alarm, Refusal } from './base';

export class OtherInstall extends Alarm {
  override readonly name = 'OtherInstall';
  constructor() {
    super('This is another installation than the one that this device knows. Check the address.');
  }
}

export class LowerTimeline extends Alarm {
  override readonly name = 'LowerTimeline';
  constructor() {
    super('The server shows a state from before a restore that this device has seen. Writing is stopped. Ask the owner which server is the right one.');
  }
}

/** Fewer audit entries on the same timeline. */
export class AnchorRolledBack extends Alarm {
  override readonly name = 'AnchorRolledBack';
  constructor() {
    super('The server has forgotten things that this device saw, and no restore was declared. Writing is stopped. Tell the owner.');
  }
}

/** The same timeline, another history. */
export class AnchorForked extends Alarm {
  override readonly name = 'AnchorForked';
  constructor() {
    super('The server’s history was rewritten. Writing is stopped. Tell the owner.');
  }
}

/** A restore happened and no owner has signed it yet. */
export class RestoreUnsigned extends Refusal {
  override readonly name = 'RestoreUnsigned';
  constructor() {
    super('The practice was restored from a backup and the owner has not confirmed it yet. You can read; writing comes back when they have.');
  }
}

export class RestoreNotByOwner extends Alarm {
  override readonly name = 'RestoreNotByOwner';
  constructor() {
    super('A restore was declared by somebody whom this device does not know as owner. Writing is stopped. Ask the owner.');
  }
}

export class RestoreReplayed extends Alarm {
  override readonly name = 'RestoreReplayed';
  constructor() {
    super('A restore was declared twice, or does not continue the state that this device knows. Writing is stopped. Ask the owner.');
  }
}
