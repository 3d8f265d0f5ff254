/**
 * What this device remembers of each person who used it: enough to unlock without a network, nothing that opens without their slot.
 * The account secret is a key that WebCrypto uses and never hands out.
 */
import { makeId, type Anchor, type Bytes, type DirectoryHead, type PersonKeys } from '$lib/crypto';
import type { Me, SlotSeen } from '$lib/api';
import type { LocalStore, Put, Table } from './ports';
import type { Remembered } from './types';

export interface Account {
  readonly person: string;
  readonly device: string;
  readonly deviceLabel: string;
  readonly seenAt: string;
  /** Pins of one's own: the key hash and the highest keyring version seen. */
  readonly keyHash: string;
  readonly keyringVersion: number;
  readonly keyring: Bytes;
  /** Null once this device was told to forget it, or where the browser lost it. */
  readonly secret: CryptoKey | null;
  readonly passwordSalt: string | null;
  /** How an authenticator names the person, to know them before they have signed in. */
  readonly userHandle: string | null;
  readonly slots: readonly SlotSeen[];
  readonly me: Me;
  /** One's own leaf in the directory. Null until a new browser has learnt it. */
  readonly leaf: { readonly tag: string; readonly hashes: readonly string[] } | null;
  readonly directory: DirectoryHead;
  readonly anchor: Anchor | null;
  /** How large the directory was at a size of the audit log: one mark each time it had grown. */
  readonly marks: readonly { readonly audit: number; readonly leaves: number }[];
  /** When the last restore was signed that this device has taken in, by the statement. */
  readonly restoredAt: string | null;
  /** Whom this device knew as owners, for restore statements. */
  readonly owners: readonly PersonKeys[];
  /** How contacts were verified from here, where the roster cannot say it: person → how and key hash. */
  readonly verified: Readonly<Record<string, { how: 'words' | 'qr'; keyHash: string }>>;
}

const key = (person: string) => `account/${person}`;
const TABLES: readonly Table[] = ['spaces', 'records', 'outbox', 'drafts', 'transfers'];

export function accountPut(account: Account): Put {
  return ['device', key(account.person), account];
}

export async function accountsOf(store: LocalStore): Promise<Account[]> {
  const found = await store.list<Account>('device', 'account/');
  return found.map(([, account]) => account).sort((a, b) => (a.seenAt < b.seenAt ? 1 : -1));
}

export function accountOf(store: LocalStore, person: string): Promise<Account | null> {
  return store.read<Account>('device', key(person));
}

export function remembered(account: Account): Remembered {
  const { person, me, slots, seenAt, secret, passwordSalt } = account;
  const hasPassword = slots.some(({ kind }) => kind === 'password') && secret !== null && passwordSalt !== null;
  const can = { password: hasPassword, passkey: slots.some(({ kind }) => kind === 'passkey') };
  return { person, name: me.name, practice: me.practice.name, role: me.role, can, seen_at: seenAt };
}

/** A restore was declared that this device has not taken in yet: what is shorter than before is explained, and the longer copy here must be kept. */
export function isRestoring({ me, anchor }: Account): boolean {
  return me.restore.pending || (anchor !== null && me.anchor.timeline > anchor.timeline);
}

/** How long devices have to bring back what a restored practice lost, from the owner's signature on. The practice takes nothing afterwards. */
const BRINGING_BACK_MS = 14 * 24 * 3_600_000;

/** Whether that moment was before everything was brought back after a restore: what is missing since may be lost for good, and nobody lied. */
export function isBeforeAllIsBack({ restoredAt }: Account, at_ms: number): boolean {
  return restoredAt !== null && at_ms <= Date.parse(restoredAt) + BRINGING_BACK_MS;
}

/** A new device id for a person on this browser; the same again while the person is remembered. */
export async function deviceIdFor(store: LocalStore, person: string | null): Promise<string> {
  const known = person === null ? null : await accountOf(store, person);
  return known?.device ?? makeId('dev');
}

/** Everything of a person leaves this device: sealed copies, drafts, the account secret. */
export async function forget(store: LocalStore, person: string): Promise<void> {
  const puts: Put[] = [];
  for (const table of TABLES) {
    for (const [found] of await store.list(table, `${person}/`)) puts.push([table, found, null]);
  }
  for (const [found] of await store.list('device', '')) {
    if (found === key(person) || found.startsWith(`${person}/`)) puts.push(['device', found, null]);
  }
  await store.write(...puts);
}
