/** Views of a space for screens: drawn from the verified roster and opened records, never from what a server lists. */
import type { Member } from '$lib/crypto';
import type { Contents, Kind } from './bodies';
import { awayIn } from './away';
import type { Core } from './core';
import type { Pending, Revision, Space } from './space';
import type { ActionView, Conflict, FileView, ItemBase, MemberView, MessageView, NoteBody, NoteView, SpaceView, WelcomeView } from './types';

/** The newest of a record: what was sent, with what waits on this device laid over it. */
interface Newest<K extends Kind> {
  readonly base: ItemBase;
  readonly body: Contents[K];
  readonly revisions: readonly Revision[];
}

export function spaceView(core: Core, space: Space): SpaceView {
  const { roster, row } = space;
  const now = new Date(core.ports.clock.now()).toISOString();
  const me = core.account?.person ?? '';
  const members = roster.members.map((member) => memberView(core, space, member));
  const present = members.filter(({ you, until }) => !you && (until === null || until >= now));
  const shared = sharedNotes(core, space);
  const may = (kind: string) => !roster.closed && space.alarm === null && roster.may(me, kind, now);
  return {
    space: space.id,
    kind: space.kind,
    client: space.client,
    role: roster.member(me)?.role ?? '',
    closed: roster.closed,
    members,
    keeper: may('roster'),
    roles: ['supervisor', 'cover', 'practitioner'].filter((role) => space.kind === 'shared' && roster.hasRole(role)),
    others: present.map(({ name }) => name),
    guests: present.flatMap(({ name, role, until }) => (until === null ? [] : [{ name, role, until }])),
    invited: roster.invites.some(({ state, expires }) => state === 'open' && Date.parse(expires) > core.ports.clock.now()),
    mayWrite: { note: may('note'), action: may('action'), message: may('message'), file: may('file'), welcome: may('welcome') },
    notes: newestOf(core, space, 'note').map((found) => noteView(shared, found)).sort(newestFirst),
    actions: newestOf(core, space, 'action').map(actionView).sort(byDue),
    messages: newestOf(core, space, 'message').map(messageView).sort((a, b) => compare(a.madeAt, b.madeAt)),
    files: newestOf(core, space, 'file').map(fileView).sort(newestFirst),
    welcome: newestOf(core, space, 'welcome').map(welcomeView).sort(newestFirst)[0] ?? null,
    alarm: space.alarm,
    unopened: space.unopened.size,
    lastReadAt: row.lastReadAt,
    syncedAt: row.syncedAt,
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const newestFirst = (a: ItemBase, b: ItemBase) => compare(b.madeAt, a.madeAt) || compare(b.record, a.record);

/** Open ones by due date, those without a date last; then done ones, the newest first. */
function byDue(a: ActionView, b: ActionView): number {
  const closed = (action: ActionView) => Number(action.done !== null || action.dropped);
  if (closed(a) !== closed(b)) return closed(a) - closed(b);
  if (closed(a) === 1) return compare(b.done?.at ?? b.at, a.done?.at ?? a.at);
  return compare(a.due_on ?? '9999', b.due_on ?? '9999') || compare(a.record, b.record);
}

export function memberView(core: Core, space: Space, member: Member): MemberView {
  const { person, role, how, confirmed, invite, keyHash, keysChanged, until } = member;
  const you = person === core.account?.person;
  const here = core.account?.verified[person];
  const compared = here?.keyHash === keyHash ? here.how : null;
  const shown = how === 'words' || how === 'qr' ? how : (compared ?? how ?? (confirmed && invite === null ? 'founder' : 'joined'));
  const isCompared = shown === 'words' || shown === 'qr';
  return { person, name: space.nameOf(person), role, you, how: shown, verified: you || isCompared || isKnownByLink(core, space, shown), compared: isCompared, keysChanged, until, away: awayIn(core, space.id, person) };
}

/** The link named the founder's keys, and a founder's device has signed for this person: both ends of the link are known. */
function isKnownByLink(core: Core, space: Space, how: MemberView['how']): boolean {
  if (how === 'link') return true;
  return how === 'founder' && (space.roster.members.find(({ person }) => person === core.account?.person)?.confirmed ?? false);
}

/** Every record of a kind that is not deleted, in its newest form. */
export function newestOf<K extends Kind>(core: Core, space: Space, kind: K): Newest<K>[] {
  const names = new Set([...space.records.keys(), ...space.pending.keys()]);
  return [...names].flatMap((record) => {
    const revisions = space.records.get(record) ?? [];
    const pending = space.pending.get(record) ?? null;
    const content = pending !== null && pending.state !== 'conflict' ? pending.content : (revisions.at(-1)?.content ?? pending?.content);
    if (content?.kind !== kind) return [];
    return [{ base: itemBase(core, space, record, revisions, pending), body: content.body as Contents[K], revisions }];
  });
}

function itemBase(core: Core, space: Space, record: string, revisions: readonly Revision[], pending: Pending | null): ItemBase {
  const me = core.account?.person ?? '';
  const last = revisions.at(-1);
  const author = last?.opened.header.author ?? me;
  const made = revisions[0];
  const queued = pending === null ? null : (core.outbox.find(({ entry }) => entry === pending.entry) ?? null);
  const first = made?.opened.header.author ?? me;
  return {
    space: space.id,
    record,
    rev: pending !== null && pending.state !== 'conflict' ? pending.rev : (last?.head.rev ?? 1),
    author: pending === null ? author : me,
    authorName: space.nameOf(pending === null ? author : me),
    mine: first === me,
    at: pending?.at ?? last?.opened.header.ts ?? '',
    madeAt: made?.opened.header.ts ?? pending?.at ?? '',
    sending: pending === null ? 'sent' : pending.state === 'conflict' ? 'refused' : (queued?.state ?? 'waiting'),
    refusal: queued?.refusal ?? null,
    conflict: conflictOf(space, pending, last),
  };
}

function conflictOf(space: Space, pending: Pending | null, last: Revision | undefined): Conflict | null {
  if (pending?.state !== 'conflict' || pending.content.kind !== 'note' || last?.content.kind !== 'note') return null;
  const { header } = last.opened;
  return { at: header.ts, mine: noteBody(pending.content.body), theirs: noteBody(last.content.body), theirsBy: space.nameOf(header.author) };
}

export function noteBody({ title, session_on, doc, private: isPrivate, state }: Contents['note']): NoteBody {
  return { title, session_on, doc, private: isPrivate, state };
}

function noteView(shared: Shared, { base, body }: Newest<'note'>): NoteView {
  return { ...base, ...noteBody(body), kind: 'note', sharedFrom: body.shared_from, sharedAs: sharedAs(shared, base.record, body) };
}

/** Shared notes by the own note behind them. */
type Shared = ReadonlyMap<string, { readonly space: string; readonly base: ItemBase; readonly body: Contents['note'] }>;

/** The notes that were shared from this space: found in the space that is shared with the same client. */
export function sharedNotes(core: Core, own: Space): Shared {
  const spaces = [...core.spaces.values()].filter(({ kind, client }) => kind === 'shared' && own.kind === 'own' && client === own.client);
  const found = spaces.flatMap((space) => newestOf(core, space, 'note').map((note) => ({ space: space.id, ...note })));
  return new Map(found.flatMap((note) => (note.body.shared_from === null ? [] : [[note.body.shared_from.id, note] as const])));
}

/** It is stale once the two texts differ. */
function sharedAs(shared: Shared, record: string, own: Contents['note']): NoteView['sharedAs'] {
  const found = shared.get(record);
  if (!found) return null;
  const text = ({ title, session_on, doc }: Contents['note']) => JSON.stringify([title, session_on, doc]);
  return { space: found.space, record: found.base.record, rev: found.base.rev, stale: text(own) !== text(found.body) };
}

function actionView({ base, body, revisions }: Newest<'action'>): ActionView {
  const { title, detail, due_on, done, dropped } = body;
  const last = revisions.at(-1);
  const signed = last?.content.kind === 'action' ? last.content.body : null;
  const open = last?.head.open ?? null;
  const openMismatch = signed !== null && (open === null || open.due_on !== signed.due_on || open.done !== (signed.done !== null));
  return { ...base, kind: 'action', title, detail, due_on, done, dropped, openMismatch };
}

function messageView({ base, body: { text, about } }: Newest<'message'>): MessageView {
  return { ...base, kind: 'message', text, about };
}

function fileView({ base, body: { file, name, type, size, note } }: Newest<'file'>): FileView {
  return { ...base, kind: 'file', file, name, type, size, note };
}

function welcomeView({ base, body: { text } }: Newest<'welcome'>): WelcomeView {
  return { ...base, kind: 'welcome', text };
}
