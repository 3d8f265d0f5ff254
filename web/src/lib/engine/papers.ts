/** An owner's recovery paper between making and proving: kept sealed on this device, asked for again, then on paper only. */
import { makeKit, makePaperStatement, openDraft, readKit, sealDraft } from '$lib/crypto';
import type { Core } from './core';
import { KitGone } from './errors';
import { chooseQuestions, compareTyped, sheetOf } from './kits';
import { requireFresh } from './own-keys';
import type { TypedWords, UnprovedPaper } from './recovery-types';

const keyOf = (core: Core) => `${core.prefix}recovery-paper`;

/** In place of one that was never proved. */
export async function makePaper(core: Core): Promise<UnprovedPaper> {
  const { account, me } = core.open();
  const labels = { practice: me.practice.name, personName: me.name, origin: core.ports.origin, person: account.person, backupKey: null };
  const made: UnprovedPaper = { sheet: sheetOf(makeKit('recovery'), 'recovery', labels, new Date(core.ports.clock.now())), asked: chooseQuestions() };
  await core.ports.store.write(['device', keyOf(core), await sealDraft(core.notebook().keys, { ...made })]);
  return made;
}

export async function unprovedPaper(core: Core): Promise<UnprovedPaper | null> {
  core.open();
  const sealed = await core.ports.store.read<Uint8Array<ArrayBuffer>>('device', keyOf(core));
  return sealed && ((await openDraft(core.notebook().keys, sealed)) as unknown as UnprovedPaper);
}

/** The practice learns the recipient, signed by its owner; the paper leaves this device with it. */
export async function provePaper(core: Core, typed: TypedWords): Promise<void> {
  requireFresh(core);
  const kept = await unprovedPaper(core);
  if (kept === null) throw new KitGone();
  compareTyped('recovery', kept.sheet, typed, kept.asked);
  const statement = await makePaperStatement(core.open().keyring, readKit('recovery', kept.sheet.line), new Date(core.ports.clock.now()));
  await core.api.putRecoveryPaper(statement);
  await core.ports.store.write(['device', keyOf(core), null]);
}
