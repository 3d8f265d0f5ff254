/**
 * Files: encrypted once, as a stream, to a secret of their own that a signed manifest record carries. Memory stays bounded whatever the size.
 * Nothing of a file is released before the hash of its ciphertext is the manifest's.
 */
import type { IHasher } from 'hash-wasm';
import { b64u, concat, equalText, fromB64u, makeRandom, type Bytes } from './bytes';
import { BadPadding, CannotOpen } from './errors/files';
import { FileHashDiffers, FileSizeDiffers } from './errors/records';
import { padmeLength } from './padme';
import { requireSecretHeader, secretDecrypter, secretEncrypter } from './secret';
import { afterTypeLine, typeLine } from './typeline';

/** What the manifest record says of a file, besides its name and type. */
export interface FileManifest {
  /** The file's own secret, base64url. It exists only inside sealed manifests. */
  readonly key: string;
  /** SHA-256 of the age file, base64url. */
  readonly sha256: string;
  /** Bytes of content. */
  readonly size: number;
}

export interface SealedFile {
  /** The age file: write it into private storage first, then upload it. */
  readonly stream: ReadableStream<Uint8Array>;
  /** Length of the age file in bytes, known beforehand. */
  readonly bytes: number;
  /** The manifest, once the stream was read to its end. */
  readonly manifest: Promise<FileManifest>;
}

/** WebAssembly, loaded with the first file. WebCrypto hashes only what fits in memory. */
async function makeHasher(): Promise<IHasher> {
  return (await import('hash-wasm')).createSHA256();
}

const CHUNK = 64 * 1024;
const HEADER_MAX = 512;

/** Type line, then content, then zeros, in pieces of at most 64 KiB. */
function plaintextOf(content: ReadableStream<Uint8Array>, size: number): ReadableStream<Uint8Array> {
  let seen = 0;
  return content.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      start: (out) => out.enqueue(typeLine('file')),
      transform(chunk, out) {
        seen += chunk.length;
        if (seen > size) throw new FileSizeDiffers();
        out.enqueue(chunk);
      },
      flush(out) {
        if (seen !== size) throw new FileSizeDiffers();
        for (let left = paddingOf(size); left > 0; left -= CHUNK) out.enqueue(new Uint8Array(Math.min(left, CHUNK)));
      },
    }),
  );
}

function paddingOf(size: number): number {
  const line = typeLine('file').length;
  return padmeLength(line + size) - line - size;
}

/** Passes bytes through and hashes them. */
function hashing(hasher: IHasher, done: (sha256: string) => void): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(chunk, out) {
      hasher.update(chunk);
      out.enqueue(chunk);
    },
    flush: () => done(b64u(hasher.digest('binary'))),
  });
}

/** Seals a stream of exactly `size` bytes. @throws {@link FileSizeDiffers} through the stream, where the length is another. */
export async function sealFile(content: ReadableStream<Uint8Array>, size: number): Promise<SealedFile> {
  const secret = makeRandom(32);
  const hasher = await makeHasher();
  const encrypted = await secretEncrypter(secret).encrypt(plaintextOf(content, size));
  const { promise, resolve, reject } = settling<FileManifest>();
  const hash = hashing(hasher, (sha256) => resolve({ key: b64u(secret), sha256, size }));
  void encrypted.pipeTo(hash.writable).catch(reject);
  const bytes = encrypted.size(padmeLength(typeLine('file').length + size));
  return { stream: hash.readable, bytes, manifest: promise };
}

/** A promise with its ends, for streams that finish elsewhere. A rejection nobody awaits is not an unhandled one: the stream carries it too. */
function settling<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (reason: unknown) => void } {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}

/** Hashes the whole ciphertext and checks its header, before any key touches it. */
async function expectCiphertext(file: ReadableStream<Uint8Array>, manifest: FileManifest): Promise<void> {
  const hasher = await makeHasher();
  let head: Bytes = new Uint8Array(0);
  const reader = file.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    if (head.length < HEADER_MAX) head = concat(head, next.value.subarray(0, HEADER_MAX - head.length));
    hasher.update(next.value);
  }
  if (!equalText(b64u(hasher.digest('binary')), manifest.sha256)) throw new FileHashDiffers();
  requireSecretHeader(head);
}

/** Gives a stored file from its beginning, as often as it is called. */
export type OpenStored = () => ReadableStream<Uint8Array> | Promise<ReadableStream<Uint8Array>>;

/**
 * Opens a downloaded file: one pass to check hash and header, a second to decrypt.
 * @param open gives the stored ciphertext from its beginning, twice
 * @throws {@link FileHashDiffers} before anything is released; the returned stream fails where type or padding are wrong
 */
export async function openFile(open: OpenStored, manifest: FileManifest): Promise<ReadableStream<Uint8Array>> {
  await expectCiphertext(await open(), manifest);
  const decrypter = secretDecrypter(fromB64u(manifest.key, 'file manifest', 32));
  const plaintext = await decrypter.decrypt(await open()).catch(() => {
    throw new CannotOpen('file');
  });
  return plaintext.pipeThrough(unwrapping(manifest.size));
}

/** Takes the type line off, lets `size` bytes pass, and demands zeros of the prescribed length after them. */
function unwrapping(size: number): TransformStream<Uint8Array, Uint8Array> {
  const line = typeLine('file').length;
  let head: Bytes | null = new Uint8Array(0);
  let left = size;
  let padding = 0;
  const pass = (chunk: Uint8Array, out: TransformStreamDefaultController<Uint8Array>) => {
    const content = chunk.subarray(0, left);
    const rest = chunk.subarray(content.length);
    left -= content.length;
    padding += rest.length;
    if (rest.some((byte) => byte !== 0)) throw new BadPadding('file');
    if (content.length > 0) out.enqueue(content);
  };
  return new TransformStream({
    transform(chunk, out) {
      if (head === null) return pass(chunk, out);
      head = concat(head, chunk);
      if (head.length < line) return;
      pass(afterTypeLine('file', head), out);
      head = null;
    },
    flush() {
      if (left !== 0 || padding !== paddingOf(size)) throw new BadPadding('file');
    },
  });
}
