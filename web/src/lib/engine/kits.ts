/**
 * Kits between making and proving: shown, kept sealed on this device, asked for again. Once proved they exist on paper only.
 */
import { changeKeyring, deriveKitSlot, fromB64u, openDraft, readKit, sealDraft, type Kit, type SpaceKeys } from '$lib/crypto';
import type { Core } from './core';
import { KitGone, KitOther, KitWrongWord } from './errors';
import { latest } from './following';
import { replaceKeyring } from './own-keys';
import type { Put } from './ports';
import { makeKitSlot } from './slots';
import type { Kits, KitSheet } from './types';

type KitName = 'personal' | 'restore';
type SheetKind = KitSheet['kind'];

export interface SheetLabels {
  readonly practice: string;
  readonly personName: string;
  readonly origin: string;
  readonly person: string;
  readonly backupKey: string | null;
}

/** Names of files that every system accepts. */
function fileNameOf(kind: SheetKind, practice: string): string {
  const plain = practice.normalize('NFKD').replace(/[^\w]+/g, '-').replace(/^-|-$/g, '').toLowerCase();
  return `${plain === '' ? 'alcove' : plain}-${kind}-kit.txt`;
}

export function sheetOf(kit: Kit, kind: SheetKind, { practice, personName, origin, person, backupKey }: SheetLabels, made: Date): KitSheet {
  const fact = kind === 'restore' ? { backupKey: backupKey ?? '' } : { person };
  const file = kit.file({ practice, personName, origin, ...fact });
  const sheet = { words: kit.words(), line: kit.line(), file, fileName: fileNameOf(kind, practice), practice, personName, origin };
  return { kind, ...sheet, backupKey: kind === 'restore' ? backupKey : null, madeOn: made.toISOString().slice(0, 10) };
}

export function kitsOf(kits: Readonly<Record<KitName, Kit>>, labels: SheetLabels, made: Date): Kits {
  return { personal: sheetOf(kits.personal, 'personal', labels, made), restore: sheetOf(kits.restore, 'restore', labels, made), proved: [] };
}

type StoredKits = { readonly [K in KitName]: KitSheet | null } & { readonly proved: readonly KitName[]; readonly questions: Readonly<Record<KitName, readonly number[]>> };

/** How many words of each kit are asked for. */
const QUESTIONS = 2;

export function chooseQuestions(): number[] {
  const places = Array.from({ length: 24 }, (_, i) => i + 1);
  const chosen: number[] = [];
  const random = crypto.getRandomValues(new Uint32Array(QUESTIONS));
  for (const value of random) chosen.push(...places.splice(value % places.length, 1));
  return chosen.sort((a, b) => a - b);
}

function questions(): StoredKits['questions'] {
  return { personal: chooseQuestions(), restore: chooseQuestions() };
}

/** The change that keeps kits sealed on this device until they are proved. */
export async function keepKits(key: string, notebook: SpaceKeys, kits: { personal: KitSheet | null; restore: KitSheet | null }): Promise<Put> {
  const stored: StoredKits = { ...kits, proved: [], questions: questions() };
  return ['device', key, await sealDraft(notebook, { ...stored })];
}

const keyOf = (core: Core) => `${core.prefix}kits`;

async function storedKits(core: Core): Promise<StoredKits | null> {
  core.open();
  const sealed = await core.ports.store.read<Uint8Array<ArrayBuffer>>('device', keyOf(core));
  return sealed && ((await openDraft(core.notebook().keys, sealed)) as unknown as StoredKits);
}

/** Reads what is kept and gives the questions, for the synchronous face of the engine. */
export async function loadKits(core: Core): Promise<StoredKits | null> {
  return storedKits(core);
}

export async function unprovedKits(core: Core): Promise<Kits | null> {
  const { me } = core.open();
  const kept = await storedKits(core);
  if (kept?.personal == null || kept.restore === null || me.kits_proved) return null;
  return { personal: kept.personal, restore: kept.restore, proved: [...kept.proved] };
}

export type Typed = { readonly text: string } | { readonly words: readonly { readonly place: number; readonly word: string }[] };

/** Compares what was typed with the kit. @throws {@link KitWrongWord} {@link KitOther} and what `readKit` refuses */
export function compareTyped(kind: SheetKind, sheet: KitSheet, typed: Typed, asked: readonly number[]): void {
  if ('text' in typed) {
    if (readKit(kind, typed.text).line() !== sheet.line) throw new KitOther();
    return;
  }
  for (const place of asked) {
    const word = typed.words.find((answer) => answer.place === place)?.word.trim().toLowerCase() ?? '';
    const right = sheet.words[place - 1] ?? '';
    // Four letters name a word of the list.
    if (word !== right && !(word.length === 4 && right.startsWith(word))) throw new KitWrongWord(place);
  }
}

export async function proveKit(core: Core, kind: KitName, typed: Typed): Promise<{ proved: KitName[]; all: boolean }> {
  const kept = await storedKits(core);
  const sheet = kept?.[kind];
  if (!kept || !sheet) throw new KitGone();
  compareTyped(kind, sheet, typed, kept.questions[kind]);
  const proved = [...new Set([...kept.proved, kind])];
  const due = (['personal', 'restore'] as const).filter((name) => kept[name] !== null);
  const all = due.every((name) => proved.includes(name));
  if (all) await tellProved(core, kept);
  else await core.ports.store.write(['device', keyOf(core), await sealDraft(core.notebook().keys, { ...kept, proved })]);
  return { proved, all };
}

/** Signs with the personal kit that it was proved; the server learns no more than that. The kits leave this device with it. */
async function tellProved(core: Core, kept: StoredKits): Promise<void> {
  const { account, me } = core.open();
  if (kept.personal === null) throw new KitGone();
  const slot = await deriveKitSlot(readKit('personal', kept.personal.line));
  const { challenge, nonce } = await core.api.challenge({ person: account.person });
  const signature = await slot.signLogin({ origin: core.ports.origin, person: account.person, nonce: fromB64u(nonce, 'challenge') });
  await core.api.proveKits({ challenge, login_key: slot.loginKey, signature, restore: kept.restore !== null });
  await core.note({ me: { ...me, kits_proved: true } }, ['device', keyOf(core), null]);
  core.enter(core.state);
  core.kickSender();
}

/** A client's kit is saved by one tap; nobody retypes it. */
export async function confirmKitSaved(core: Core): Promise<void> {
  const kept = await storedKits(core);
  if (!kept) throw new KitGone();
  await tellProved(core, kept);
}

/** A new personal kit; the old paper opens nothing any more. */
export async function remakePersonalKit(core: Core): Promise<KitSheet> {
  await latest(core);
  const { account, keyring, me } = core.open();
  const kit = await makeKitSlot();
  const old = keyring.slots().filter(({ kind }) => kind === 'kit').map(({ id }) => id);
  await replaceKeyring(core, (now) => changeKeyring(now, { add: [kit.added], remove: old }), { add: [kit.server], remove: old });
  const labels = { practice: me.practice.name, personName: me.name, origin: core.ports.origin, person: account.person, backupKey: null };
  const sheet = sheetOf(kit.kit, 'personal', labels, new Date(core.ports.clock.now()));
  const kept = await storedKits(core);
  await core.ports.store.write(await keepKits(keyOf(core), core.notebook().keys, { personal: sheet, restore: kept?.restore ?? null }));
  return sheet;
}
