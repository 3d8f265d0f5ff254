/**
 * The directory: an append-only chain of {random tag, salted hash of a key statement}. Everybody follows all leaves; a leaf under one's own tag that
 * one did not make is the mark of a server that gives others a false key.
 */
import { b64u, concat, equalText, fromB64u, sha256, utf8, type Bytes } from './bytes';
import { DirectoryForked, ForeignLeaf, StatementNotInDirectory } from './errors/keys';

export interface DirectoryLeaf {
  /** 16 random bytes of the person, base64url. */
  readonly tag: string;
  /** SHA-256(salt ‖ statement text), base64url. */
  readonly hash: string;
}

/** How far a device has followed the directory. */
export interface DirectoryHead {
  readonly size: number;
  /** base64url. */
  readonly head: string;
}

export const EMPTY_DIRECTORY: DirectoryHead = { size: 0, head: b64u(new Uint8Array(32)) };

/** The salt keeps the server's list from being a list of guessable hashes. */
export async function deriveLeafHash(salt: Bytes, statement: string): Promise<string> {
  return b64u(await sha256(salt, utf8(statement)));
}

export async function appendLeaf(head: string, leaf: DirectoryLeaf): Promise<string> {
  const parts = concat(fromB64u(head, 'directory', 32), fromB64u(leaf.tag, 'directory', 16), fromB64u(leaf.hash, 'directory', 32));
  return b64u(await sha256(utf8('alcove/v1/dir\0'), parts));
}

/** Where the directory ends now, and every head on the way there: what records may name. */
export interface Followed extends DirectoryHead {
  readonly heads: readonly string[];
}

export interface Following {
  /** The leaves from `seen.size` on, in order. */
  readonly leaves: readonly DirectoryLeaf[];
  /** What the server says the result is. */
  readonly claimed: DirectoryHead;
  /** One's own tag and the leaf hashes that one's own devices made. */
  readonly own: { readonly tag: string; readonly hashes: readonly string[] };
}

/**
 * Follows the directory from where the device was.
 * @throws {@link DirectoryForked} where the server's head is no continuation. @throws {@link ForeignLeaf}
 */
export async function followDirectory(seen: DirectoryHead, { leaves, claimed, own }: Following): Promise<Followed> {
  let head = seen.head;
  const heads: string[] = [];
  for (const [i, leaf] of leaves.entries()) {
    if (equalText(leaf.tag, own.tag) && !own.hashes.includes(leaf.hash)) throw new ForeignLeaf(seen.size + i);
    head = await appendLeaf(head, leaf);
    heads.push(head);
  }
  const size = seen.size + leaves.length;
  if (claimed.size !== size || !equalText(claimed.head, head)) throw new DirectoryForked();
  return { size, head, heads };
}

/** Checks that a statement is the one its leaf commits to. @throws {@link StatementNotInDirectory} */
export async function expectInDirectory(statement: string, salt: Bytes, leaf: DirectoryLeaf): Promise<void> {
  if (!equalText(await deriveLeafHash(salt, statement), leaf.hash)) throw new StatementNotInDirectory();
}
