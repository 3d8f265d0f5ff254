/** A server, or a thief of a link, that meddles with invites and grants. */
import { beforeEach, describe, expect, test } from 'vitest';
import { b64u, derive, fromB64u, makeRandom, utf8 } from '../bytes';
import { deriveInviteGrantSecret, deriveInviteKey, InviteLink } from '../invite';
import { hashStatement, joinSpace, openGrant, openGrants, openInvite, readInviteLink, rotate, verifyRoster, type MadeInvite } from '../index';
import { makeGrant, statementBody } from '../grant';
import { openAsPerson, sealToPersons } from '../hybrid';
import { identitySeedOf, signerOf } from '../keyring';
import { openWithSecret, sealToSecret } from '../secret';
import { signStatement } from '../signed';
import { fieldsOf, forgeEntry } from './forge';
import { Server } from './server';
import { Device, pair, refusal, WELCOME } from './world';

let server: Server, coach: Device, client: Device, space: string, made: MadeInvite;
beforeEach(async () => {
  server = new Server();
  [coach, client] = [await Device.of(server), await Device.of(server)];
  space = await coach.found();
  made = await coach.invite(space);
});

const secretIn = (invite: MadeInvite) => fromB64u(invite.link.url('').split('.')[1] as string, 'secret');
const open = (url: string, at?: Date) => {
  const link = readInviteLink(url);
  return openInvite(link, server.pendingGrant(made.link.invite), server.roster(space), at);
};

describe('the link', () => {
  test('cut off, or with something attached', () => {
    const url = made.link.url('https://home.example');
    for (const broken of [url.slice(0, -1), `${url}.x`, url.replace('inv_', 'per_'), 'https://home.example/i', '', url.replace(/\.[^.]+$/, '')]) {
      expect(() => readInviteLink(broken)).toThrow(expect.objectContaining({ name: 'InviteLinkBroken' }));
    }
    expect(readInviteLink(`  ${url}\n`).invite).toBe(made.link.invite);
  });

  test('every part changed', async () => {
    const { invite, coach: hash } = made.link;
    const url = (parts: string[]) => `#${parts.join('.')}`;
    const secret = b64u(secretIn(made));
    expect(await refusal(open(url([invite, b64u(makeRandom(32)), hash])))).toBe('InviteLinkAltered');
    expect(await refusal(open(url([invite, secret, client.keyring.keyHash])))).toBe('InviterKeyMismatch');
    const other = await coach.invite(space);
    expect(await refusal(open(url([other.link.invite, secret, hash])))).toBe('InviteLinkAltered');
    expect(await refusal(open(url([invite, secret, hash])))).toBe('accepted');
    expect(await refusal(open(url([invite, secret, hash]), new Date(Date.now() + 15 * 86_400_000)))).toBe('InviteExpired');
  });

  test('its roster without the entries that the inviter had seen', async () => {
    const all = server.roster(space);
    server.roster = () => all.slice(0, -1);
    expect(await refusal(open(made.link.url('')))).toBe('RosterRolledBack');
  });
});

describe('the pending grant', () => {
  const forged = async (fields: Record<string, unknown>, by = coach) => {
    const link = readInviteLink(made.link.url(''));
    const secret = await deriveInviteGrantSecret(secretIn(made));
    const body = await openWithSecret('pending-grant', secret, made.pendingGrant);
    const honest = fieldsOf(new TextDecoder().decode(body).trim());
    const statement = await signStatement('grant', { ...honest, ...fields }, signerOf(by.keyring));
    return refusal(openInvite(link, await sealToSecret('pending-grant', secret, statementBody(statement)), server.roster(space)));
  };

  test('signed by another, or naming another coach, epoch key or invite, even by who knows S', async () => {
    expect(await forged({}, client)).toBe('BadSignature');
    expect(await forged({ coach_statement: await client.keyring.makeKeyStatement(), by: client.person }, client)).toBe('InviterKeyMismatch');
    expect(await forged({ epoch: [2, b64u(makeRandom(32))] })).toBe('WrongEpochSecret');
    expect(await forged({ invite: (await coach.invite(space)).link.invite })).toBe('InviteLinkAltered');
    expect(await forged({})).toBe('accepted');
  });

  test('holds the invite epoch only', async () => {
    expect((await client.openInvite(made, space)).keys.epochs).toEqual([2]);
  });
});

