/**
 * A server for tests. As written it is honest; a hostile one replaces a method of an instance, as a real one would alter an answer.
 */
import type { Bytes } from '../bytes';
import type { MadeInvite, Place, SealedRecord, SpaceChange } from '../index';

/** What an honest server answers to a request whose head is no longer the head. */
export class HeadMoved extends Error {}

export class Server {
  readonly #rosters = new Map<string, string[]>();
  readonly #grants: { space: string; to: string; bytes: Bytes }[] = [];
  readonly #records = new Map<string, SealedRecord>();
  readonly #pending = new Map<string, Bytes>();
  readonly #keyrings = new Map<string, Bytes>();
  readonly #heads = new Map<string, string>();

  /** Takes a change whole or not at all. */
  append(change: SpaceChange): void {
    const head = this.#heads.get(change.space) ?? null;
    if (head !== change.expectedHead) throw new HeadMoved();
    this.#rosters.set(change.space, [...(this.#rosters.get(change.space) ?? []), ...change.entries]);
    this.#heads.set(change.space, change.roster.head);
    for (const { to, bytes } of change.grants) this.#grants.push({ space: change.space, to, bytes });
  }

  roster(space: string): string[] {
    return [...(this.#rosters.get(space) ?? [])];
  }

  grants(space: string, person: string): Bytes[] {
    return this.#grants.filter((grant) => grant.space === space && grant.to === person).map((grant) => grant.bytes);
  }

  store(record: SealedRecord): void {
    const { space, id, rev } = record.header;
    this.#records.set(`${space} ${id} ${rev}`, record);
  }

  record({ space, id, rev }: Place): Bytes {
    return (this.#records.get(`${space} ${id} ${rev}`) as SealedRecord).bytes;
  }

  keepInvite({ link, pendingGrant }: MadeInvite): void {
    this.#pending.set(link.invite, pendingGrant);
  }

  pendingGrant(invite: string): Bytes {
    return this.#pending.get(invite) as Bytes;
  }

  keepKeyring(person: string, bytes: Bytes): void {
    this.#keyrings.set(person, bytes);
  }

  keyring(person: string): Bytes {
    return this.#keyrings.get(person) as Bytes;
  }
}
