/** Vectors about spaces: a roster from its founding to a removal, its epochs, grants and invite, and chains that must be refused. */
import { b64u, fromB64u, utf8Text, type Bytes } from '../../src/lib/crypto/bytes';
import type { SpaceChange } from '../../src/lib/crypto/change';
import { deriveCommitment, secretsOf } from '../../src/lib/crypto/epoch';
import { openAsPerson } from '../../src/lib/crypto/hybrid';
import { confirmJoin, deriveInviteGrantSecret, deriveInviteKey, joinSpace, makeInvite, openInvite, type MadeInvite } from '../../src/lib/crypto/invite';
import { signerOf, type UnlockedKeyring } from '../../src/lib/crypto/keyring';
import { verifyRoster, type Roster } from '../../src/lib/crypto/roster';
import { openWithSecret } from '../../src/lib/crypto/secret';
import { hashStatement, signStatement, UnverifiedStatement } from '../../src/lib/crypto/signed';
import { addMember, changeRole, makeSpace, rotate } from '../../src/lib/crypto/space';
import { AT, facts, fill, fixedId, fixedPerson, type Vector } from './shape';

const WELCOME = { practice: 'Harbour Coaching', coach: 'Ada Bell', client: 'Ben', message: 'Good to have you.' };

async function rosterOutputs(roster: Roster, entries: readonly string[]): Promise<Record<string, unknown>> {
  const members = roster.members.map(({ person, keyHash, role, how, confirmed, until }) => ({ person, key_hash: keyHash, role, how, confirmed, until }));
  const epochs = roster.epochs.map(({ n, commit, by, last }) => ({ n, commit, by, last: last && Object.fromEntries(last) }));
  const invites = roster.invites.map(({ invite, state, joined }) => ({ invite, state, joined }));
  return { space: roster.space, hashes: await Promise.all(entries.map(hashStatement)), members, epochs, invites, rotation_pending: roster.rotationPending };
}

/** One more entry with its chain fields right and everything else as given. */
async function forged(entries: readonly string[], by: UnlockedKeyring, fields: Record<string, unknown>, kind: 'roster' | 'join' = 'roster', key = signerOf(by)): Promise<string[]> {
  const chain = { v: 1, space: `spc_${await hashStatement(entries[0] as string)}`, n: entries.length, prev: await hashStatement(entries.at(-1) as string), by: by.person, ts: AT.toISOString() };
  return [...entries, await signStatement(kind, { ...chain, ...fields }, key)];
}

/** Everything that happens in one example space, with the chain after each step. */
interface Story {
  readonly coach: UnlockedKeyring;
  readonly client: UnlockedKeyring;
  readonly stranger: UnlockedKeyring;
  readonly founded: SpaceChange;
  readonly invited: MadeInvite;
  readonly joined: SpaceChange;
  readonly confirmed: SpaceChange;
  readonly removed: SpaceChange;
  readonly upTo: Readonly<Record<'founded' | 'invited' | 'joined' | 'confirmed' | 'removed', string[]>>;
}

async function tell(): Promise<Story> {
  const [coach, client, stranger] = [await fixedPerson(1), await fixedPerson(2), await fixedPerson(3)];
  const [coachDevice, clientDevice] = [fixedId('dev', 1), fixedId('dev', 2)];
  const founded = await makeSpace(coach, { kind: 'shared', role: 'practitioner', at: AT });
  const order = { role: 'client', welcome: WELCOME, last: { [coachDevice]: 4 }, at: AT };
  const invited = await makeInvite({ keyring: coach, ...founded }, order);
  const untilInvited = [...founded.entries, ...invited.change.entries];
  const open = await openInvite(invited.link, invited.pendingGrant, untilInvited, AT);
  const joined = await joinSpace(open, client, { [coachDevice]: 5 }, AT);
  const untilJoined = [...untilInvited, ...joined.entries];
  const held = { keyring: coach, roster: joined.roster, keys: invited.change.keys.with(joined.keys) };
  const statement = await client.makeKeyStatement(AT);
  const confirmed = await confirmJoin(held, { person: client.person, how: 'words', history: 'all', statement, at: AT });
  const untilConfirmed = [...untilJoined, ...confirmed.entries];
  const removal = { remove: [client.person], last: { [clientDevice]: 2 }, at: AT };
  const removed = await rotate({ keyring: coach, roster: confirmed.roster, keys: confirmed.keys }, removal);
  const upTo = { founded: [...founded.entries], invited: untilInvited, joined: untilJoined, confirmed: untilConfirmed, removed: [...untilConfirmed, ...removed.entries] };
  return { coach, client, stranger, founded, invited, joined, confirmed, removed, upTo };
}

