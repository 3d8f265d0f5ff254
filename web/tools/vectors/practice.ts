/** Vectors about the practice: the audit chain and restore statements. */
import { b64u, utf8 } from '../../src/lib/crypto/bytes';
import { extendAuditHead, makeRestoreStatement } from '../../src/lib/crypto/restore';
import { AT, facts, fill, fixedId, fixedPerson, type Vector } from './shape';

export async function auditVectors(): Promise<Vector[]> {
  const vectors: Vector[] = [];
  let root = b64u(new Uint8Array(32));
  for (const [n, entry] of ['', 'first', '{"who":"Ä","n":2}'].entries()) {
    const next = await extendAuditHead(root, utf8(entry));
    vectors.push({ name: `entry ${n}`, inputs: { root_before: root, entry: b64u(utf8(entry)) }, outputs: { size: n + 1, root: next } });
    root = next;
  }
  return vectors;
}

export async function restoreVectors(): Promise<Vector[]> {
  const owner = await fixedPerson(1);
  const point = (n: number) => ({ size: n, root: b64u(fill(n)) });
  const restore = { install: fixedId('ins', 1), abandoned: { timeline: 1, ...point(120) }, restored: point(100), timeline: 2 };
  const statement = await makeRestoreStatement(owner, restore, AT);
  return [{ name: 'an owner’s statement', inputs: { owner: facts(owner, 1), ...restore, ts: AT.toISOString() }, outputs: { statement } }];
}
