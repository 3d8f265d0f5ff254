import { describe, expect, it } from 'vitest';
import { openFile } from '$lib/crypto';
import { MEMORY_FILE_BYTES_MAX, MemoryFiles } from '../browser/memory-files';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const stream = (...parts: string[]) => new Blob(parts).stream();

function source(content: string, size = content.length) {
  return { name: 'a.txt', type: 'text/plain', size, stream: () => stream(content) };
}

describe('files in memory', () => {
  it('are sealed, read in parts and opened again', async () => {
    const files = new MemoryFiles();
    let seen = 0;
    const { total, manifest } = await files.seal('f', source('Hello, Ana'), (stored) => (seen = stored));
    expect(seen).toBe(total);
    const stored = await files.open('f');
    expect(stored?.size).toBe(total);
    expect(await stored?.slice(0, 21).text()).toBe('age-encryption.org/v1');
    const plain = await openFile(async () => (await files.open('f'))?.stream() ?? stream(), manifest);
    expect(await new Response(plain as ReadableStream<Uint8Array<ArrayBuffer>>).text()).toBe('Hello, Ana');
    await files.remove('f');
    expect(await files.open('f')).toBeNull();
  });

  it('go on where a download broke off', async () => {
    const files = new MemoryFiles();
    let sent = false;
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent) return controller.error(new TypeError('gone'));
        sent = true;
        controller.enqueue(bytesOf('Hello, '));
      },
    });
    await expect(files.write('f', 0, broken)).rejects.toThrow('gone');
    const kept = (await files.open('f'))?.size ?? 0;
    expect(kept).toBe(7);
    expect(await files.write('f', kept, stream('Ana'))).toBe(10);
    expect(await (await files.open('f'))?.text()).toBe('Hello, Ana');
  });

  it('are refused by name when they are large, before anything is read', async () => {
    const large = { ...source('', MEMORY_FILE_BYTES_MAX + 1), stream: () => expect.fail('it was read') as never };
    await expect(new MemoryFiles().seal('f', large, () => undefined)).rejects.toMatchObject({ name: 'NoFileStore', limit_mib: 64 });
  });
});
