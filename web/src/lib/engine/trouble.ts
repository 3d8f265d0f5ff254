/** Turns anything that was thrown into words: what happened, and what to do next. It recognises errors by their fixed names, so it loads no engine code. */
import type { Trouble } from './types';

export type { Trouble };

interface Known {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly alarm?: unknown;
  readonly code?: unknown;
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly next?: unknown;
  readonly retryAfter_s?: unknown;
}

/** Headings by error name. The sentence of the error itself explains and advises. */
const TITLES: Readonly<Record<string, string>> = {
  Offline: 'The practice cannot be reached',
  PasskeyWithoutPrf: 'This passkey cannot keep keys',
  PasskeyCancelled: 'The passkey was not used',
  PasskeyUnsupported: 'Passkeys do not work here',
  NeedsKit: 'Your kit is needed once',
  WrongPassword: 'That is not the password',
  EmptyPassword: 'The password is empty',
  PasswordMemory: 'This device has too little memory',
  KitWrongWord: 'One word is different',
  KitUnknownWord: 'One word is not on the list',
  KitWordCount: 'Some words are missing',
  KitWordsDoNotFit: 'The words do not fit together',
  KitLineBroken: 'The key line has a typing error',
  KitOther: 'This is another kit',
  KitGone: 'The kit is no longer in this browser',
  NotAKit: 'This is not a kit',
  SlotDoesNotOpen: 'This does not open your keys',
  SessionLocked: 'Locked',
  SignedOut: 'Signed out',
  OutboxNotEmpty: 'Some changes are not sent yet',
  NotePrivate: 'This note stays private',
  NothingToShare: 'Nothing to share',
  DeviceFull: 'Too little space on this device',
  CodeOfAnother: 'A code of somebody else',
  NoInvite: 'No invite is open',
  InviteNotOpen: 'No open invite',
  InviteLinkBroken: 'The link is not complete',
  InviteExpired: 'The invite has expired',
  InviteRevoked: 'The invite was withdrawn',
  WritingStopped: 'Writing is stopped',
  NotHere: 'Not on this device',
  RotationPending: 'A new key is due',
  SpaceClosed: 'This space is closed',
  MayNotWrite: 'You may not write this here',
  RestoreUnsigned: 'The practice was restored from a backup',
  BodyUnreadable: 'Written by another version',
};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Words for any error. Never throws. */
export function describe(error: unknown): Trouble {
  const known: Known = typeof error === 'object' && error !== null ? error : {};
  const name = text(known.name);
  const rest = { offline: name === 'Offline', alarm: known.alarm === true, retryAfter_s: typeof known.retryAfter_s === 'number' ? known.retryAfter_s : null };
  if (name === 'ApiProblem') {
    return { code: text(known.code), title: text(known.title), detail: text(known.detail), next: text(known.next), ...rest };
  }
  // Refusals of lib/crypto say whether they are alarms: that marks them as ours, whatever their name.
  const isNamed = typeof known.alarm === 'boolean';
  const title = TITLES[name] ?? (rest.alarm ? 'A warning about the server' : isNamed ? 'That is not possible now' : null);
  // The sentence of a named refusal already says what to do.
  if (title !== null) return { code: name, title, detail: text(known.message), next: '', ...rest };
  const detail = name === '' || text(known.message) === '' ? 'Something went wrong in this window.' : `Something went wrong in this window (${name}: ${text(known.message)}).`;
  return { code: 'unexpected', title: 'That did not work', detail, next: 'Load the page again. What you wrote is kept on this device.', ...rest };
}
