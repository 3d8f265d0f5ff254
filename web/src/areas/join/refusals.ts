/** Why an invitation cannot be used, in five calm words: each has its sentence and its next step in `join.ftl`. */
import { codeOf } from '../unlock/faults';

export type Refusal = 'expired' | 'spent' | 'revoked' | 'altered' | 'broken' | 'unknown';

const byCode: Readonly<Record<string, Refusal>> = {
  'invite-expired': 'expired',
  InviteExpired: 'expired',
  'invite-spent': 'spent',
  'invite-revoked': 'revoked',
  InviteRevoked: 'revoked',
  'not-found': 'unknown',
  InviteUnknown: 'unknown',
  InviteLinkBroken: 'broken',
  NoInvite: 'broken',
  InviteLinkAltered: 'altered',
  InviterKeyMismatch: 'altered',
  WrongSecret: 'altered',
  KeyChanged: 'altered',
};

/** The refusal behind an error; null when it is about something else, such as the connection. */
export function refusalOf(error: unknown): Refusal | null {
  return byCode[codeOf(error)] ?? null;
}
