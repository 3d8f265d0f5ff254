/**
 * Invites: how somebody without an account enters a space by one link. The link's secret S never reaches the server; it opens a pending grant with
 * the invite epoch only, and signs one join. S may lie in a mailbox, so the joiner makes a new epoch first and writes only there.
 */
import { b64u, derive, equalText, fromB64u, makeRandom, type Bytes } from './bytes';
import { Drafting, type LastSeqs, type SpaceChange } from './change';
import { epochSecretOf, expectCommitted, spaceKeysFrom, type SpaceKeys } from './epoch';
import { BadSignature, CannotOpen, Malformed } from './errors/files';
import { KeyChanged } from './errors/keys';
import {
  InviteExpired,
  InviteLinkAltered,
  InviteLinkBroken,
  InviterKeyMismatch,
  InviteRevoked,
  InviteUnknown,
  InviteUsedTwice,
  RosterNotAMember,
  RosterRolledBack,
} from './errors/spaces';
import { readEpochSecret, statementBody, statementIn } from './grant';
import { readKeyStatement, type KeyStatement } from './identity';
import { isId, makeId } from './ids';
import { isFields, requireVersion1, textField, type Fields } from './json';
import { signerOf, type UnlockedKeyring } from './keyring';
import { stateOf, verifyRoster, type Roster } from './roster';
import type { How } from './roster-entry';
import type { Invite } from './roster-state';
import { openWithSecret, sealToSecret } from './secret';
import { signStatement } from './signed';
import { SigningKey } from './signing';
import type { Held, History } from './space';
import { timeText } from './time';

const DAY_MS = 86_400_000;
const VALID_DAYS = 14;

/** What the invited person reads first, before they have any keys. */
export interface Welcome {
  readonly practice: string;
  readonly coach: string;
  readonly client: string;
  readonly message: string;
  /** What a colleague is invited to be in the practice; absent for clients. */
  readonly role?: string;
}

/** Ed25519 key that admits, once, whoever holds the link. */
export async function deriveInviteKey(secret: Bytes): Promise<SigningKey> {
  return SigningKey.fromSeed(await derive(secret, 'alcove/v1/invite-sign'));
}

/** The secret that the pending grant is sealed to. */
export async function deriveInviteGrantSecret(secret: Bytes): Promise<Bytes> {
  return derive(secret, 'alcove/v1/invite-grant');
}

/** A friend of the class, for this folder only: not exported by index.ts. */
let secretOf: (link: InviteLink) => Bytes;

/** An invite link. Its secret leaves it only as the link itself. */
export class InviteLink {
  readonly #secret: Bytes;
  readonly invite: string;
  /** The key hash of who invites; the joiner accepts no other keys. */
  readonly coach: string;

  static {
    secretOf = (link) => link.#secret;
  }

  constructor(invite: string, secret: Bytes, coach: string) {
    this.invite = invite;
    this.#secret = secret;
    this.coach = coach;
  }

  /** The link to pass on: by share sheet, mail program or QR, never by the server's own mail. */
  url(origin: string): string {
    return `${origin}/i#${this.invite}.${b64u(this.#secret)}.${this.coach}`;
  }
}

