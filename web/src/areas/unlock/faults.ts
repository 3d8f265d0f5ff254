/**
 * From errors of the engine to the sentences of the unlock screens, by name. Unknown ones go to `describe`.
 * It must not tell apart the reasons of a failed sign-in: the server does not either.
 */
import { t } from '$lib/i18n';
import { describe, inOne } from '$lib/state';

/** What a screen shows: what happened and what to do next. */
export interface Fault {
  title: string;
  text: string;
}

/** Errors that have their own words in `unlock.ftl`. */
const ownWords: Record<string, string> = {
  PasskeyWithoutPrf: 'fault-passkey-no-prf',
  PasskeyCancelled: 'fault-passkey-cancelled',
  PasskeyUnsupported: 'fault-passkey-unsupported',
  NeedsKit: 'fault-needs-kit',
  PasswordMemory: 'fault-memory',
  WrongPassword: 'fault-wrong-password',
};

/** The name by which an error is known: the problem's code, or the error's name. */
export function codeOf(error: unknown): string {
  const known = error as { code?: unknown; name?: unknown } | null;
  return typeof known?.code === 'string' ? known.code : String(known?.name ?? '');
}

/** Words for an error. */
export function faultOf(error: unknown): Fault {
  const own = ownWords[codeOf(error)];
  if (own) return { title: t(own), text: t(`${own}.next`) };
  const trouble = describe(error);
  return { title: trouble.title, text: inOne(trouble) };
}

/** Words for a kit that cannot be read; null when the error is about something else. */
export function kitFaultOf(error: unknown): string | null {
  const name = (error as Error | null)?.name;
  if (name === 'KitUnknownWord' || name === 'KitWordCount' || name === 'KitWordsDoNotFit') return t(kitIds[name], kitFacts(error));
  return name === 'KitLineBroken' || name === 'NotAKit' ? inOne(describe(error)) : null;
}

const kitIds = { KitUnknownWord: 'kit-fault-unknown-word', KitWordCount: 'kit-fault-word-count', KitWordsDoNotFit: 'kit-fault-checksum' };

function kitFacts(error: unknown): Record<string, string | number> {
  const { place = 0, word = '', count = 0 } = error as { place?: number; word?: string; count?: number };
  return { position: place, word, found: count };
}