describe('the join', () => {
  test('two joins on one invite', async () => {
    const thief = await Device.of(server);
    const race = await joinSpace(await client.openInvite(made, space), client.keyring, {});
    await thief.join(made, space);
    expect(await refusal(client.openInvite(made, space))).toBe('InviteUsedTwice');
    // A server that appends the second anyway is refused by every device.
    const all = server.roster(space);
    const second = fieldsOf(race.entries[0]);
    const prev = await hashStatement(all.at(-1) as string);
    const chained = await forgeEntry(all, client.keyring, { ...second, n: all.length, prev }, 'join', await deriveInviteKey(secretIn(made)));
    expect(await refusal(verifyRoster([...all, chained], { space }))).toBe('InviteUsedTwice');
  });

  test('made by a server without the link, or for another role', async () => {
    const all = server.roster(space);
    const { person, sign, recipient } = client.keyring.keys;
    const join = { op: 'join', invite: made.link.invite, person, role: 'client', sign, recipient, coach: made.link.coach };
    const by = async (fields: Record<string, unknown>, key = deriveInviteKey(secretIn(made))) => {
      return refusal(verifyRoster([...all, await forgeEntry(all, client.keyring, { ...join, ...fields }, 'join', await key)], { space }));
    };
    expect(await by({}, deriveInviteKey(makeRandom(32)))).toBe('RosterBadSignature');
    expect(await by({ role: 'practitioner' })).toBe('RosterNotAllowed');
    expect(await by({ coach: client.keyring.keyHash })).toBe('InviterKeyMismatch');
    expect(await by({ ts: '2099-01-01T00:00:00.000Z' })).toBe('InviteExpired');
    expect(await by({ by: coach.person })).toBe('RosterNotAMember');
    expect(await by({})).toBe('RosterCutShort');
  });

  test('two different people with the same link and a server that shows each a clean list', async () => {
    const thief = await Device.of(server);
    const clean = server.roster(space);
    await thief.join(made, space);
    const honest = server.roster;
    server.roster = () => clean;
    const mine = await joinSpace(await client.openInvite(made, space), client.keyring, {});
    server.roster = honest;
    const verified = await coach.follow(space);
    expect(verified.roster.unconfirmed.map((member) => member.person)).toEqual([thief.person]);
    // The client's grant for the coach names a head that the coach's list does not hold.
    const grant = mine.grants.find(({ to }) => to === coach.person)!;
    expect(await refusal(openGrant(coach.keyring, verified.roster, grant.bytes))).toBe('RosterRolledBack');
  });
});

describe('grants', () => {
  test('to another person, other keys, by a stranger, with another key, for another space', async () => {
    const { coach: a, client: b, space: shared } = await pair();
    const held = await a.follow(shared);
    const mine = held.roster.member(a.person)!;
    const bent = async (fields: Record<string, unknown>, signer = a) => {
      const honest = { v: 1, space: shared, to: a.person, key: mine.keyHash, by: a.person, epochs: [], roster: held.roster.head, ts: '2026-11-24T10:00:00.000Z' };
      const statement = await signStatement('grant', { ...honest, ...fields }, signerOf(signer.keyring));
      return refusal(openGrant(a.keyring, held.roster, await sealToPersons('grant', [mine.recipient], statementBody(statement))));
    };
    const stranger = await Device.of(server);
    expect(await bent({ to: b.person })).toBe('GrantToAnother');
    expect(await bent({ key: b.keyring.keyHash })).toBe('GrantToAnother');
    expect(await bent({ by: stranger.person }, stranger)).toBe('GrantByStranger');
    expect(await bent({}, stranger)).toBe('BadSignature');
    expect(await bent({ space })).toBe('RosterOfAnotherSpace');
    expect(await bent({ roster: (await coach.follow(space)).roster.head })).toBe('RosterRolledBack');
    expect(await bent({ epochs: [[1, b64u(makeRandom(32))]] })).toBe('WrongEpochSecret');
    expect(await bent({ epochs: [[9, b64u(makeRandom(32))]] })).toBe('WrongEpochSecret');
    expect(await bent({ epochs: [] })).toBe('Malformed');
    const theirs = await makeGrant(a.keyring, held.keys, { roster: held.roster, to: held.roster.member(b.person)!, epochs: [3] });
    expect(await refusal(openGrants(a.keyring, held.roster, [theirs.bytes]))).toBe('CannotOpen');
  });

  test('served as an intake form or a welcome: the type line refuses before anything is parsed', async () => {
    const grant = server.grants(space, coach.person)[0]!;
    for (const type of ['keyring', 'record', 'draft', 'pending-grant', 'file'] as const) {
      expect(await refusal(openAsPerson(type, identitySeedOf(coach.keyring), grant))).toBe('WrongType');
    }
    const secret = await derive(makeRandom(32), 'test');
    const pending = await sealToSecret('pending-grant', secret, utf8('{}'));
    expect(await refusal(openWithSecret('record', secret, pending))).toBe('WrongType');
    const intake = await sealToPersons('record', [coach.keyring.keys.recipient], utf8(JSON.stringify(WELCOME)));
    const { roster } = await coach.follow(space);
    expect(await refusal(openGrant(coach.keyring, roster, intake))).toBe('WrongType');
  });

  test('a rotation grants nothing to who was removed, even if the server asks for it', async () => {
    const { coach: a, client: b, space: shared, server: honest } = await pair();
    const change = await a.change(shared, (held) => rotate(held, { remove: [b.person], last: {} }));
    expect(change.grants.map(({ to }) => to)).toEqual([a.person]);
    const mine = honest.grants(shared, a.person).at(-1)!;
    expect(await refusal(openGrants(b.keyring, change.roster, [mine]))).toBe('CannotOpen');
  });
});

test('an invite link object gives its secret only as a link', () => {
  const link = new InviteLink(made.link.invite, makeRandom(32), made.link.coach);
  expect(JSON.stringify(link)).not.toContain(link.url('').split('.')[1]);
});
