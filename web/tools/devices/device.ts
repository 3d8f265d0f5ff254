/** One person's device without a screen: signs in with what a seeded practice's file says, reads, writes, exports. */
import { writeFile } from 'node:fs/promises';
import { b64u, makeId } from '$lib/crypto';
import type { AlcoveEngine } from '$lib/engine/engine';
import { startHeadless } from '$lib/engine/node/start';
import { sealFor, spaceOf } from '$lib/engine/writing';
import type { Seeded, SeededPerson } from '../seed/practice';
import { withCode } from '../totp';
import { readEverything, type Counts } from './reading';

/** `owner`, or the place of a client in the file. */
export type Who = 'owner' | number;

export function personOf(seeded: Seeded, who: Who): SeededPerson {
  const found = who === 'owner' ? seeded.owner : seeded.clients[who];
  if (!found) throw new RangeError(`There is no ${who} in this file.`);
  return found;
}

/** Where people say something: the owner to the first client, a client to the owner. */
function placeOf(seeded: Seeded, who: Who): string {
  const shared = seeded.clients[who === 'owner' ? 0 : who]?.shared;
  if (!shared) throw new RangeError(`There is nobody for ${who} to talk to in this file.`);
  return shared;
}

export class Device {
  private constructor(
    private readonly engine: AlcoveEngine,
    private readonly seeded: Seeded,
    private readonly who: Who,
  ) {}

  static async of(seeded: Seeded, who: Who, url: string): Promise<Device> {
    return new Device(await startHeadless({ origin: url, deviceLabel: 'Device' }), seeded, who);
  }

  /** The password works where the device has met this person before; the kit works anywhere. */
  async signIn(by: 'kit' | 'password'): Promise<void> {
    const { person, password, personal_kit } = personOf(this.seeded, this.who);
    const asked = by === 'kit' ? await this.engine.signInWithKit(personal_kit) : await this.engine.signInWithPassword(password, person);
    if (asked) await withCode(this.seeded.owner.totp_secret, (code) => this.engine.giveSecondStep({ kind: 'totp', code }));
    await this.engine.sync();
  }

  /** Keeps what a browser keeps after signing out. */
  async signOut(): Promise<void> {
    await this.engine.signOut({ force: true });
  }

  async read(): Promise<Counts> {
    await this.engine.sync();
    await this.engine.settle();
    return readEverything(this.engine, this.seeded.marker);
  }

  /** Sends a message, and says whether the practice has acknowledged it. */
  async say(text: string): Promise<{ record: string; acknowledged: boolean }> {
    const record = await this.engine.sendMessage(placeOf(this.seeded, this.who), text);
    await this.engine.settle();
    return { record, acknowledged: this.engine.core.outbox.length === 0 };
  }

  /** Sends a well sealed message past the engine, which would not write now: what does the practice itself say? */
  async force(text: string): Promise<void> {
    const { core } = this.engine;
    const space = spaceOf(core, placeOf(this.seeded, this.who));
    const record = makeId('rec');
    const { write, bytes } = await sealFor(core, space, record, { kind: 'message', body: { text, about: null } }, { after: null, number: null });
    await core.api.writeRecord(space.id, { ...write, body: b64u(bytes) }, record);
  }

  async me(): Promise<{ person: string; restore_pending: boolean }> {
    const { person, restore } = await this.engine.core.api.me();
    return { person, restore_pending: restore.pending };
  }

  async signRestore(): Promise<void> {
    await this.engine.signRestore();
  }

  async exportTo(path: string): Promise<{ bytes: number }> {
    const { blob, size } = await this.engine.exportMine();
    await writeFile(path, new Uint8Array(await blob.arrayBuffer()), { mode: 0o600 });
    return { bytes: size };
  }

  close(): void {
    this.engine.close();
  }
}
