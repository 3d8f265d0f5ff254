/** Files as streams: sealed once, hashed on the way, opened only when everything fits. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { concat, makeRandom, type Bytes } from '../bytes';
import { openFile, sealFile, type FileManifest } from '../index';
import { sealToSecret } from '../secret';
import { fromB64u } from '../bytes';
import { padmeLength } from '../padme';
import { refusal } from './world';

/** A stream of these bytes in uneven pieces. */
function streamOf(bytes: Uint8Array, piece = 10_007): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(out) {
      if (at >= bytes.length) return out.close();
      out.enqueue(bytes.slice(at, (at += piece)));
    },
  });
}

async function drain(stream: ReadableStream<Uint8Array>): Promise<Bytes> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function seal(content: Uint8Array, size = content.length): Promise<{ file: Bytes; manifest: FileManifest; bytes: number }> {
  const sealed = await sealFile(streamOf(content), size);
  const file = await drain(sealed.stream);
  return { file, manifest: await sealed.manifest, bytes: sealed.bytes };
}

const open = async (file: Uint8Array, manifest: FileManifest) => drain(await openFile(() => streamOf(file), manifest));

describe('round trips', () => {
  test.each([0, 1, 242, 243, 65_536, 65_522, 300_000, 1_500_000])('%i bytes', async (size) => {
    const content = concat(...Array.from({ length: Math.ceil(size / 65_536) }, () => makeRandom(65_536))).subarray(0, size);
    const { file, manifest, bytes } = await seal(content);
    expect(bytes).toBe(file.length);
    expect(manifest.sha256).toBe(createHash('sha256').update(file).digest('base64url'));
    expect(Buffer.compare(await open(file, manifest), content)).toBe(0);
  });

  test('sizes are padded', async () => {
    const [a, b] = [await seal(makeRandom(1000)), await seal(makeRandom(1001))];
    expect(a.file.length).toBe(b.file.length);
  });
});

describe('refusals', () => {
  test('a content that is shorter or longer than announced', async () => {
    for (const size of [99, 101]) {
      const sealed = await sealFile(streamOf(makeRandom(100)), size);
      expect(await refusal(drain(sealed.stream))).toBe('FileSizeDiffers');
      expect(await refusal(sealed.manifest)).toBe('FileSizeDiffers');
    }
  });

  test('another file, a changed one, another size, another key', async () => {
    const { file, manifest } = await seal(makeRandom(5000));
    const other = await seal(makeRandom(5000));
    const flipped = file.slice();
    flipped[file.length - 1]! ^= 1;
    expect(await refusal(open(other.file, manifest))).toBe('FileHashDiffers');
    expect(await refusal(open(flipped, manifest))).toBe('FileHashDiffers');
    expect(await refusal(open(file.subarray(1), manifest))).toBe('FileHashDiffers');
    expect(await refusal(open(file, { ...manifest, key: other.manifest.key }))).toBe('CannotOpen');
    expect(await refusal(open(file, { ...manifest, size: 4000 }))).toBe('BadPadding');
    expect(await refusal(open(file, { ...manifest, size: 6000 }))).toBe('BadPadding');
  });

  test('a raised work factor, another type, padding that is not zero, even under a fitting hash', async () => {
    const { file, manifest } = await seal(makeRandom(10));
    const rehashed = (bytes: Uint8Array) => ({ ...manifest, sha256: createHash('sha256').update(bytes).digest('base64url') });
    const costly = Uint8Array.from(Buffer.from(Buffer.from(file).toString('latin1').replace(/^(-> scrypt \S+ )1$/m, '$120'), 'latin1'));
    expect(await refusal(open(costly, rehashed(costly)))).toBe('RaisedWorkFactor');
    const key = fromB64u(manifest.key, 'key');
    const record = await sealToSecret('record', key, makeRandom(padmeLength(0) - 16));
    expect(await refusal(open(record, rehashed(record)))).toBe('WrongType');
    const dirty = await sealToSecret('file', key, new Uint8Array(256 - 14).fill(1));
    expect(await refusal(open(dirty, rehashed(dirty)))).toBe('BadPadding');
  });
});

test('memory stays bounded: a source is not read ahead of what is taken', async () => {
  let produced = 0;
  const source = new ReadableStream<Uint8Array>({
    pull(out) {
      produced += 65_536;
      out.enqueue(new Uint8Array(65_536));
    },
  });
  const sealed = await sealFile(source, 2 ** 40);
  const reader = sealed.stream.getReader();
  for (let i = 0; i < 20; i++) await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(produced).toBeLessThan(40 * 65_536);
  await reader.cancel();
});
