/** Refusals of the engine itself: those that neither the server nor the cryptography make. Same shape as in lib/crypto: a fixed name and one sentence. */
import type { Pending } from './second';

export abstract class EngineRefusal extends Error {
  abstract override readonly name: string;
  /** As in lib/crypto: marks it as one of ours. */
  readonly alarm: boolean | string = false;
}

/** The passkey works, but cannot keep a key: this authenticator has no PRF. */
export class PasskeyWithoutPrf extends EngineRefusal {
  override readonly name = 'PasskeyWithoutPrf';
  constructor() {
    super('This passkey cannot keep keys on this device. Choose a password instead; you can add another passkey later.');
  }
}

export class PasskeyCancelled extends EngineRefusal {
  override readonly name = 'PasskeyCancelled';
  constructor() {
    super('The passkey was not used. Try again, or go on with a password.');
  }
}

export class PasskeyUnsupported extends EngineRefusal {
  override readonly name = 'PasskeyUnsupported';
  constructor() {
    super('Passkeys need a host name with a trusted certificate and a browser that knows them. Use a password here.');
  }
}

/** Signing in stopped before the second step, and nothing of the first is held any more. */
export class NoSecondStep extends EngineRefusal {
  override readonly name = 'NoSecondStep';
  constructor() {
    super('There is no sign-in to go on with. Begin again with your passkey, password or kit.');
  }
}

/** The first proof was good; the practice asks for the second step before it goes on. */
export class SecondStepNeeded extends EngineRefusal {
  override readonly name = 'SecondStepNeeded';
  constructor(readonly pending: Pending) {
    super('Your practice asks for your second step as well. Unlock once more to go on.');
  }
}

/** A password alone opens nothing in a browser that does not hold the account secret. */
export class NeedsKit extends EngineRefusal {
  override readonly name = 'NeedsKit';
  constructor() {
    super('This browser does not know you yet, so the password alone cannot open your keys. Sign in with your personal kit or a passkey once.');
  }
}

export class WrongPassword extends EngineRefusal {
  override readonly name = 'WrongPassword';
  constructor() {
    super('That is not the password. Try again, or use your personal kit.');
  }
}

export class KitWrongWord extends EngineRefusal {
  override readonly name = 'KitWrongWord';
  constructor(readonly place: number) {
    super(`Word ${place} is another one on your paper. Look again at the sheet you just printed.`);
  }
}

/** A good kit, but not the one that was just made. */
export class KitOther extends EngineRefusal {
  override readonly name = 'KitOther';
  constructor() {
    super('This is another kit than the one that was just made. Take the newest sheet.');
  }
}

export class KitGone extends EngineRefusal {
  override readonly name = 'KitGone';
  constructor() {
    super('This browser no longer holds the kit that was made. Make a new personal kit, and throw the old sheet away.');
  }
}

/** Something needs keys, and they are not in memory. */
export class SessionLocked extends EngineRefusal {
  override readonly name = 'SessionLocked';
  constructor() {
    super('Your keys are locked. Unlock, then go on: what you wrote is kept on this device.');
  }
}

export class SignedOut extends EngineRefusal {
  override readonly name = 'SignedOut';
  constructor() {
    super('You are signed out. Sign in again; what you wrote is kept on this device.');
  }
}

export class OutboxNotEmpty extends EngineRefusal {
  override readonly name = 'OutboxNotEmpty';
  constructor(readonly waiting: number) {
    super(`${waiting} of your changes are not sent yet. Connect and wait, or sign out and leave them on this device until you are back.`);
  }
}

export class NotePrivate extends EngineRefusal {
  override readonly name = 'NotePrivate';
  constructor() {
    super('This note is private and stays so. Copy what you want to share into a new note.');
  }
}

export class NothingToShare extends EngineRefusal {
  override readonly name = 'NothingToShare';
  constructor() {
    super('There is nothing to share here: this note does not belong to a client.');
  }
}

export class DeviceFull extends EngineRefusal {
  override readonly name = 'DeviceFull';
  constructor(readonly needed_bytes: number, readonly free_bytes: number) {
    super('This device has too little free space for the file. Free some space, then choose it again.');
  }
}

