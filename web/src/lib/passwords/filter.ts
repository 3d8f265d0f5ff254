/**
 * Reads a binary fuse filter of 16 bits, as the crate xorf 0.13 writes it (Graf and Lemire, "Binary Fuse Filters", 2022): a set that cannot be
 * listed again, 18 bits for each member. It never misses a member, and takes one in 65,536 others for one.
 */
const MASK = (1n << 64n) - 1n;
const HEAD_BYTES = 20;

/** FNV-1a, 64 bits, of the UTF-8 text. */
export function keyOf(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & MASK;
  return hash;
}

/** The finaliser of MurmurHash3. */
function mix(key: bigint): bigint {
  let mixed = key ^ (key >> 33n);
  mixed = (mixed * 0xff51afd7ed558ccdn) & MASK;
  mixed ^= mixed >> 33n;
  mixed = (mixed * 0xc4ceb9fe1a85ec53n) & MASK;
  return mixed ^ (mixed >> 33n);
}

export class FuseFilter {
  readonly #view: DataView;
  readonly #seed: bigint;
  readonly #segment: number;
  readonly #mask: number;
  readonly #all: bigint;

  /** @throws RangeError if the file is cut off */
  constructor(file: ArrayBuffer) {
    const head = new DataView(file, 0, HEAD_BYTES);
    this.#seed = head.getBigUint64(0, true);
    this.#segment = head.getUint32(8, true);
    this.#mask = head.getUint32(12, true);
    this.#all = BigInt(head.getUint32(16, true));
    this.#view = new DataView(file, HEAD_BYTES, (Number(this.#all) + 2 * this.#segment) * 2);
  }

  has(text: string): boolean {
    const hash = mix((keyOf(text) + this.#seed) & MASK);
    const first = Number((hash * this.#all) >> 64n);
    const second = (first + this.#segment) ^ (Number((hash >> 18n) & 0xffffffffn) & this.#mask);
    const third = (first + 2 * this.#segment) ^ (Number(hash & 0xffffffffn) & this.#mask);
    const print = Number((hash ^ (hash >> 32n)) & 0xffffn);
    return (print ^ this.#at(first) ^ this.#at(second) ^ this.#at(third)) === 0;
  }

  #at(place: number): number {
    return this.#view.getUint16(place * 2, true);
  }
}
