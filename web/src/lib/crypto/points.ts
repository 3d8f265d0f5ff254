/**
 * Points of small order. A key or share that is one of them makes the classical half of a hybrid secret a constant, or lets one signature fit
 * many messages. Libraries differ in whether they look; so we look ourselves.
 */

const unhex = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** u-coordinates whose order divides 8, canonical or not, top bit cleared (RFC 7748 section 7; the same list as libsodium's). */
const X25519_LOW = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].map(unhex);

/** y-coordinates of Ed25519 points of small order, canonical or not, sign bit cleared (libsodium's list). */
const ED25519_LOW = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].map(unhex);

/** Equality but for the top bit, which both curves treat apart (ignored by X25519, the sign in Ed25519). */
function isOneOf(list: readonly Uint8Array[], point: Uint8Array): boolean {
  return list.some((low) => low.every((byte, i) => byte === (i === 31 ? (point[31] as number) & 0x7f : point[i])));
}

export function isLowX25519(u: Uint8Array): boolean {
  return isOneOf(X25519_LOW, u);
}

export function isLowEd25519(point: Uint8Array): boolean {
  return isOneOf(ED25519_LOW, point);
}