export class CodeOfAnother extends EngineRefusal {
  override readonly name = 'CodeOfAnother';
  constructor() {
    super('This code belongs to nobody you share a space with. Scan the code on their “Who can read this” page.');
  }
}

export class CodeForAnother extends EngineRefusal {
  override readonly name = 'CodeForAnother';
  constructor() {
    super('This code was opened for somebody else. Let them open the one under your name.');
  }
}

export class NoInvite extends EngineRefusal {
  override readonly name = 'NoInvite';
  constructor() {
    super('No invite is open in this window. Open the link from your coach again.');
  }
}

export class InviteNotOpen extends EngineRefusal {
  override readonly name = 'InviteNotOpen';
  constructor() {
    super('This client has no open invite. Make a new one.');
  }
}

/** An alarm has stopped writing here. */
export class WritingStopped extends EngineRefusal {
  override readonly name = 'WritingStopped';
  constructor(override readonly alarm: string) {
    super('Writing is stopped here because of an alarm. Look at the warning first; what you wrote is kept on this device.');
  }
}

/** The practice calls a client by a name that this person never gave. */
export class ClientRenamed extends EngineRefusal {
  override readonly name = 'ClientRenamed';
  override readonly alarm = true;
  constructor(readonly known: string, readonly said: string) {
    super('The server calls a client by another name than you gave. Somebody may want you to write to the wrong person. Tell the owner.');
  }
}

/** The practice does not list a client whom this person added. */
export class ClientHidden extends EngineRefusal {
  override readonly name = 'ClientHidden';
  override readonly alarm = true;
  constructor(readonly client: string) {
    super('The server no longer lists a client whom you added. If nobody removed them, tell the owner.');
  }
}

/** The last proof towards the practice is too old for what is asked: `prove` makes a new one. */
export class ProofNeeded extends EngineRefusal {
  override readonly name = 'ProofNeeded';
  constructor() {
    super('Changing the ways to unlock needs a fresh proof. Confirm with your password or passkey, then it goes on.');
  }
}

/** This browser gives pages no storage for files, and this file does not fit into memory. */
export class NoFileStore extends EngineRefusal {
  override readonly name = 'NoFileStore';
  constructor(readonly limit_mib: number) {
    super(`This browser cannot keep large files: here up to ${limit_mib} MiB work. Use another browser for this file.`);
  }
}

/** The worker that seals and stores files stopped. */
export class FileStoreFailed extends EngineRefusal {
  override readonly name = 'FileStoreFailed';
  constructor() {
    super('The file could not be kept in this browser. Load the page again and choose it once more.');
  }
}

/** The thing named is not on this device (deleted, or never fetched). */
export class NotHere extends EngineRefusal {
  override readonly name = 'NotHere';
  constructor() {
    super('This is not on this device. It may have been deleted; fetch again.');
  }
}

/** The practice has a team that this device has not got: it was begun elsewhere, and this person is not in it yet. */
export class TeamNotHere extends EngineRefusal {
  override readonly name = 'TeamNotHere';
  constructor() {
    super('The team of this practice is not on this device yet. Fetch again; if it stays so, ask a colleague in it to invite you.');
  }
}

/** Somebody is to be added who is not in the team, or whom nobody has confirmed there. */
export class NotAColleague extends EngineRefusal {
  override readonly name = 'NotAColleague';
  constructor() {
    super('This person is not confirmed in your team, so their keys are not known. Invite them first, and wait until they have joined.');
  }
}

/** The space was founded before this role existed: its roles are fixed for ever. */
export class RoleNotHere extends EngineRefusal {
  override readonly name = 'RoleNotHere';
  constructor(readonly role: string) {
    super('This space was begun before supervisors and cover existed, so nobody can be added that way. You can add a colleague as practitioner.');
  }
}

/** No owner whose keys are known here has proved a recovery paper. */
export class NoPaperYet extends EngineRefusal {
  override readonly name = 'NoPaperYet';
  constructor() {
    super('There is no recovery paper yet. Make yours, prove it, then set practice recovery up.');
  }
}

/** The plan is under other owners' papers. */
export class PaperNotInPlan extends EngineRefusal {
  override readonly name = 'PaperNotInPlan';
  constructor() {
    super('The plan does not use a paper of yours. Ask an owner whose paper it uses, or make the plan anew with yours.');
  }
}
