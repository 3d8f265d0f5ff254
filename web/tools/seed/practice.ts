/** Founds a practice and its people. Each person has an engine of their own, so that only what is really shared is shared. */
import { Decrypter } from 'age-encryption';
import type { AlcoveEngine } from '$lib/engine/engine';
import { startHeadless } from '$lib/engine/node/start';
import { NotHere } from '$lib/engine/errors';
import * as texts from './texts';
import { totp } from '../totp';

export interface SeedOrder {
  readonly url: string;
  readonly code: string;
  readonly clients: number;
  readonly marker: string;
  /** Lines of the larger file that is sent. */
  readonly lines?: number;
}

export interface SeededPerson {
  readonly person: string;
  readonly name: string;
  readonly password: string;
  readonly account_secret: string;
  readonly personal_kit: string;
  readonly personal_words: readonly string[];
}

export interface SeededClient extends SeededPerson {
  readonly client: string;
  readonly shared: string;
  readonly own: string;
}

export interface Seeded {
  readonly url: string;
  readonly marker: string;
  readonly practice: string;
  /** The whole kit file: the backup key's fingerprint, the words and the line. */
  readonly restore_kit: string;
  readonly restore_words: readonly string[];
  readonly owner: SeededPerson & { readonly notebook: string; readonly totp_secret: string };
  readonly clients: readonly SeededClient[];
}

const PRACTICE = 'Quiet Harbour Coaching';
const OWNER = 'Maya Lindqvist';
const ZONE = 'Europe/Berlin';

export async function seedPractice({ url, code, clients, marker, lines = 200_000 }: SeedOrder, tell: (line: string) => void): Promise<Seeded> {
  const coach = await startHeadless({ origin: url, deviceLabel: 'Seed' });
  const password = `owner-${marker}-password`;
  await coach.claim(code);
  const kits = await coach.found({ practice: PRACTICE, zone: ZONE, name: OWNER, email: 'maya@example.org', ownerZone: ZONE, unlock: { kind: 'password', password } });
  await coach.proveKit('personal', { text: kits.personal.words.join(' ') });
  await coach.proveKit('restore', { text: kits.restore.line });
  // Whoever signs in by password and looks after others has a second step.
  const { secret: totp_secret } = await coach.beginTotp();
  await coach.confirmTotp(totp(totp_secret, -1));
  await atRest(coach);
  tell(`Founded ${PRACTICE}.`);
  const notebook = notebookOf(coach);
  await note(coach, notebook, { title: `Plans ${marker}`, session_on: null, doc: texts.doc(`Supervision in March. ${marker}`) }, true);
  const seeded: SeededClient[] = [];
  for (let i = 0; i < clients; i++) {
    seeded.push(await seedClient(coach, { url, marker, i, lines }));
    tell(`${i + 1} of ${clients}: ${texts.nameOf(i)} has joined.`);
  }
  await atRest(coach);
  requireClean(coach);
  const owner = { ...(await material(coach, password, kits.personal.line, kits.personal.words)), notebook, totp_secret };
  coach.close();
  return { url, marker, practice: PRACTICE, restore_kit: kits.restore.file, restore_words: kits.restore.words, owner, clients: seeded };
}

/** Syncs and sends until nothing is left. */
async function atRest(engine: AlcoveEngine): Promise<void> {
  await engine.sync();
  await engine.settle();
}

/** A seeded practice that raised an alarm or refused something is no use to a test. */
function requireClean({ core: { alarms, outbox } }: AlcoveEngine): void {
  const [alarm] = alarms;
  if (alarm) throw new Error(`An alarm was raised while seeding: ${alarm.code} ${JSON.stringify(alarm.args)}`);
  const [entry] = outbox;
  if (entry) throw new Error(`Something was not sent while seeding: ${entry.kind}, ${entry.state}, ${entry.refusal?.code ?? 'no reason'}`);
}

function notebookOf(engine: AlcoveEngine): string {
  return engine.core.notebook().id;
}

type NoteText = ReturnType<typeof texts.privateNote>;

async function note(coach: AlcoveEngine, space: string, text: Omit<NoteText, 'session_on'> & { session_on: string | null }, isPrivate: boolean): Promise<string> {
  const draft = await coach.openDraft({ space, private: isPrivate });
  draft.change(text);
  await draft.finish();
  return draft.record;
}

