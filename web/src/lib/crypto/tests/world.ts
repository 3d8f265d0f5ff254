/** People and spaces for tests: a coach, a client, and the requests between them, with a server that is honest unless a test says otherwise. */
import { utf8 } from '../bytes';
import {
  changeKeyring,
  deriveKitSlot,
  EMPTY_DIRECTORY,
  joinSpace,
  makeId,
  makeInvite,
  makeKeyring,
  makeKit,
  makeSpace,
  openInvite,
  sealRecord,
  type Held,
  type Kit,
  type LastSeqs,
  type MadeInvite,
  type OpenInvite,
  type RecordOrder,
  type SealedKeyring,
  type SpaceChange,
  type UnlockedKeyring,
} from '../index';

export interface Someone {
  readonly keyring: UnlockedKeyring;
  readonly kit: Kit;
  readonly sealed: SealedKeyring;
  readonly device: string;
}

export async function someone(): Promise<Someone> {
  const kit = makeKit('personal');
  const sealed = await changeKeyring(await makeKeyring(), { add: [{ slot: await deriveKitSlot(kit), label: 'Kit' }] });
  return { keyring: sealed.keyring, kit, sealed, device: makeId('dev') };
}

/** A space on an honest server: all entries so far, and what the founder holds. */
export interface Shared {
  entries: string[];
  held: Held;
}

export function after(keyring: UnlockedKeyring, { roster, keys }: SpaceChange): Held {
  return { keyring, roster, keys };
}

export async function foundShared(coach: Someone): Promise<Shared> {
  const change = await makeSpace(coach.keyring, { kind: 'shared', role: 'practitioner' });
  return { entries: [...change.entries], held: after(coach.keyring, change) };
}

export const WELCOME = { practice: 'Harbour', coach: 'Ada', client: 'Ben', message: 'Welcome' };

export async function invited(space: Shared, last: LastSeqs = {}, at?: Date): Promise<MadeInvite> {
  const made = await makeInvite(space.held, { role: 'client', welcome: WELCOME, last, ...(at ? { at } : {}) });
  space.entries.push(...made.change.entries);
  space.held = after(space.held.keyring, made.change);
  return made;
}

export async function joined(space: Shared, made: MadeInvite, who: Someone, last: LastSeqs = {}): Promise<{ open: OpenInvite; change: SpaceChange; held: Held }> {
  const open = await openInvite(made.link, made.pendingGrant, space.entries);
  const change = await joinSpace(open, who.keyring, last);
  space.entries.push(...change.entries);
  return { open, change, held: after(who.keyring, change) };
}

export function note(device: string, text: string, more: Partial<RecordOrder> = {}): RecordOrder {
  return { id: makeId('rec'), rev: 1, prev: null, kind: 'message', dev: device, seq: 1, dir: EMPTY_DIRECTORY.head, body: utf8(text), ...more };
}

export { sealRecord };
