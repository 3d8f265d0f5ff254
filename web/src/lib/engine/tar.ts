/** A tar archive (POSIX ustar) from parts, without copying the large ones. */

export interface TarFile {
  /** Relative, `/` between parts, ASCII. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer> | Blob;
}

const BLOCK = 512;
const encoder = new TextEncoder();

const sizeOf = ({ bytes }: TarFile) => (bytes instanceof Blob ? bytes.size : bytes.length);

export function tar(files: readonly TarFile[], made: Date): Blob {
  const parts: BlobPart[] = [];
  for (const file of files) parts.push(header(file, made), file.bytes, new Uint8Array(-sizeOf(file) & (BLOCK - 1)));
  parts.push(new Uint8Array(2 * BLOCK));
  return new Blob(parts, { type: 'application/x-tar' });
}

/** IEEE Std 1003.1, "pax", ustar interchange format. Paths above 100 bytes are split at a slash into prefix and name. */
function header(file: TarFile, made: Date): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string) => block.set(encoder.encode(text), at);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  const [prefix, name] = split(file.path);
  put(0, name);
  put(100, octal(0o600, 7));
  put(108, octal(0, 7));
  put(116, octal(0, 7));
  put(124, octal(sizeOf(file), 11));
  put(136, octal(Math.floor(made.getTime() / 1000), 11));
  put(148, ' '.repeat(8));
  put(156, '0');
  put(257, 'ustar\x0000');
  put(345, prefix);
  put(148, `${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `);
  return block;
}

function split(path: string): [prefix: string, name: string] {
  if (path.length <= 100) return ['', path];
  const at = path.indexOf('/', path.length - 101);
  if (at < 0 || at > 155) throw new RangeError(`This path is too long for an archive: ${path}`);
  return [path.slice(0, at), path.slice(at + 1)];
}
