/** The shapes of the HTTP API v1, as the device sends and reads them. Binary fields are base64url text; `Signed` is the text form of a statement. */

export type Signed = string;
export type B64 = string;

export interface PasskeyAttestation { challenge: string; credential_id: B64; client_data: B64; attestation_object: B64; transports: string[] }
export interface PasskeyAssertion { challenge: string; credential_id: B64; client_data: B64; authenticator_data: B64; signature: B64; user_handle: B64 }
export interface Slot { slot: string; kind: 'passkey' | 'password' | 'kit'; label: string; login_key: B64; salt: B64 | null; passkey: PasskeyAttestation | null }
export interface Account { person: string; name: string; email: string | null; zone: string; statement: Signed; leaf: { tag: B64; salt: B64 }; keyring: B64; slots: Slot[] }
export interface Grant { to: string; epoch: number; body: B64 }
export interface SpaceMade { genesis: Signed; grants: Grant[] }
export interface InviteMade { invite: string; client: string; pending_grant: B64; expires_at: string }
export interface RosterAppend { head: string; entries: Signed[]; grants: Grant[]; invite: InviteMade | null }
export type Open = { type: 'action'; due_on: string | null; done: boolean } | null;
export interface RecordWrite { record: string; rev: number; prev: string | null; epoch: number; dev_seq: number; open: Open; deleted: boolean; body: B64 }
export interface RecordHead {
  seq: number; record: string; rev: number; prev: string | null; hash: string; epoch: number; author: string; device: string; dev_seq: number; at: string;
  size: number; open: Open; deleted: boolean; body: B64 | null;
}
export type RecordOffered = RecordWrite & { author: string; device: string; at: string };
export interface Reoffer { entries: Signed[]; grants: Grant[]; records: RecordOffered[] }
export interface Anchor { install: string; timeline: number; size: number; root: string }
export interface SpaceSeen { space: string; kind: 'shared' | 'own' | 'notebook'; client: string | null; roster_head: string; roster_size: number; epoch: number; changes_head: number; role: string }
export interface SlotSeen { slot: string; kind: 'passkey' | 'password' | 'kit'; label: string; made_at: string }
export interface Me {
  person: string; name: string; email: string | null; zone: string; role: 'owner' | 'practitioner' | 'client';
  practice: { name: string; zone: string; origin: string };
  keyring_version: number; kits_proved: boolean; device: string; locked: boolean; spaces: SpaceSeen[]; slots: SlotSeen[];
  directory: { head: string; size: number }; account_cursor: number; anchor: Anchor;
  restore: { pending: boolean; statements: Signed[]; restored?: { size: number; root: string } | null }; owner: string; last_visit_at: string | null;
}
export interface DeviceMade { device: string; label: string }
export interface Practice { name: string | null; state: 'unclaimed' | 'claimed' | 'active'; zone: string | null; origin: string | null; restore_pending: boolean; version: string; backup_key: string; install: string }
export interface PracticeFounded { name: string; zone: string; origin: string; owner: Account; notebook: SpaceMade; restore_kit: string; device: DeviceMade }
export interface SignInChallenge { challenge: string; nonce: B64; person: string; version: number; slots: { kind: 'password'; salt: B64 }[] }
export interface LoginProof { challenge: string; login_key: B64; signature: B64 }
export interface PasskeyMaking { challenge: string; options: { rp_id: string; rp_name: string; user_handle: B64; user_name: string; challenge: B64; algorithms: number[]; exclude: B64[] } }
export interface PasskeyAsking { challenge: string; options: { rp_id: string; challenge: B64 } }
export interface Invite {
  practice: string; state: 'open'; expires_at: string; pending_grant: B64; space: string; roster: Signed[];
  coach: { person: string; name: string; statement: Signed; salt: B64 }; last?: Record<string, number>;
}
export interface Join { account: Account; notebook: SpaceMade; head: string; entries: Signed[]; grants: Grant[]; device: DeviceMade }
export interface Client {
  client: string; name: string; email: string | null; zone: string | null; created_at: string; person: string | null;
  state: 'added' | 'invited' | 'joined' | 'verified'; shared: string; own: string; invite: { invite: string; expires_at: string; state: string } | null;
  etag?: string;
}
export interface MemberSeen { person: string; name: string; role: string; statement: Signed; salt: B64; leaf: number }
export interface DirectoryLeaf { n: number; tag: B64; hash: B64 }
export interface AccountChange { cursor: number; kind: string; id: string; at: string }
export interface KeyringChange { version: number; body: B64; add: Slot[]; remove: string[] }
export interface FileState { file: string; size: number; received: number; committed: boolean }
export interface Backups { last: { at: string; size_bytes: number; records: number; verified: boolean } | null }
