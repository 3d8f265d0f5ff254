/** Refusals about rosters, epochs, grants and invites. Most are alarms: an honest server never causes them. */
import { Alarm, Refusal } from './base';

const TELL = 'Writing here is stopped. Tell the practice’s owner.';

export class RosterForked extends Alarm {
  override readonly name = 'RosterForked';
  constructor(readonly n: number) {
    super(`Entry ${n} of the member list does not continue the entry before it. ${TELL}`);
  }
}

/** The chain does not contain what this device has already seen. */
export class RosterRolledBack extends Alarm {
  override readonly name = 'RosterRolledBack';
  constructor() {
    super(`The server hides entries of the member list that this device has seen. ${TELL}`);
  }
}

/** The chain ends between two entries that belong together. */
export class RosterCutShort extends Alarm {
  override readonly name = 'RosterCutShort';
  constructor() {
    super(`The member list ends in the middle of a change. Fetch it again; if it stays so, tell the practice’s owner.`);
  }
}

export class RosterOfAnotherSpace extends Alarm {
  override readonly name = 'RosterOfAnotherSpace';
  constructor() {
    super(`The server sent the member list of another space. ${TELL}`);
  }
}

/** The server calls a space by another kind, or gives it to another founder or client, than its founding entry says. */
export class SpaceMislabelled extends Alarm {
  override readonly name = 'SpaceMislabelled';
  constructor() {
    super(`The server presents a space as something that it is not: what you write could reach other people. ${TELL}`);
  }
}

export class RosterEntryMalformed extends Alarm {
  override readonly name = 'RosterEntryMalformed';
  constructor(readonly n: number, why: string) {
    super(`Entry ${n} of the member list cannot be read (${why}). ${TELL}`);
  }
}

export class RosterBadSignature extends Alarm {
  override readonly name = 'RosterBadSignature';
  constructor(readonly n: number) {
    super(`Entry ${n} of the member list is not signed by who it names. ${TELL}`);
  }
}

export class RosterNotAMember extends Alarm {
  override readonly name = 'RosterNotAMember';
  constructor(readonly n: number, readonly person: string) {
    super(`Entry ${n} of the member list concerns or comes from somebody who is not a member. ${TELL}`);
  }
}

export class RosterNotAllowed extends Alarm {
  override readonly name = 'RosterNotAllowed';
  constructor(readonly n: number, readonly op: string) {
    super(`Entry ${n} of the member list (${op}) was made by somebody without the right to it. ${TELL}`);
  }
}

/** A member whose place has ended by itself changes the list. */
export class MembershipEnded extends Alarm {
  override readonly name = 'MembershipEnded';
  constructor(readonly n: number, readonly person: string) {
    super(`Entry ${n} of the member list was made by somebody whose time here had ended. ${TELL}`);
  }
}

export class RosterUnfinished extends Alarm {
  override readonly name = 'RosterUnfinished';
  constructor(readonly n: number) {
    super(`Entry ${n} of the member list comes between a change and the new key that must follow it. ${TELL}`);
  }
}

export class RosterUnknownRole extends Alarm {
  override readonly name = 'RosterUnknownRole';
  constructor(readonly n: number) {
    super(`Entry ${n} of the member list names a role that this space does not have. ${TELL}`);
  }
}

/** Removing or demoting the last member who may change the list would leave it ownerless. */
export class LastKeeper extends Refusal {
  override readonly name = 'LastKeeper';
  constructor() {
    super('This member is the last who may change who is in here. Give another member that role first, or close the space.');
  }
}

export class AlreadyMember extends Alarm {
  override readonly name = 'AlreadyMember';
  constructor(readonly person: string) {
    super('This person is a member already. Remove the old entry first if they lost all their keys, then send a new invite.');
  }
}

/** A member would silently get other keys. */
export class MemberKeysSwapped extends Alarm {
  override readonly name = 'MemberKeysSwapped';
  constructor(readonly person: string) {
    super(`Somebody tried to give a member other keys without removing them first. ${TELL}`);
  }
}

