/**
 * Grants: how epoch secrets reach one member. An age file to that member alone, a signed statement inside, every secret checked against the roster.
 */
import { b64u, equalText, fromB64u, utf8, utf8Text, type Bytes } from './bytes';
import { BadSignature, Malformed } from './errors/files';
import { GrantByStranger, GrantToAnother, RosterOfAnotherSpace, RosterRolledBack } from './errors/spaces';
import { epochSecretOf, expectCommitted, spaceKeysFrom, type SpaceKeys } from './epoch';
import { openAsPerson, sealToPersons } from './hybrid';
import { isCount, requireVersion1, textField, type Fields } from './json';
import { identitySeedOf, signerOf, type UnlockedKeyring } from './keyring';
import { stateOf, type Roster } from './roster';
import type { Member } from './roster-state';
import { signStatement, UnverifiedStatement } from './signed';
import { timeText } from './time';

/** A grant ready for the server. */
export interface MemberGrant {
  readonly to: string;
  /** The highest epoch inside. */
  readonly epoch: number;
  readonly bytes: Bytes;
}

export interface GrantOrder {
  /** The roster as it will be once the same request is accepted. */
  readonly roster: Roster;
  readonly to: Member;
  readonly epochs: readonly number[];
  readonly at?: Date | undefined;
}

/** The body of grant and pending-grant files: the statement and one line feed. */
export function statementBody(statement: string): Bytes {
  return utf8(`${statement}\n`);
}

export function statementIn(body: Bytes, what: string): UnverifiedStatement {
  const text = utf8Text(body, what);
  if (!text.endsWith('\n')) throw new Malformed(what);
  return new UnverifiedStatement(text.slice(0, -1));
}

export async function makeGrant(keyring: UnlockedKeyring, keys: SpaceKeys, { roster, to, epochs, at }: GrantOrder): Promise<MemberGrant> {
  const secrets = epochs.map((n) => [n, b64u(epochSecretOf(keys, n))]);
  const fields = { v: 1, space: roster.space, to: to.person, key: to.keyHash, by: keyring.person, epochs: secrets, roster: roster.head, ts: timeText(at) };
  const statement = await signStatement('grant', fields, signerOf(keyring));
  return { to: to.person, epoch: Math.max(...epochs), bytes: await sealToPersons('grant', [to.recipient], statementBody(statement)) };
}

/** One `[n, secret]` of a grant. */
export function readEpochSecret(pair: unknown, what: string): [number, Bytes] {
  const [n, secret] = Array.isArray(pair) && pair.length === 2 ? (pair as unknown[]) : [];
  if (!isCount(n, 1) || typeof secret !== 'string') throw new Malformed(what);
  return [n, fromB64u(secret, what, 32)];
}

/** The signer, who must have been a member at the head that the grant names. */
async function expectGranter(roster: Roster, statement: UnverifiedStatement): Promise<Fields> {
  const { fields } = statement;
  const place = roster.placeOf(textField(fields, 'roster', 'grant'));
  if (place === null) throw new RosterRolledBack();
  const granter = roster.memberAt(place, textField(fields, 'by', 'grant'));
  if (granter === null) throw new GrantByStranger();
  if (!(await statement.isBy('grant', granter.sign))) throw new BadSignature('grant');
  return fields;
}

/**
 * Opens one grant.
 * @throws {@link GrantToAnother} @throws {@link GrantByStranger} @throws {@link RosterRolledBack} and where a secret is not the announced one
 */
export async function openGrant(keyring: UnlockedKeyring, roster: Roster, file: Bytes): Promise<SpaceKeys> {
  await roster.expectSelf(keyring.keys);
  const body = await openAsPerson('grant', identitySeedOf(keyring), file);
  const statement = statementIn(body, 'grant');
  const { fields } = statement;
  requireVersion1(fields, 'grant');
  if (fields.space !== roster.space) throw new RosterOfAnotherSpace();
  const isMine = fields.to === keyring.person && equalText(textField(fields, 'key', 'grant'), keyring.keyHash);
  if (!isMine) throw new GrantToAnother();
  const { epochs } = await expectGranter(roster, statement);
  if (!Array.isArray(epochs) || epochs.length === 0) throw new Malformed('grant');
  const secrets = epochs.map((pair) => readEpochSecret(pair, 'grant'));
  for (const [n, secret] of secrets) await expectCommitted(stateOf(roster), n, secret);
  return spaceKeysFrom(roster.space, secrets);
}

/** Opens all grants of a space; one that is refused refuses the whole. */
export async function openGrants(keyring: UnlockedKeyring, roster: Roster, files: readonly Bytes[]): Promise<SpaceKeys> {
  let keys = spaceKeysFrom(roster.space, []);
  for (const file of files) keys = keys.with(await openGrant(keyring, roster, file));
  return keys;
}
