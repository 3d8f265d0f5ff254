/** Seals and stores files in the origin's private file system, away from the window. It sees keys of files only, never of persons. */
import { sealFile } from '$lib/crypto';
import type { Failed, FilesAnswer, FilesAsked } from './files';

/** Absent from TypeScript's WebWorker library: only workers have it. */
interface SyncHandle {
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

async function handleOf(name: string): Promise<SyncHandle> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle('files', { create: true });
  const file = await folder.getFileHandle(name, { create: true });
  return (file as unknown as { createSyncAccessHandle(): Promise<SyncHandle> }).createSyncAccessHandle();
}

const answer = (message: FilesAnswer) => self.postMessage(message);
const open = new Map<number, { handle: SyncHandle; at: number }>();

/** Writes all of it: a short write means that the disk is full. */
function writeAll(handle: SyncHandle, bytes: Uint8Array, at: number): number {
  const written = handle.write(bytes, { at });
  if (written !== bytes.length) throw new DOMException('', 'QuotaExceededError');
  return at + written;
}

async function seal(id: number, name: string, file: File): Promise<void> {
  const handle = await handleOf(name);
  try {
    handle.truncate(0);
    const { stream, bytes: total, manifest } = await sealFile(file.stream(), file.size);
    let at = 0;
    const reader = stream.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      at = writeAll(handle, next.value, at);
      answer({ id, stored: at });
    }
    handle.flush();
    answer({ id, done: { total, manifest: await manifest } });
  } finally {
    handle.close();
  }
}

async function begin(id: number, name: string, from: number): Promise<void> {
  const handle = await handleOf(name);
  handle.truncate(from);
  open.set(id, { handle, at: from });
  answer({ id, stored: from });
}

function chunk(id: number, bytes: Uint8Array): void {
  const writing = open.get(id);
  if (!writing) return;
  writing.at = writeAll(writing.handle, bytes, writing.at);
  answer({ id, stored: writing.at });
}

function end(id: number): void {
  const writing = open.get(id);
  writing?.handle.flush();
  writing?.handle.close();
  open.delete(id);
  answer({ id, done: null });
}

self.onmessage = async ({ data }: MessageEvent<FilesAsked>) => {
  try {
    if (data.ask === 'seal') await seal(data.id, data.name, data.file);
    else if (data.ask === 'begin') await begin(data.id, data.name, data.from);
    else if (data.ask === 'chunk') chunk(data.id, data.bytes);
    else end(data.id);
  } catch (error) {
    open.get(data.id)?.handle.close();
    open.delete(data.id);
    const { name, message, alarm } = error as Failed;
    answer({ id: data.id, failed: { name, message, ...(typeof alarm === 'boolean' ? { alarm } : {}) } });
  }
};
