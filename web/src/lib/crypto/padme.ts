/**
 * Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", 2019, algorithm 1): lengths leak O(log log n) bits, at most 12 % larger.
 */
const LEAST = 256;

/** The padded length. Plain arithmetic instead of bit operations: files exceed 2³¹ bytes. */
export function padmeLength(length: number): number {
  const least = Math.max(length, LEAST);
  const exponent = Math.floor(Math.log2(least));
  const significant = Math.floor(Math.log2(exponent)) + 1;
  const step = 2 ** (exponent - significant);
  return Math.ceil(least / step) * step;
}