/** When the example's cover ends. */
const UNTIL = '2026-12-03T23:00:00.000Z';

/** A third person covers until a day, is given more time, and becomes a supervisor with the same end. */
async function coverVectors({ coach, client, stranger, founded, confirmed, upTo }: Story): Promise<Vector[]> {
  const people = { coach: facts(coach, 1), client: facts(client, 2), cover: facts(stranger, 3) };
  const addition = { keys: stranger.keys, role: 'cover', how: 'link', history: 'from-now', at: AT } as const;
  const added = await addMember({ keyring: coach, roster: confirmed.roster, keys: confirmed.keys }, { ...addition, until: UNTIL });
  const extended = await addMember({ keyring: coach, ...added }, { ...addition, until: '2026-12-10T23:00:00.000Z' });
  const supervising = await changeRole({ keyring: coach, ...extended }, stranger.person, 'supervisor', AT);
  const vectors: Vector[] = [];
  let entries = upTo.confirmed;
  for (const [name, change] of [['covered', added], ['cover extended', extended], ['cover supervises', supervising]] as const) {
    entries = [...entries, ...change.entries];
    vectors.push({ name, inputs: { ...people, entries }, outputs: await rosterOutputs(await verifyRoster(entries, { space: founded.space }), entries) });
  }
  return vectors;
}

/** A practice's team: founded by its owner, who invites a colleague. */
async function teamVector({ coach, stranger }: Story): Promise<Vector> {
  const founded = await makeSpace(coach, { kind: 'team', role: 'keeper', at: AT });
  const invited = await makeInvite({ keyring: coach, ...founded }, { role: 'colleague', welcome: WELCOME, last: {}, at: AT });
  const entries = [...founded.entries, ...invited.change.entries];
  const joined = await joinSpace(await openInvite(invited.link, invited.pendingGrant, entries, AT), stranger, {}, AT);
  entries.push(...joined.entries);
  const roster = await verifyRoster(entries, { space: founded.space });
  return { name: 'a team', inputs: { coach: facts(coach, 1), colleague: facts(stranger, 3), entries }, outputs: await rosterOutputs(roster, entries) };
}

async function rosterVectors({ coach, client, founded, upTo }: Story): Promise<Vector[]> {
  const people = { coach: facts(coach, 1), client: facts(client, 2) };
  const vectors: Vector[] = [];
  for (const [name, entries] of Object.entries(upTo)) {
    const verified = await verifyRoster(entries, { space: founded.space });
    vectors.push({ name, inputs: { ...people, entries }, outputs: await rosterOutputs(verified, entries) });
  }
  return vectors;
}

function secretOf({ invited }: Story): Bytes {
  return fromB64u(invited.link.url('').split('.')[1] as string, 'secret');
}

