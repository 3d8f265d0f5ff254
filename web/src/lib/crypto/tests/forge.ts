/** What a malicious server, or a member who helps one, can write: well-formed entries and files that an honest device would not make. */
import { signerOf, type UnlockedKeyring } from '../keyring';
import type { Fields } from '../json';
import { hashStatement, signStatement, UnverifiedStatement, type SignedKind } from '../signed';
import type { SigningKey } from '../signing';

/** One more entry on a chain, with any fields overridden and any signer. */
export async function forgeEntry(entries: readonly string[], by: UnlockedKeyring, fields: Fields, kind: SignedKind = 'roster', signer: SigningKey = signerOf(by)): Promise<string> {
  const space = `spc_${await hashStatement(entries[0] as string)}`;
  const prev = await hashStatement(entries.at(-1) as string);
  const chain = { v: 1, space, n: entries.length, prev, by: by.person, ts: '2026-11-24T10:00:00.000Z' };
  return signStatement(kind, { ...chain, ...fields }, signer);
}

export function fieldsOf(entry: string | undefined): Fields {
  return new UnverifiedStatement(entry as string).fields;
}

/** The statement with fields changed and the old signature kept: all that a server without keys can do. */
export function tampered(entry: string, fields: Fields): string {
  const payload = Buffer.from(JSON.stringify({ ...fieldsOf(entry), ...fields })).toString('base64url');
  return `${payload}.${entry.split('.')[1] as string}`;
}
