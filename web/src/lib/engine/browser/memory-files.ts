/**
 * Sealed files in memory, for browsers that give pages no storage for files. A reload forgets them, so it takes small ones only; what is larger is
 * refused before anything is read.
 */
import { sealFile } from '$lib/crypto';
import { NoFileStore } from '../errors';
import type { FilesPort, SealedAway } from '../ports';
import type { FileSource } from '../types';

const MIB = 2 ** 20;
/** Of one file. Its sealed copy and the opened one stand beside each other for a moment. */
export const MEMORY_FILE_BYTES_MAX = 64 * MIB;
/** A sealed file has padding of an eighth at most, and a little of age. */
const SEALED_BYTES_MAX = (MEMORY_FILE_BYTES_MAX * 9) / 8 + MIB;

export class MemoryFiles implements FilesPort {
  readonly #stored = new Map<string, Blob>();

  async free(): Promise<number | null> {
    return null;
  }

  async largest(): Promise<number> {
    return MEMORY_FILE_BYTES_MAX;
  }

  async seal(name: string, source: FileSource, progress: (stored: number) => void): Promise<SealedAway> {
    if (source.size > MEMORY_FILE_BYTES_MAX) throw tooLarge();
    const { stream, manifest } = await sealFile(source.stream(), source.size);
    const total = await this.write(name, 0, stream, progress);
    return { total, manifest: await manifest };
  }

  async write(name: string, from: number, stream: ReadableStream<Uint8Array>, progress: (stored: number) => void = () => undefined): Promise<number> {
    const before = this.#stored.get(name) ?? new Blob();
    const parts: BlobPart[] = [before.slice(0, from)];
    let at = from;
    const reader = stream.getReader();
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        at += next.value.length;
        if (at > SEALED_BYTES_MAX) throw tooLarge();
        parts.push(next.value as Uint8Array<ArrayBuffer>);
        progress(at);
      }
    } finally {
      // What arrived before a connection broke is kept: the rest is asked for from there.
      this.#stored.set(name, new Blob(parts));
      await reader.cancel().catch(() => undefined);
    }
    return at;
  }

  async open(name: string): Promise<Blob | null> {
    return this.#stored.get(name) ?? null;
  }

  async remove(name: string): Promise<void> {
    this.#stored.delete(name);
  }
}

function tooLarge(): NoFileStore {
  return new NoFileStore(MEMORY_FILE_BYTES_MAX / MIB);
}
