/**
 * An invited person looks at the invite and joins in one pass: keys, slots and kit are made here, the link's secret signs the join, and the first
 * thing is a new epoch, because the link may lie in a mailbox.
 */
import { fromB64u, joinSpace, makeId, makeKeyring, makeSpace, openInvite, readInviteLink, type InviteLink, type OpenInvite, type UnlockedKeyring } from '$lib/crypto';
import { ApiProblem, type Invite } from '$lib/api';
import { admit } from './admitting';
import { grantsOf } from './changing';
import type { Core } from './core';
import { NoInvite } from './errors';
import { foundedRow, makeAccount, spaceMade, type MadeAccount } from './founding';
import { keepKits, sheetOf } from './kits';
import { makeKitSlot, makeUnlock, type MadeSlot } from './slots';
import type { Engine, InviteView, KitSheet } from './types';

const TRIES = 4;

/** An invite that was read in this window. */
export interface ReadInvite {
  readonly link: InviteLink;
  readonly answer: Invite;
  readonly open: OpenInvite;
}

async function fetchInvite(core: Core, link: InviteLink): Promise<ReadInvite> {
  const answer = await core.api.invite(link.invite);
  const at = new Date(core.ports.clock.now());
  return { link, answer, open: await openInvite(link, fromB64u(answer.pending_grant, 'invite'), answer.roster, at) };
}

export async function readInvite(core: Core, text: string): Promise<{ read: ReadInvite; view: InviteView }> {
  const read = await fetchInvite(core, readInviteLink(text));
  const { welcome, coach } = read.open;
  const view: InviteView = {
    invite: read.link.invite,
    practice: welcome.practice,
    coach: { person: coach.person, name: welcome.coach },
    client: welcome.client,
    message: welcome.message,
    expiresAt: read.answer.expires_at,
    readsWhat: 'from-now-on',
    role: welcome.role ?? null,
  };
  return { read, view };
}

export async function join(core: Core, read: ReadInvite | null, input: Parameters<Engine['join']>[0]): Promise<{ kit: KitSheet }> {
  if (read === null) throw new NoInvite();
  const fresh = await makeKeyring(makeId('per'));
  const whom = { person: fresh.person, name: input.name, account: fresh.account, purpose: 'join' as const, invite: read.link.invite };
  const unlock = await makeUnlock(core, input.unlock, whom);
  const kit = await makeKitSlot();
  const { coach, roster: { founder } } = read.open;
  // Whoever invites has signed for this list of members, and so for who founded the space.
  const pins = [coach, ...(founder.person === coach.person ? [] : [founder])].map(({ person, keyHash }) => ({ person, keyHash }));
  const facts = { name: input.name, email: input.email ?? null, zone: input.zone };
  const made = await makeAccount(fresh, facts, [unlock, kit], pins);
  return { kit: await sendJoin(core, read, made, { unlock, kit, deviceLabel: input.deviceLabel ?? core.ports.deviceLabel }) };
}

interface JoinSlots {
  readonly unlock: MadeSlot;
  readonly kit: Awaited<ReturnType<typeof makeKitSlot>>;
  readonly deviceLabel: string;
}

async function sendJoin(core: Core, read: ReadInvite, made: MadeAccount, { unlock, kit, deviceLabel }: JoinSlots): Promise<KitSheet> {
  const { account, keyring, bytes, leaf } = made;
  const notebook = await makeSpace(keyring, { kind: 'notebook', role: read.open.roster.kind === 'team' ? 'practitioner' : 'client' });
  const device = makeId('dev');
  const { me, change } = await postJoin(core, read, keyring, { account, notebook: spaceMade(notebook), device: { device, label: deviceLabel } });
  const labels = { practice: me.practice.name, personName: me.name, origin: core.ports.origin, person: me.person, backupKey: null };
  const sheet = sheetOf(kit.kit, 'personal', labels, new Date(core.ports.clock.now()));
  const prefix = `${me.person}/`;
  const mine = change.grants.filter(({ to }) => to === me.person);
  const shared = foundedRow({ ...change, entries: [...read.answer.roster, ...change.entries], grants: mine }, null);
  const members = [{ ...read.answer.coach, role: read.open.roster.kind === 'team' ? 'keeper' : 'practitioner', leaf: -1 }];
  await admit(
    core,
    { me, keyring, slot: unlock.added.slot, bytes, device, deviceLabel, leaf, passwordSalt: unlock.server.salt, userHandle: unlock.userHandle },
    ['spaces', `${prefix}${notebook.space}`, foundedRow(notebook, null)],
    ['spaces', `${prefix}${shared.space}`, { ...shared, members }],
    await keepKits(`${prefix}kits`, notebook.keys, { personal: sheet, restore: null }),
  );
  return sheet;
}

type JoinFacts = Pick<Parameters<Core['api']['join']>[1], 'account' | 'notebook' | 'device'>;

/** The roster may move between looking and joining (the coach shares something, another entry): then the join is made again on the new head. */
async function postJoin(core: Core, first: ReadInvite, keyring: UnlockedKeyring, facts: JoinFacts) {
  let read = first;
  for (let left = TRIES; ; left--) {
    const change = await joinSpace(read.open, keyring, read.answer.last ?? {}, new Date(core.ports.clock.now()));
    try {
      const me = await core.api.join(read.link.invite, { ...facts, head: change.expectedHead ?? '', entries: [...change.entries], grants: grantsOf(change.grants) });
      return { me, change };
    } catch (error) {
      const isMoved = error instanceof ApiProblem && error.code === 'roster-moved';
      if (!isMoved || left <= 1) throw error;
      read = await fetchInvite(core, read.link);
    }
  }
}
