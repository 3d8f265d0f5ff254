/** The bodies of records, as they are sealed. Reading is strict: what another device wrote is somebody else's input. */
import { utf8, utf8Text, type Bytes } from '$lib/crypto';
import type { Open } from '$lib/api';
import { PIN_SHAPES, type Pins } from './pins';

export interface NoteContent { title: string; session_on: string | null; doc: unknown; private: boolean; shared_from: { id: string; rev: number } | null; state: 'draft' | 'final' }
export interface ActionContent { title: string; detail: string; due_on: string | null; done: { by: string; at: string } | null; dropped: boolean }
export interface MessageContent { text: string; about: string | null }
export interface FileContent { file: string; sha256: string; size: number; key: string; name: string; type: string; note: string }
export interface WelcomeContent { text: string }

export interface Contents { note: NoteContent; action: ActionContent; message: MessageContent; file: FileContent; welcome: WelcomeContent; tombstone: Record<string, never>; pins: Pins }
export type Kind = keyof Contents;
export type Content = { [K in Kind]: { kind: K; body: Contents[K] } }[Kind];

/** A body that its author signed and that still is no such thing: written by a broken or newer program. */
export class BodyUnreadable extends Error {
  override readonly name = 'BodyUnreadable';
  readonly alarm = false;
  constructor(kind: string) {
    super(`This ${kind} was written by another version of Alcove and cannot be shown here. Load the page again to get the newest version.`);
  }
}

type Fields = Record<string, unknown>;
const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNull = (value: unknown) => value === null || isText(value);
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isDone = (value: unknown) => value === null || (isFields(value) && isText(value.by) && isText(value.at));
const isSharedFrom = (value: unknown) => value === null || (isFields(value) && isText(value.id) && Number.isInteger(value.rev));

const SHAPES: { readonly [K in Kind]: Readonly<Record<string, (value: unknown) => boolean>> } = {
  note: { title: isText, session_on: isTextOrNull, doc: () => true, private: (v) => typeof v === 'boolean', shared_from: isSharedFrom, state: (v) => v === 'draft' || v === 'final' },
  action: { title: isText, detail: isText, due_on: isTextOrNull, done: isDone, dropped: (v) => typeof v === 'boolean' },
  message: { text: isText, about: isTextOrNull },
  file: { file: isText, sha256: isText, size: (v) => Number.isSafeInteger(v), key: isText, name: isText, type: isText, note: isText },
  welcome: { text: isText },
  tombstone: {},
  pins: PIN_SHAPES,
};

/** @throws {@link BodyUnreadable} */
export function readContent(kind: string, bytes: Bytes): Content {
  const shape = Object.hasOwn(SHAPES, kind) ? SHAPES[kind as Kind] : null;
  if (shape === null) throw new BodyUnreadable('item');
  let body: unknown;
  try {
    body = JSON.parse(utf8Text(bytes, kind));
  } catch {
    throw new BodyUnreadable(kind);
  }
  if (!isFields(body)) throw new BodyUnreadable(kind);
  const fields = body;
  if (Object.entries(shape).some(([name, fits]) => !Object.hasOwn(fields, name) || !fits(fields[name]))) throw new BodyUnreadable(kind);
  return { kind, body: fields } as unknown as Content;
}

export function contentBytes({ body }: Content): Bytes {
  return utf8(JSON.stringify(body));
}

/** The open fields that go beside the sealed body: due date and done flag of an action, nothing else. */
export function openOf({ kind, body }: Content): Open {
  return kind === 'action' ? { type: 'action', due_on: body.due_on, done: body.done !== null } : null;
}