/** Chains with a bad join, by people who hold the link. */
async function refusedJoins(story: Story): Promise<Refused[]> {
  const { client, stranger, joined, upTo } = story;
  const key = await deriveInviteKey(secretOf(story));
  const { n: _n, prev: _prev, ...join } = new UnverifiedStatement(joined.entries[0] as string).fields;
  const keys = { person: stranger.person, sign: stranger.keys.sign, recipient: stranger.keys.recipient };
  const by = (entries: string[], fields: object = {}) => forged(entries, stranger, { ...join, ...keys, by: stranger.person, ...fields }, 'join', key);
  return [
    ['second join on one invite', 'InviteUsedTwice', await by(upTo.joined)],
    ['join for another role', 'RosterNotAllowed', await by(upTo.invited, { role: 'practitioner' })],
    ['join after the invite expired', 'InviteExpired', await by(upTo.invited, { ts: '2027-11-24T10:00:00.000Z' })],
    ['join naming another coach', 'InviterKeyMismatch', await by(upTo.invited, { coach: stranger.keyHash })],
    ['join signed by another key', 'RosterBadSignature', await forged(upTo.invited, client, join, 'join')],
    ['join without its epoch', 'RosterCutShort', upTo.joined.slice(0, -1)],
  ];
}

/** Chains about members whose place ends by itself. */
async function refusedEnds({ coach, client, stranger, confirmed, upTo }: Story): Promise<Refused[]> {
  const keys = { person: stranger.person, sign: stranger.keys.sign, recipient: stranger.keys.recipient };
  const add = { op: 'add', ...keys, how: 'link', invite: null, until: UNTIL };
  const covered = await forged(upTo.confirmed, coach, { ...add, role: 'cover' });
  const left = await forged(covered, client, { op: 'remove', person: client.person });
  const epoch = { n: 4, prev: confirmed.roster.epochs.at(-1)?.commit, commit: b64u(fill(3)), last: {} };
  return [
    ['an end for who may change the roster', 'RosterNotAllowed', await forged(upTo.confirmed, coach, { ...add, role: 'practitioner' })],
    ['the right to the roster for who has an end', 'RosterNotAllowed', await forged(covered, coach, { op: 'role', person: stranger.person, role: 'practitioner' })],
    ['an end that is no time', 'RosterEntryMalformed', await forged(upTo.confirmed, coach, { ...add, role: 'cover', until: '2026-12-03' })],
    ['an epoch after the end', 'MembershipEnded', await forged(left, stranger, { op: 'epoch', epoch, ts: '2026-12-03T23:00:00.001Z' })],
  ];
}

/** Chains bent by a server without keys, or by somebody without the right. */
async function refusedEntries({ coach, client, stranger, founded, confirmed, removed, upTo }: Story): Promise<Refused[]> {
  const all = upTo.removed;
  const [genesis, last] = [new UnverifiedStatement(all[0] as string).fields, all.at(-1) as string];
  const step = { n: 5, prev: removed.roster.epochs.at(-1)?.commit, commit: b64u(fill(1)), last: {} };
  const outOfTurn = { ...step, n: 4, prev: confirmed.roster.epochs.at(-1)?.commit };
  const swapped = { op: 'add', person: client.person, role: 'client', sign: stranger.keys.sign, recipient: stranger.keys.recipient, how: 'link', invite: null };
  const founding = { ...genesis, n: all.length, prev: await hashStatement(last), space: founded.space };
  return [
    ['removal without its epoch', 'RosterCutShort', all.slice(0, -1)],
    ['something between removal and epoch', 'RosterUnfinished', await forged(all.slice(0, -1), coach, { op: 'close' })],
    ['an entry left out', 'RosterForked', all.filter((_, i) => i !== 2)],
    ['an entry repeated', 'RosterForked', [...all, last]],
    ['the founding entry again', 'RosterForked', await forged(all, coach, founding)],
    ['an entry by a stranger', 'RosterNotAMember', await forged(all, stranger, { op: 'close' })],
    ['an entry by who was removed', 'RosterNotAMember', await forged(all, client, { op: 'remove', person: coach.person })],
    ['an entry by a client without the right', 'RosterNotAllowed', await forged(upTo.confirmed, client, { op: 'close' })],
    ['an epoch by a client out of turn', 'RosterNotAllowed', await forged(upTo.confirmed, client, { op: 'epoch', epoch: outOfTurn })],
    ['an epoch that goes back', 'EpochMovedBack', await forged(all, coach, { op: 'epoch', epoch: { ...step, n: 4 } })],
    ['an epoch with another predecessor', 'EpochMovedBack', await forged(all, coach, { op: 'epoch', epoch: { ...step, prev: b64u(fill(2)) } })],
    ['other keys for a member', 'MemberKeysSwapped', await forged(upTo.confirmed, coach, swapped)],
    ['a role that does not exist', 'RosterUnknownRole', await forged(upTo.confirmed, coach, { op: 'role', person: client.person, role: 'admin' })],
    ['the last keeper leaves', 'LastKeeper', await forged(all, coach, { op: 'remove', person: coach.person })],
    ['something after the close', 'SpaceClosed', await forged(await forged(all, coach, { op: 'close' }), coach, { op: 'close' })],
    ['an entry signed by another member', 'RosterBadSignature', await forged(upTo.confirmed, client, { op: 'close', by: coach.person })],
  ];
}