/** The roster lists this person with keys that are not theirs. */
export class OwnKeysSwapped extends Alarm {
  override readonly name = 'OwnKeysSwapped';
  constructor() {
    super(`You are listed here with keys that are not yours. ${TELL}`);
  }
}

export class SpaceClosed extends Refusal {
  override readonly name = 'SpaceClosed';
  constructor() {
    super('This space is closed: it can be read, not written. Start a new one with the same person if you go on.');
  }
}

/** The epoch number, its predecessor or its commitment is not the next one. */
export class EpochMovedBack extends Alarm {
  override readonly name = 'EpochMovedBack';
  constructor(readonly n: number) {
    super(`Entry ${n} of the member list brings back or skips a key. ${TELL}`);
  }
}

/** An epoch was closed without the records that this device had already stored in it. */
export class EpochClosedEarly extends Alarm {
  override readonly name = 'EpochClosedEarly';
  constructor(readonly epoch: number, readonly seqs: readonly number[]) {
    super(`A key was replaced as if ${seqs.length} of your saved items did not exist. They are kept on this device: save them again.`);
  }
}

/** This person's own time in a space has ended. */
export class AccessEnded extends Refusal {
  override readonly name = 'AccessEnded';
  constructor() {
    super('Your time here has ended. Ask whoever added you to extend it, then save again.');
  }
}

/** After a member left, the next key is not there yet. */
export class RotationPending extends Refusal {
  override readonly name = 'RotationPending';
  constructor() {
    super('A member has left and the new key is not made yet. Make it first (or wait until somebody who may is online), then save.');
  }
}

export class WrongEpochSecret extends Alarm {
  override readonly name = 'WrongEpochSecret';
  constructor(readonly epoch: number) {
    super(`A member was given a key that is not the one announced to all. ${TELL}`);
  }
}

/** No grant for this epoch has reached this person. */
export class EpochNotGranted extends Refusal {
  override readonly name = 'EpochNotGranted';
  constructor(readonly epoch: number) {
    super('You have not been given the key of this part yet. It comes when a device of another member is next online.');
  }
}

export class GrantToAnother extends Alarm {
  override readonly name = 'GrantToAnother';
  constructor() {
    super(`The server sent a grant that was made for somebody else or for other keys. ${TELL}`);
  }
}

export class GrantByStranger extends Alarm {
  override readonly name = 'GrantByStranger';
  constructor() {
    super(`A grant was signed by somebody who was not a member. ${TELL}`);
  }
}

export class InviteLinkBroken extends Refusal {
  override readonly name = 'InviteLinkBroken';
  constructor() {
    super('This invite link is not complete. Open it again from the message, or copy the whole of it.');
  }
}

/** The link's secret does not belong to this invite. */
export class InviteLinkAltered extends Alarm {
  override readonly name = 'InviteLinkAltered';
  constructor() {
    super('This invite link does not fit the invite: it was changed or mixed with another. Ask your coach to show it to you again.');
  }
}

/** The coach's keys are not those that the link names. */
export class InviterKeyMismatch extends Alarm {
  override readonly name = 'InviterKeyMismatch';
  constructor() {
    super('The keys behind this invite are not those that the link names. Do not go on; ask your coach in person.');
  }
}

export class InviteUnknown extends Alarm {
  override readonly name = 'InviteUnknown';
  constructor() {
    super('This invite is not in the member list. Ask for a new one.');
  }
}

export class InviteExpired extends Refusal {
  override readonly name = 'InviteExpired';
  constructor() {
    super('This invite has expired. Ask for a new one.');
  }
}

export class InviteRevoked extends Refusal {
  override readonly name = 'InviteRevoked';
  constructor() {
    super('This invite was withdrawn. Ask for a new one.');
  }
}

export class InviteUsedTwice extends Alarm {
  override readonly name = 'InviteUsedTwice';
  constructor(readonly invite: string) {
    super('Two people used the same invite link: one of them had no right to it. Remove both, and invite again face to face.');
  }
}
