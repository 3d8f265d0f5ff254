/**
 * Follows the directory of keys: every leaf, from where this device was. It also answers whether a member's statement is the one that everybody sees.
 */
import { b64u, concat, deriveLeafHash, DirectoryForked, EMPTY_DIRECTORY, expectInDirectory, followDirectory, ForeignLeaf, fromB64u, readKeyStatement, type Bytes, type DirectoryHead, type DirectoryLeaf } from '$lib/crypto';
import type { MemberSeen } from '$lib/api';
import type { Core } from './core';
import { NotHere } from './errors';

const leavesKey = (person: string) => `${person}/leaves`;

async function storedLeaves(core: Core): Promise<readonly DirectoryLeaf[]> {
  const { person } = core.open().account;
  return (await core.ports.store.read<DirectoryLeaf[]>('device', leavesKey(person))) ?? [];
}

const headsKey = (person: string) => `${person}/heads`;
const HEAD_BYTES = 32;

async function storedHeads(core: Core): Promise<Bytes> {
  return (await core.ports.store.read<Bytes>('device', headsKey(core.open().account.person))) ?? new Uint8Array();
}

/** Every head that this device has followed, 32 bytes each; those of leaves that a restore took away stay. */
async function withHeads(core: Core, heads: readonly string[]): Promise<Bytes> {
  return concat(await storedHeads(core), ...heads.map((head) => fromB64u(head, 'directory', HEAD_BYTES)));
}

/** The heads on the way that this device has followed: what an honest author can have seen. */
export async function knownHeads(core: Core): Promise<ReadonlySet<string>> {
  const bytes = await storedHeads(core);
  const known = new Set([EMPTY_DIRECTORY.head]);
  for (let at = 0; at < bytes.length; at += HEAD_BYTES) known.add(b64u(bytes.slice(at, at + HEAD_BYTES)));
  return known;
}

/** Brings the device up to the directory's head. @throws ForeignLeaf, DirectoryForked: alarms of the practice. */
export async function catchUp(core: Core): Promise<void> {
  const { account } = core.open();
  const { added, claimed } = await fetchLeaves(core, account.directory.size);
  const own = account.leaf ?? { tag: '', hashes: [] };
  const { heads, ...directory } = await followDirectory(account.directory, { leaves: added, claimed, own });
  if (added.length === 0) return;
  const known = await storedLeaves(core);
  await core.note({ directory }, ['device', leavesKey(account.person), [...known, ...added]], ['device', headsKey(account.person), await withHeads(core, heads)]);
}

/**
 * After a restore that an owner signed for, leaves may be missing that came after the backup; nothing else is excused. What this device had comes
 * first, at least up to the restored point, and what the owner's device had beyond it, it brings back. One's own leaf is watched all the same.
 * @param floor how many leaves there were at the restored point, as far as this device knows
 * @param bring offers leaves to the practice again
 * @throws DirectoryForked where another leaf stands in the place of one that cannot have been lost
 */
export async function followAnew(core: Core, floor: number, bring: (leaves: readonly DirectoryLeaf[]) => Promise<void>): Promise<void> {
  const { account } = core.open();
  const before = await storedLeaves(core);
  let now = await fetchLeaves(core, 0);
  const lost = expectCutShort(before, now.added, floor);
  if (account.me.role === 'owner' && lost.length > 0) {
    for (let at = 0; at < lost.length; at += LEAVES_AT_ONCE) await bring(lost.slice(at, at + LEAVES_AT_ONCE));
    now = await fetchLeaves(core, 0);
    expectCutShort(before, now.added, floor);
  }
  const own = account.leaf ?? { tag: '', hashes: [] };
  const { heads, ...directory } = await followDirectory(EMPTY_DIRECTORY, { leaves: now.added, claimed: now.claimed, own });
  await core.note({ directory }, ['device', leavesKey(account.person), now.added], ['device', headsKey(account.person), await withHeads(core, heads)]);
}

const LEAVES_AT_ONCE = 2_000;

/** The leaves that were cut off and are not there again. */
function expectCutShort(before: readonly DirectoryLeaf[], now: readonly DirectoryLeaf[], floor: number): DirectoryLeaf[] {
  const isSame = (a: DirectoryLeaf | undefined, b: DirectoryLeaf | undefined) => a?.tag === b?.tag && a?.hash === b?.hash;
  const differs = before.findIndex((leaf, i) => !isSame(leaf, now[i]));
  const kept = differs < 0 ? before.length : differs;
  if (kept < Math.min(floor, before.length)) throw new DirectoryForked();
  return before.slice(kept).filter((leaf) => !now.some((other) => isSame(leaf, other)));
}

/** All leaves after those that are known, page by page. */
async function fetchLeaves(core: Core, known: number): Promise<{ added: DirectoryLeaf[]; claimed: DirectoryHead }> {
  const added: DirectoryLeaf[] = [];
  for (;;) {
    // Leaves count from 1.
    const { leaves, head, size } = await core.api.directory(known + added.length + 1);
    added.push(...leaves.map(({ tag, hash }) => ({ tag, hash })));
    if (leaves.length === 0 || known + added.length >= size) return { added, claimed: { head, size } };
  }
}

/** Checks a member's statement against the leaf that everybody follows. @throws StatementNotInDirectory */
export async function expectListed(core: Core, { statement, salt, leaf }: MemberSeen): Promise<void> {
  let leaves = await storedLeaves(core);
  if (leaves.length < leaf) {
    await catchUp(core);
    leaves = await storedLeaves(core);
  }
  const found = leaves[leaf - 1];
  if (!found) throw new NotHere();
  await expectInDirectory(statement, fromB64u(salt, 'directory', 16), found);
}

/**
 * A new browser learns its own leaf from the member list of the person's notebook, once: the statement there must carry the very keys that the
 * keyring holds. From then on a foreign leaf under that tag is an alarm.
 */
export async function learnOwnLeaf(core: Core, members: readonly MemberSeen[]): Promise<void> {
  const { account, keyring } = core.open();
  const mine = members.find(({ person }) => person === account.person);
  if (account.leaf !== null || !mine) return;
  const { keyHash } = await readKeyStatement(mine.statement);
  if (keyHash !== keyring.keyHash) return;
  const leaves = await storedLeaves(core);
  const leaf = leaves[mine.leaf - 1];
  const hash = await deriveLeafHash(fromB64u(mine.salt, 'directory', 16), mine.statement);
  if (leaf?.hash !== hash) return;
  await core.note({ leaf: { tag: leaf.tag, hashes: [hash] } });
  // What was followed before the tag was known is looked through now.
  const foreign = leaves.findIndex((found) => found.tag === leaf.tag && found.hash !== hash);
  if (foreign >= 0) throw new ForeignLeaf(foreign);
}
