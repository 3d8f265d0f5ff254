/** Ports for Node: everything in memory, sealed files in a temporary folder. For headless runs (seeding, journeys); passkeys do not exist here. */
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { openAsBlob } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { derivePasswordSlot, sealFile } from '$lib/crypto';
import { PasskeyUnsupported } from '../errors';
import type { Clock, FilesPort, LocksPort, NeighboursPort, PasskeyPort, Ports, SealedAway } from '../ports';
import { MemoryStore } from '../store/memory';

const noPasskeys: PasskeyPort = {
  available: () => false,
  make: () => Promise.reject(new PasskeyUnsupported()),
  makeKey: () => Promise.reject(new PasskeyUnsupported()),
  useKey: () => Promise.reject(new PasskeyUnsupported()),
  use: () => Promise.reject(new PasskeyUnsupported()),
  useOffline: () => Promise.reject(new PasskeyUnsupported()),
};

const clock: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    // A waiting retry must not keep a finished run alive.
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** One process is one window. */
export function memoryLocks(): LocksPort {
  const turns = new Map<string, Promise<unknown>>();
  const held = new Set<string>();
  return {
    async alone(name, task) {
      if (held.has(name)) return null;
      held.add(name);
      return task().finally(() => held.delete(name));
    },
    inTurn<A>(name: string, task: () => Promise<A>): Promise<A> {
      const before = turns.get(name) ?? Promise.resolve();
      const turn = before.then(task, task);
      turns.set(name, turn.catch(() => undefined));
      return turn;
    },
  };
}

export const noNeighbours: NeighboursPort = { tell: () => undefined, listen: () => undefined };

/** Sealed files in a folder of this process. */
class FolderFiles implements FilesPort {
  #folder: Promise<string> | null = null;

  async #path(name: string): Promise<string> {
    this.#folder ??= mkdtemp(join(tmpdir(), 'alcove-'));
    return join(await this.#folder, name);
  }

  async free(): Promise<number | null> {
    return null;
  }

  async largest(): Promise<number | null> {
    return null;
  }

  async seal(name: string, source: { size: number; stream(): ReadableStream<Uint8Array> }, progress: (stored: number) => void): Promise<SealedAway> {
    const { stream, manifest } = await sealFile(source.stream(), source.size);
    const total = await this.write(name, 0, stream, progress);
    return { total, manifest: await manifest };
  }

  async write(name: string, from: number, stream: ReadableStream<Uint8Array>, progress: (stored: number) => void = () => undefined): Promise<number> {
    const file = await open(await this.#path(name), from === 0 ? 'w' : 'r+');
    let at = from;
    try {
      await file.truncate(from);
      const reader = stream.getReader();
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        await file.write(next.value, 0, next.value.length, at);
        at += next.value.length;
        progress(at);
      }
    } finally {
      await file.close();
    }
    return at;
  }

  async open(name: string): Promise<Blob | null> {
    const path = await this.#path(name);
    return (await stat(path).catch(() => null)) && openAsBlob(path);
  }

  async remove(name: string): Promise<void> {
    await rm(await this.#path(name), { force: true });
  }

  async clear(): Promise<void> {
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true });
    this.#folder = null;
  }
}

export interface NodeOptions {
  readonly origin: string;
  readonly deviceLabel?: string;
  readonly live?: boolean;
}

export function nodePorts({ origin, deviceLabel = 'Headless', live = false }: NodeOptions): Ports & { readonly clear: () => Promise<void> } {
  const files = new FolderFiles();
  return { store: new MemoryStore(), clock, passkeys: noPasskeys, stretch: derivePasswordSlot, files, locks: memoryLocks(), neighbours: noNeighbours, origin, deviceLabel, live, clear: () => files.clear() };
}