/** Reads a link, or the part after `#`. @throws {@link InviteLinkBroken} */
export function readInviteLink(text: string): InviteLink {
  const fragment = text.trim().replace(/^.*#/, '');
  const [invite, secret, coach, more] = fragment.split('.');
  if (!isId('inv', invite) || secret === undefined || coach === undefined || more !== undefined) throw new InviteLinkBroken();
  try {
    fromB64u(coach, 'invite link', 32);
    return new InviteLink(invite, fromB64u(secret, 'invite link', 32), coach);
  } catch {
    throw new InviteLinkBroken();
  }
}

export interface InviteOrder {
  readonly role: string;
  readonly welcome: Welcome;
  readonly last: LastSeqs;
  readonly at?: Date;
}

export interface MadeInvite {
  readonly link: InviteLink;
  readonly pendingGrant: Bytes;
  readonly expires: string;
  readonly change: SpaceChange;
}

/** Makes an invite, and the epoch that is all its holder can read. Until they have joined, the link's holder reads what is sealed in it. */
export async function makeInvite({ keyring, roster, keys }: Held, { role, welcome, last, at = new Date() }: InviteOrder): Promise<MadeInvite> {
  const secret = makeRandom(32);
  const link = new InviteLink(makeId('inv', at.getTime()), secret, keyring.keyHash);
  const expires = timeText(new Date(at.getTime() + VALID_DAYS * DAY_MS));
  const drafting = new Drafting(keyring, roster, keys, at);
  // Always a fresh epoch: an older one would show the link's holder what was sealed before, or what another link may read.
  await drafting.addEpoch(last);
  const { publicKey } = await deriveInviteKey(secret);
  const epoch = drafting.epoch;
  await drafting.add({ op: 'invite', invite: link.invite, invite_key: publicKey, role, epoch, expires, coach: keyring.keyHash });
  const change = await drafting.finish(() => [epoch]);
  return { link, expires, change, pendingGrant: await makePendingGrant(keyring, change, link, welcome, at) };
}

async function makePendingGrant(keyring: UnlockedKeyring, change: SpaceChange, link: InviteLink, welcome: Welcome, at: Date): Promise<Bytes> {
  const { roster, keys, space } = change;
  const epoch = [roster.epoch, b64u(epochSecretOf(keys, roster.epoch))];
  const facts = { v: 1, space, invite: link.invite, by: keyring.person, epoch, welcome, coach_statement: await keyring.makeKeyStatement(at) };
  const statement = await signStatement('grant', { ...facts, roster: roster.head, ts: timeText(at) }, signerOf(keyring));
  return sealToSecret('pending-grant', await deriveInviteGrantSecret(secretOf(link)), statementBody(statement));
}

/** Withdraws an invite and makes the next epoch, since the link's holder knows the invite epoch. */
export async function revokeInvite({ keyring, roster, keys }: Held, invite: string, last: LastSeqs, at?: Date): Promise<SpaceChange> {
  const drafting = new Drafting(keyring, roster, keys, at);
  await drafting.add({ op: 'revoke', invite });
  await drafting.addEpoch(last);
  return drafting.finish(() => [drafting.epoch]);
}

/** An invite whose link, grant and roster fit together. */
export interface OpenInvite {
  readonly link: InviteLink;
  readonly space: string;
  readonly role: string;
  readonly welcome: Welcome;
  readonly coach: KeyStatement;
  readonly roster: Roster;
  /** The invite epoch only: it opens the welcome and what is shared meanwhile. */
  readonly keys: SpaceKeys;
}

/**
 * Opens an invite with nothing but the link: every key in what the server sends is checked against the hash in the link.
 * @throws {@link InviteLinkAltered} @throws {@link InviterKeyMismatch} @throws {@link RosterRolledBack} and where the invite was used or withdrawn
 */
export async function openInvite(link: InviteLink, pendingGrant: Bytes, entries: readonly string[], at: Date = new Date()): Promise<OpenInvite> {
  const { fields, coach } = await openPendingGrant(link, pendingGrant);
  const roster = await verifyRoster(entries, { space: textField(fields, 'space', 'pending grant') });
  if (roster.placeOf(textField(fields, 'roster', 'pending grant')) === null) throw new RosterRolledBack();
  const member = roster.member(coach.person);
  if (member === null || !equalText(member.keyHash, link.coach)) throw new InviterKeyMismatch();
  const { role } = await expectOpen(roster, link, at);
  const pair = readEpochSecret(fields.epoch, 'pending grant');
  await expectCommitted(stateOf(roster), ...pair);
  return { link, space: roster.space, role, welcome: readWelcome(fields), coach, roster, keys: spaceKeysFrom(roster.space, [pair]) };
}

async function openPendingGrant(link: InviteLink, file: Bytes): Promise<{ fields: Fields; coach: KeyStatement }> {
  const body = await openWithSecret('pending-grant', await deriveInviteGrantSecret(secretOf(link)), file).catch((error: unknown) => {
    throw error instanceof CannotOpen ? new InviteLinkAltered() : error;
  });
  const statement = statementIn(body, 'pending grant');
  const { fields } = statement;
  requireVersion1(fields, 'pending grant');
  const coach = await readKeyStatement(textField(fields, 'coach_statement', 'pending grant'));
  if (!equalText(coach.keyHash, link.coach) || fields.by !== coach.person) throw new InviterKeyMismatch();
  if (!(await statement.isBy('grant', coach.sign))) throw new BadSignature('grant');
  if (fields.invite !== link.invite) throw new InviteLinkAltered();
  return { fields, coach };
}

async function expectOpen(roster: Roster, link: InviteLink, at: Date): Promise<Invite> {
  const invite = roster.invites.find((candidate) => candidate.invite === link.invite);
  if (!invite) throw new InviteUnknown();
  if (!equalText(invite.coach, link.coach)) throw new InviterKeyMismatch();
  if (!equalText(invite.inviteKey, (await deriveInviteKey(secretOf(link))).publicKey)) throw new InviteLinkAltered();
  if (invite.state === 'used') throw new InviteUsedTwice(invite.invite);
  if (invite.state === 'revoked') throw new InviteRevoked();
  if (timeText(at) > invite.expires) throw new InviteExpired();
  return invite;
}

function readWelcome(fields: Fields): Welcome {
  const { welcome } = fields;
  if (!isFields(welcome)) throw new Malformed('pending grant');
  const text = (name: keyof Welcome) => textField(welcome, name, 'pending grant');
  const role = welcome.role === undefined ? {} : { role: text('role') };
  return { practice: text('practice'), coach: text('coach'), client: text('client'), message: text('message'), ...role };
}

/** Joins: the entry signed by the link's key, and at once a new epoch granted to the joiner and everybody in the verified roster. */
export async function joinSpace(invite: OpenInvite, keyring: UnlockedKeyring, last: LastSeqs, at?: Date): Promise<SpaceChange> {
  const { link, role, roster, keys } = invite;
  const drafting = new Drafting(keyring, roster, keys, at);
  const { person, sign, recipient } = keyring.keys;
  const join = { op: 'join', invite: link.invite, person, role, sign, recipient, coach: link.coach };
  await drafting.add(join, 'join', await deriveInviteKey(secretOf(link)));
  await drafting.addEpoch(last);
  // The joiner's own grant keeps the invite epoch too: the link is gone afterwards.
  return drafting.finish((member) => (member.person === person ? [...keys.epochs, drafting.epoch] : [drafting.epoch]));
}

export interface Confirmation {
  readonly person: string;
  readonly how: How;
  readonly history: History;
  /** The joiner's key statement from the directory. */
  readonly statement: string;
  readonly at?: Date;
}

/** Confirms a joiner (or confirms them better, after compared words) and grants history, once directory and roster name the same keys. */
export async function confirmJoin({ keyring, roster, keys }: Held, { person, how, history, statement, at }: Confirmation): Promise<SpaceChange> {
  const member = roster.member(person);
  if (member === null) throw new RosterNotAMember(roster.size - 1, person);
  const named = await readKeyStatement(statement);
  keyring.expectPinned(person, member.keyHash);
  if (!equalText(named.keyHash, member.keyHash)) throw new KeyChanged(person);
  const drafting = new Drafting(keyring, roster, keys, at);
  const { role, sign, recipient, invite, until } = member;
  await drafting.add({ op: 'add', person, role, sign, recipient, how, invite, until });
  const epochs = history === 'all' ? keys.epochs : [roster.epoch];
  return drafting.finish((to) => (to.person === person ? epochs : []));
}
