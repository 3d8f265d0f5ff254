/** All vector files, made from a fixed stream of "random" bytes: the same on every machine and every run. */
import { createHash } from 'node:crypto';
import { ageVectors } from './age';
import { exampleVectors } from './example';
import { directoryVectors, identityVectors, kitVectors, linkVectors, loginVectors, safetyVectors, slotVectors, statementVectors } from './keys';
import { auditVectors, restoreVectors } from './practice';
import { padmeVectors, recordVectors } from './records';
import { recoveryVectors } from './recovery';
import { spaceVectors } from './spaces';
import type { Vector } from './shape';

const MAKERS: readonly (readonly [string, () => Promise<Vector[]>])[] = [
  ['identity', identityVectors],
  ['statements', statementVectors],
  ['slots', slotVectors],
  ['link', linkVectors],
  ['login', loginVectors],
  ['kit', kitVectors],
  ['directory', directoryVectors],
  ['safety', safetyVectors],
  ['padme', padmeVectors],
  ['record', recordVectors],
  ['audit', auditVectors],
  ['restore', restoreVectors],
  ['recovery', recoveryVectors],
  ['age', ageVectors],
  ['example', exampleVectors],
];

/** SHA-256 in counter mode over a name, in place of the system's random source. Only here, only to make vectors. */
function fixedStream(name: string): <T extends ArrayBufferView>(into: T) => T {
  let count = 0;
  return (into) => {
    const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
    for (let at = 0; at < bytes.length; at += 32, count++) {
      const block = createHash('sha256').update(`${name} ${count}`).digest();
      bytes.set(block.subarray(0, bytes.length - at), at);
    }
    return into;
  };
}

async function withFixedRandom<T>(name: string, work: () => Promise<T>): Promise<T> {
  const honest = Object.getOwnPropertyDescriptor(crypto, 'getRandomValues');
  Object.defineProperty(crypto, 'getRandomValues', { value: fixedStream(name), configurable: true });
  try {
    return await work();
  } finally {
    if (honest) Object.defineProperty(crypto, 'getRandomValues', honest);
    else Reflect.deleteProperty(crypto, 'getRandomValues');
  }
}

export async function makeVectors(): Promise<Map<string, Vector[]>> {
  const files = new Map<string, Vector[]>();
  for (const [name, make] of MAKERS) files.set(name, await withFixedRandom(name, make));
  for (const [name, vectors] of await withFixedRandom('spaces', spaceVectors)) files.set(name, vectors);
  return files;
}