type Refused = readonly [name: string, error: string, entries: string[]];

async function refusedVectors(story: Story): Promise<Vector[]> {
  const chains = [...(await refusedJoins(story)), ...(await refusedEntries(story)), ...(await refusedEnds(story))];
  return chains.map(([name, error, entries]) => ({ name, inputs: { space: story.founded.space, entries }, outputs: { error } }));
}

async function epochVectors({ founded, removed }: Story): Promise<Vector[]> {
  const nonce = new UnverifiedStatement(founded.entries[0] as string).fields.nonce as string;
  return Promise.all(
    secretsOf(removed.keys).map(async ([n, secret]) => {
      const over = n === 1 ? nonce : founded.space;
      return { name: `epoch ${n}`, inputs: { over, n, secret: b64u(secret) }, outputs: { commit: await deriveCommitment(over, n, secret) } };
    }),
  );
}

async function grantVectors({ coach, client, founded, joined, confirmed, upTo }: Story): Promise<Vector[]> {
  const to = (change: SpaceChange, { person }: UnlockedKeyring) => change.grants.find((grant) => grant.to === person)?.bytes as Bytes;
  const files: [name: string, n: number, file: Bytes][] = [
    ['the founder’s own', 1, to(founded, coach)],
    ['the joiner’s own', 2, to(joined, client)],
    ['the joiner’s to the coach', 1, to(joined, coach)],
    ['history', 2, to(confirmed, client)],
  ];
  return Promise.all(
    files.map(async ([name, n, file]) => {
      const seed = fill(10 * n);
      const plaintext = `alcove-grant/1\n${utf8Text(await openAsPerson('grant', seed, file), 'grant')}`;
      return { name, inputs: { identity_seed: b64u(seed), entries: upTo.removed, age: b64u(file) }, outputs: { plaintext } };
    }),
  );
}

async function inviteVectors(story: Story): Promise<Vector[]> {
  const { coach, invited, joined, upTo } = story;
  const [secret, origin] = [secretOf(story), 'https://home.example'];
  const grantSecret = await deriveInviteGrantSecret(secret);
  const pending = utf8Text(await openWithSecret('pending-grant', grantSecret, invited.pendingGrant), 'pending grant');
  const inputs = { invite: invited.link.invite, secret: b64u(secret), coach: coach.keyHash, origin, age: b64u(invited.pendingGrant), entries: upTo.invited };
  const derived = { grant_secret: b64u(grantSecret), invite_key: (await deriveInviteKey(secret)).publicKey };
  return [{ name: 'an invite', inputs, outputs: { url: invited.link.url(origin), ...derived, plaintext: `alcove-pending-grant/1\n${pending}`, join: joined.entries[0] } }];
}

export async function spaceVectors(): Promise<Map<string, Vector[]>> {
  const story = await tell();
  return new Map([
    ['roster', [...(await rosterVectors(story)), ...(await coverVectors(story)), await teamVector(story)]],
    ['roster-refused', await refusedVectors(story)],
    ['epochs', await epochVectors(story)],
    ['grants', await grantVectors(story)],
    ['invite', await inviteVectors(story)],
  ]);
}