async function seedClient(coach: AlcoveEngine, { url, marker, i, lines }: { url: string; marker: string; i: number; lines: number }): Promise<SeededClient> {
  const name = texts.nameOf(i);
  const { client } = await coach.addClient({ name, email: `client${i + 1}@example.org` });
  const view = coach.core.clients.find((found) => found.client === client);
  if (!view) throw new NotHere();
  const { shared, own } = view;
  const { link } = await coach.invite(client, { message: `Welcome, ${name}. ${marker}` });
  await coach.writeWelcome(shared, `So glad that you are here, ${name}. ${marker}`);
  await coach.settle();
  const password = `client-${i + 1}-${marker}-password`;
  const person = await startHeadless({ origin: url, deviceLabel: 'Seed' });
  await person.readInvite(link);
  const { kit } = await person.join({ name, email: `client${i + 1}@example.org`, zone: ZONE, unlock: { kind: 'password', password } });
  await person.confirmKitSaved();
  await atRest(person);
  await coach.sync();
  await coachWrites(coach, { shared, own, name, marker, lines: i === 0 ? lines : 0 });
  await atRest(person);
  await clientWrites(person, { shared, marker, hasFile: i === 0 });
  requireClean(person);
  const seeded = { ...(await material(person, password, kit.line, kit.words)), client, shared, own };
  person.close();
  return seeded;
}

async function coachWrites(coach: AlcoveEngine, { shared, own, name, marker, lines }: { shared: string; own: string; name: string; marker: string; lines: number }): Promise<void> {
  for (const text of texts.sharedNotes(name, marker)) {
    const draft = await coach.openDraft({ space: own });
    draft.change(text);
    await draft.share();
  }
  await note(coach, own, texts.privateNote(name, marker), true);
  const unfinished = await coach.openDraft({ space: own });
  unfinished.change(texts.unfinishedNote(marker));
  await unfinished.close();
  for (const action of texts.actions(marker)) await coach.addAction(shared, action);
  for (const text of texts.coachMessages(name, marker)) await coach.sendMessage(shared, text);
  await coach.settle();
  if (lines > 0) await sendFile(coach, shared, `agreement ${marker}.txt`, texts.file('Agreement', marker, lines), marker);
}

async function clientWrites(person: AlcoveEngine, { shared, marker, hasFile }: { shared: string; marker: string; hasFile: boolean }): Promise<void> {
  const [first] = person.core.spaces.get(shared)?.view(person.core).actions ?? [];
  if (first) await person.completeAction(first.record, true);
  for (const text of texts.clientMessages(marker)) await person.sendMessage(shared, text);
  const draft = await person.openDraft({ space: notebookOf(person) });
  draft.change({ title: `For myself ${marker}`, doc: texts.doc(`I slept well. ${marker}`) });
  await draft.finish();
  await person.settle();
  if (hasFile) await sendFile(person, shared, `drawing ${marker}.txt`, texts.file('Drawing', marker, 300), marker);
}

async function sendFile(engine: AlcoveEngine, space: string, name: string, bytes: Uint8Array<ArrayBuffer>, marker: string): Promise<void> {
  const blob = new Blob([bytes]);
  const { id } = await engine.sendFile(space, { name, type: 'text/plain', size: blob.size, stream: () => blob.stream() }, `For you. ${marker}`);
  await new Promise<void>((done, fail) => {
    const look = () => {
      const transfer = engine.core.transfers.find((found) => found.id === id);
      if (transfer?.state === 'done') done();
      if (transfer?.state === 'refused') fail(new Error(`The file was refused: ${transfer.trouble?.code ?? ''}`));
    };
    engine.on('transfers', look);
    look();
  });
  await engine.settle();
}

/** Sign-in material. The account secret is read as its owner would with the stock age tool: from the keyring, with the kit. */
async function material(engine: AlcoveEngine, password: string, line: string, words: readonly string[]): Promise<SeededPerson> {
  const { account, me } = engine.core.open();
  const decrypter = new Decrypter();
  decrypter.addIdentity(line);
  const [, json = '{}'] = (await decrypter.decrypt(account.keyring, 'text')).split('\n');
  const { account: account_secret } = JSON.parse(json) as { account: string };
  return { person: account.person, name: me.name, password, account_secret, personal_kit: line, personal_words: words };
}
