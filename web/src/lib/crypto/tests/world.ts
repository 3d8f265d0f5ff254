/**
 * People and their devices for tests: each device follows the protocol as the session engine does, against whatever the server answers.
 */
import { utf8, utf8Text, type Bytes } from '../bytes';
import {
  changeKeyring,
  confirmJoin,
  deriveKitSlot,
  EMPTY_DIRECTORY,
  joinSpace,
  makeId,
  makeInvite,
  makeKeyring,
  makeKit,
  makeSpace,
  openGrants,
  openInvite,
  openRecord,
  sealRecord,
  verifyRoster,
} from '../index';
import type { Held, Kit, MadeInvite, OpenInvite, RecordOrder, RosterPin, SealedKeyring, SealedRecord, SpaceChange, SpaceKind, UnlockedKeyring } from '../index';
import { Server } from './server';

export const WELCOME = { practice: 'Harbour', coach: 'Ada', client: 'Ben', message: 'Welcome' };

/** One person with one device. */
export class Device {
  readonly id = makeId('dev');
  /** Sequence numbers per space, over all epochs. */
  readonly seqs = new Map<string, number>();
  /** What the device remembers of each space. */
  readonly pins = new Map<string, RosterPin>();

  private constructor(
    readonly server: Server,
    readonly kit: Kit,
    readonly sealed: SealedKeyring,
  ) {}

  static async of(server: Server): Promise<Device> {
    const kit = makeKit('personal');
    const sealed = await changeKeyring(await makeKeyring(), { add: [{ slot: await deriveKitSlot(kit), label: 'Kit' }] });
    server.keepKeyring(sealed.keyring.person, sealed.bytes);
    return new Device(server, kit, sealed);
  }

  get keyring(): UnlockedKeyring {
    return this.sealed.keyring;
  }
  get person(): string {
    return this.keyring.person;
  }

  /** Fetches, verifies and opens a space, and remembers how far the roster went. */
  async follow(space: string): Promise<Held> {
    const roster = await verifyRoster(this.server.roster(space), { space, pin: this.pins.get(space) ?? null });
    this.pins.set(space, { head: roster.head, size: roster.size });
    const keys = await openGrants(this.keyring, roster, this.server.grants(space, this.person));
    return { keyring: this.keyring, roster, keys };
  }

  async found(kind: SpaceKind = 'shared'): Promise<string> {
    const change = await makeSpace(this.keyring, { kind, role: 'practitioner' });
    this.server.append(change);
    await this.follow(change.space);
    return change.space;
  }

  /** Makes and sends a change on the state that was just fetched. */
  async change(space: string, make: (held: Held) => Promise<SpaceChange>): Promise<SpaceChange> {
    const change = await make(await this.follow(space));
    this.server.append(change);
    return change;
  }

  async invite(space: string, last: Record<string, number> = {}): Promise<MadeInvite> {
    const made = await makeInvite(await this.follow(space), { role: 'client', welcome: WELCOME, last });
    this.server.append(made.change);
    this.server.keepInvite(made);
    return made;
  }

  async openInvite({ link }: MadeInvite, space: string): Promise<OpenInvite> {
    return openInvite(link, this.server.pendingGrant(link.invite), this.server.roster(space));
  }

  async join(made: MadeInvite, space: string, last: Record<string, number> = {}): Promise<SpaceChange> {
    const change = await joinSpace(await this.openInvite(made, space), this.keyring, last);
    this.server.append(change);
    this.pins.set(space, { head: change.roster.head, size: change.roster.size });
    return change;
  }

  async confirm(space: string, joiner: Device): Promise<SpaceChange> {
    const statement = await joiner.keyring.makeKeyStatement();
    return this.change(space, (held) => confirmJoin(held, { person: joiner.person, how: 'link', history: 'all', statement }));
  }

  order(space: string, text: string, more: Partial<RecordOrder> = {}): RecordOrder {
    const seq = (this.seqs.get(space) ?? 0) + 1;
    this.seqs.set(space, seq);
    return { id: makeId('rec'), rev: 1, prev: null, kind: 'message', dev: this.id, seq, open: [], dir: EMPTY_DIRECTORY.head, body: utf8(text), ...more };
  }

  async write(space: string, text: string, more: Partial<RecordOrder> = {}): Promise<SealedRecord> {
    const record = await sealRecord(await this.follow(space), this.order(space, text, more));
    this.server.store(record);
    return record;
  }

  async read({ header: { space, id, rev, kind } }: SealedRecord): Promise<string> {
    const { roster, keys } = await this.follow(space);
    const place = { space, id, rev, kind };
    return text((await openRecord(this.server.record(place), place, roster, keys)).body);
  }
}

export function text(bytes: Bytes): string {
  return utf8Text(bytes, 'test');
}

/** A coach and a client who joined by link and was confirmed, on one honest server. */
export async function pair(): Promise<{ server: Server; coach: Device; client: Device; space: string; made: MadeInvite }> {
  const server = new Server();
  const [coach, client] = [await Device.of(server), await Device.of(server)];
  const space = await coach.found();
  const made = await coach.invite(space);
  await client.join(made, space);
  await coach.confirm(space, client);
  return { server, coach, client, space, made };
}

/** Expects the refusal of that name, and nothing else. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'accepted',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
}
