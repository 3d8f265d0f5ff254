/**
 * The origin's private file system (OPFS): a worker seals and writes, the window reads. Browsers without it keep small files in memory.
 */
import workerUrl from './files-worker?worker&url';
import { newWorker } from '$lib/trusted';
import { DeviceFull, FileStoreFailed } from '../errors';
import { MemoryFiles } from './memory-files';
import type { FilesPort, SealedAway } from '../ports';
import type { FileSource } from '../types';

export type FilesAsked =
  | { readonly id: number; readonly ask: 'seal'; readonly name: string; readonly file: File }
  | { readonly id: number; readonly ask: 'begin'; readonly name: string; readonly from: number }
  | { readonly id: number; readonly ask: 'chunk'; readonly bytes: Uint8Array }
  | { readonly id: number; readonly ask: 'end' };
export type FilesAnswer = { readonly id: number } & (
  | { readonly stored: number }
  | { readonly done: SealedAway | null }
  | { readonly failed: Failed }
);

/** A refusal on its way between worker and window; `alarm` is kept where it was one of ours. */
export interface Failed {
  readonly name: string;
  readonly message: string;
  readonly alarm?: boolean;
}

/** One conversation with a worker of its own. */
class Talk {
  readonly #worker = newWorker(workerUrl);

  ask(asked: FilesAsked, until: 'stored' | 'done', progress: (stored: number) => void = () => undefined): Promise<SealedAway | null | number> {
    return new Promise((resolve, reject) => {
      this.#worker.onerror = () => reject(new FileStoreFailed());
      this.#worker.onmessage = ({ data }: MessageEvent<FilesAnswer>) => {
        if ('failed' in data) reject(failure(data.failed));
        else if ('done' in data) resolve(data.done);
        else if (until === 'stored') resolve(data.stored);
        else progress(data.stored);
      };
      this.#worker.postMessage(asked);
    });
  }

  close(): void {
    this.#worker.terminate();
  }
}

function failure({ name, message, alarm }: Failed): Error {
  if (name === 'QuotaExceededError') return new DeviceFull(0, 0);
  return Object.assign(new Error(message), { name, ...(alarm === undefined ? {} : { alarm }) });
}

async function folder(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle('files', { create: true });
}

async function asFile(source: FileSource): Promise<File> {
  if (source instanceof File) return source;
  const blob = await new Response(source.stream() as ReadableStream<Uint8Array<ArrayBuffer>>).blob();
  return new File([blob], source.name, { type: source.type });
}

const inPrivateStorage: FilesPort = {
  async free(): Promise<number | null> {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined || usage === undefined ? null : quota - usage;
  },

  async largest(): Promise<number | null> {
    return null;
  },

  async seal(name, source, progress): Promise<SealedAway> {
    const talk = new Talk();
    try {
      return (await talk.ask({ id: 1, ask: 'seal', name, file: await asFile(source) }, 'done', progress)) as SealedAway;
    } finally {
      talk.close();
    }
  },

  async write(name, from, stream, progress = () => undefined): Promise<number> {
    const talk = new Talk();
    const reader = stream.getReader();
    try {
      let stored = (await talk.ask({ id: 1, ask: 'begin', name, from }, 'stored')) as number;
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        stored = (await talk.ask({ id: 1, ask: 'chunk', bytes: next.value }, 'stored')) as number;
        progress(stored);
      }
      return stored;
    } finally {
      await talk.ask({ id: 1, ask: 'end' }, 'done').catch(() => undefined);
      talk.close();
      await reader.cancel().catch(() => undefined);
    }
  },

  async open(name): Promise<Blob | null> {
    try {
      return await (await (await folder()).getFileHandle(name)).getFile();
    } catch (error) {
      if ((error as Error).name === 'NotFoundError') return null;
      throw error;
    }
  },

  async remove(name): Promise<void> {
    await (await folder()).removeEntry(name).catch((error: unknown) => {
      if ((error as Error).name !== 'NotFoundError') throw error;
    });
  },
};

/** Some browsers have no such storage, or refuse it in private windows. */
async function choose(): Promise<FilesPort> {
  try {
    await folder();
    return inPrivateStorage;
  } catch {
    return new MemoryFiles();
  }
}

let chosen: Promise<FilesPort> | null = null;
const store = () => (chosen ??= choose());

export const files: FilesPort = {
  free: async () => (await store()).free(),
  largest: async () => (await store()).largest(),
  seal: async (name, source, progress) => (await store()).seal(name, source, progress),
  write: async (name, from, stream, progress) => (await store()).write(name, from, stream, progress),
  open: async (name) => (await store()).open(name),
  remove: async (name) => (await store()).remove(name),
};
