/**
 * The engine as screens see it: states, views, and the one interface `Engine`. Types only: importing this loads nothing.
 */
import type { PracticeRecovery } from './recovery-types';

export type * from './recovery-types';

export interface Trouble {
  code: string; args: TroubleArgs;                      // a name of an error or a code of the practice, and what its words need: `tell` of $lib/state has them
  said: { title: string; detail: string; next: string } | null;   // what the practice said of it, for codes that this version does not know
  offline: boolean; alarm: boolean; retryAfter_s: number | null;
}
export type TroubleArgs = Readonly<Record<string, string | number>>;

// states

export type SessionState =
  | { at: 'starting' }
  | { at: 'signed-out'; remembered: Remembered[] }      // people this browser has seen; may be []
  | { at: 'locked'; remembered: Remembered; why: 'idle' | 'asked' | 'reload' | 'elsewhere' }
  | { at: 'open'; person: string };
export interface Remembered { person: string; name: string; practice: string; role: Role; can: { password: boolean; passkey: boolean }; seen_at: string }
   // can.password: this browser still holds the account secret and a password slot exists. Else: passkey or kit.
/** What a person is in the practice; a role of the practice's own making is known by its id. */
export type Role = 'owner' | 'admin' | 'practitioner' | 'staff' | 'client' | `rol_${string}`;
/** What a role may do, in the words of the practice: what the screens ask about. */
export type Right =
  | 'manage-clients' | 'hand-clients' | 'see-people' | 'manage-people' | 'manage-roles' | 'set-policy' | 'review-access' | 'see-security' | 'sign-restore' | 'see-backups' | 'recover';
export interface MeView {
  person: string; name: string; email: string | null; zone: string; role: Role; roleName: string | null /* of a role of the practice's own making */; rights: readonly string[] /* ask `may` */;
  practice: { name: string; zone: string; origin: string };
  kitsProved: boolean; slots: SlotView[]; device: string; owner: string; lastVisitAt: string | null; keyHash: string | null /* null while locked */;
  restorePending: boolean;
  /** How much this session proved; single while the second step was not given. */
  strength: 'single' | 'strong';
  /** The practice lets this session do nothing before a second step is added or given. */
  needsFactor: boolean;
  /** The practice lets this person do nothing before they have made a new password. */
  passwordExpired: boolean;
  /** It is time to say again, by a fresh proof, that one is still who looks after the practice. */
  attestationDue: boolean;
  factors: { totp: boolean; keys: number; recoveryLeft: number };
}
export interface FactorsView { totp: { madeAt: string } | null; keys: readonly KeyView[]; recoveryLeft: number }
export interface KeyView { key: string; label: string; madeAt: string; usedAt: string | null }
/** What is asked after the first proof: best way first, until then. */
export interface SecondStepView { methods: readonly ('totp' | 'key' | 'recovery')[]; until: string }
/** A passkey that the browser lists beside a field. It waits until one is picked, or until another way is taken. */
export interface PasskeyOffer { stop: AbortSignal; onpicked: () => void }
/** key: runs the browser's ceremony. */
export type SecondTyped = { kind: 'totp' | 'recovery'; code: string } | { kind: 'key' };
export interface SlotView { slot: string; kind: 'passkey' | 'password' | 'kit'; label: string /* passkeys: as their holder calls them, read from the sealed keyring; the others are known by their kind */; madeAt: string }

// Engine

export type Unlock = { kind: 'password'; password: string } | { kind: 'passkey'; label?: string };
   // passkey: runs the browser ceremony; throws PasskeyWithoutPrf (ask for a password in the same form), PasskeyCancelled, PasskeyUnsupported (no host name / insecure)

export interface Engine {
  readonly state: SessionState;
  /** Whether a passkey can be offered here (secure context, host name, PublicKeyCredential). */
  passkeysAvailable(): boolean;

  // — set-up —
  practice(): Promise<PracticeView>;
  lastBackup(): Promise<BackupView | null>;                             // owner; null before the first one
  fileTrouble(): Promise<FileTroubleView>;                              // owner; of the last 30 days
  claim(code: string): Promise<void>;                                   // ApiProblem claim-wrong | claim-spent | claim-expired | already-claimed
  found(input: { practice: string; zone: string; name: string; email: string | null; ownerZone: string; unlock: Unlock; deviceLabel?: string }): Promise<Kits>;
      // makes everything on this device, creates the practice, signs in (state becomes open). ~1-2 s
  unprovedKits(): Promise<Kits | null>;                                 // the same kits again after a reload, kept sealed on this device until proved; null when proved or not here
  kitQuestions(kind: 'personal' | 'restore'): number[];                 // 2 places (1-24) to ask for, ascending; stable per kit
  proveKit(kind: 'personal' | 'restore', typed: { text: string } | { words: { place: number; word: string }[] }): Promise<{ proved: ('personal' | 'restore')[]; all: boolean }>;
      // throws KitWrongWord {place}, KitUnknownWord {place, word}, KitWordCount, KitWordsDoNotFit, KitOther … ; when all is true the server knows (me.kitsProved)
  remakePersonalKit(): Promise<KitSheet>;                               // replaces the personal kit (old paper opens nothing any more); prove it again

  // — colleagues —
  team(): Promise<TeamView>;                                            // asks the practice for names and roles; who is in it comes from the verified roster
  inviteColleague(input: ColleagueInvite): Promise<InviteLink & { invite: string }>;   // founds the team where there is none; ApiProblem role-too-wide | proof-too-old
  colleagueLink(invite: string): Promise<InviteLink | null>;            // null where another device made it
  revokeColleagueInvite(invite: string): Promise<void>;
  addToSpace(space: string, input: Addition): Promise<void>;            // NotAColleague | RoleNotHere; again for a member: sets their end anew

  handOver(client: string, input: Handing): Promise<void>;              // NotAColleague | RoleNotHere; the private notes stay this person's

  // — joining —
  readInvite(link: string): Promise<InviteView>;                        // whole link, or `#…` fragment; call once from location, the engine remembers it in memory
  join(input: { name: string; email?: string | null; zone: string; unlock: Unlock; deviceLabel?: string }): Promise<{ kit: KitSheet }>;
  confirmKitSaved(): Promise<void>;                                     // after "save / copy / print": one tap, no retyping for clients

  // — signing in —
  // These answer what is asked as the second step, or null when the person is in.
  signInWithPasskey(offer?: PasskeyOffer): Promise<SecondStepView | null>;
  signInWithPassword(password: string, person?: string): Promise<SecondStepView | null>; // person defaults to the last remembered; throws NeedsKit where the account secret is not here
  signInWithKit(text: string): Promise<SecondStepView | null>;                           // file content, QR text, line or 24 words; afterwards offer addPassword / addPasskey
  signInWithLink(link: string): Promise<SecondStepView | null>;                          // on a new device: the whole link, or `#…`; afterwards offer addPassword / keepPassword / addPasskey, which end it
  giveSecondStep(typed: SecondTyped): Promise<void>;                    // second-factor-failed {tries_left}: again; sign-in-expired, NoSecondStep: begin again
  dropSecondStep(): void;                                               // back: nothing of the first step stays in memory
  lock(): Promise<void>;
  unlockWithPassword(password: string): Promise<SecondStepView | null>;                  // works offline
  unlockWithPasskey(): Promise<SecondStepView | null>;
  signOut(): Promise<void>;                                             // keeps the account secret; refuses (OutboxNotEmpty) while things wait unless { force: true }
  signOut(options: { force: boolean }): Promise<void>;
  forgetDevice(person: string): Promise<void>;                          // sealed copy, account secret, drafts: all gone from this browser
  hold(minutes: number): void;                                          // session mode: holds the idle lock open, ≤ 180; hold(0) ends it
  touch(): void;                                                        // an input happened (watchInput does it)

  // — my account —
  /** Proves again to the practice, while everything stays open: what `ProofNeeded` and `proof-too-old` ask for. */
  prove(unlock: Unlock, beside?: { totp?: string; recovery?: string }): Promise<void>;   // second-factor-wanted: ask for a code as well
  factors(): Promise<FactorsView>;
  beginTotp(): Promise<{ secret: string; uri: string }>;
  confirmTotp(code: string): Promise<string[]>;                         // recovery codes, shown once; [] while older ones are left
  removeTotp(): Promise<void>;
  renewRecoveryCodes(): Promise<string[]>;
  addSecurityKey(label: string): Promise<string[]>;
  removeSecurityKey(key: string): Promise<void>;
  addPassword(password: string): Promise<void>;
  changePassword(password: string): Promise<void>;                      // replaces the password slot in one step
  addPasskey(label?: string): Promise<void>;
  renameSlot(slot: string, label: string): Promise<void>;               // only this person's devices read the name
  removeSlot(slot: string): Promise<void>;
  makeLink(): Promise<DeviceLinkView>;                                  // for another device of mine; takes back the one before; throws ProofNeeded
  linkState(slot: string): Promise<DeviceLinkState>;
  cancelLink(slot: string): Promise<void>;
  keepPassword(password: string): Promise<void>;                        // on a device that came in by a link: the password works here; throws WrongPassword
  exportMine(progress?: (done: number, total: number) => void): Promise<ExportFile>;   // tar that opens with stock age and the printed kit

  readonly activity: Activity;
  readonly devices: Devices;
  // — access reviews (whoever may review access) —
  readonly reviews: Reviews;

  // — people of the practice —
  readonly people: People;
  // — practice recovery —
  readonly recovery: PracticeRecovery;

  // — clients (coach) —
  addClient(input: { name: string; email?: string | null }): Promise<{ client: string }>;
  renameClient(client: string, input: { name?: string; email?: string | null }): Promise<void>;
  invite(client: string, input?: { message?: string }): Promise<InviteLink>;      // makes a new one (revokes an open one)
  inviteLink(client: string): Promise<InviteLink | null>;               // the open invite's link again, if this device made it
  revokeInvite(client: string): Promise<void>;
  removeMember(space: string, person: string): Promise<void>;           // remove + new epoch + grants, one request
  safetyWords(person: string): Promise<string[]>;                       // six words, the same on both devices
  markVerified(space: string, person: string, how: 'words' | 'qr'): Promise<void>;  // after comparing, or after the other's device has read one's code
  myCode(person: string): Promise<string>;                              // QR text to show to that person face to face: both key hashes
  scanCode(text: string): Promise<{ person: string; name: string }>;    // verifies both keys; marks "verified" by qr; throws CodeOfAnother, CodeForAnother, KeyChanged

  // — drafts and notes —
  openDraft(input: { space: string; record?: string; private?: boolean; sessionOn?: string | null; title?: string }): Promise<Draft>;
      // space: 'own' space of a client (coach) or a notebook. `record`: go on with that note (own note, or a SHARED note: edits its draft). New otherwise.
  noteHistory(space: string, record: string): Promise<NoteView[]>;      // all revisions, newest first
  // — typed and not used yet —
  typed(place: string): TypedFields | null;                             // what stood in the fields of that place, also before a lock or a reload
  keepTyped(place: string, fields: TypedFields | null): void;           // call on every change; batches itself; null once it was used or given up
  // — actions —
  addAction(space: string, input: { title: string; detail?: string; due_on?: string | null }): Promise<string>;   // record id
  changeAction(record: string, change: { title?: string; detail?: string; due_on?: string | null; dropped?: boolean }): Promise<void>;
  completeAction(record: string, done: boolean): Promise<void>;         // twice is harmless, keeps the first date
  // — messages —
  sendMessage(space: string, text: string, about?: string | null): Promise<string>;
  markRead(space: string): void;                                        // this device has shown the messages
  // — welcome —
  writeWelcome(space: string, text: string): Promise<string>;
  // — any record —
  remove(record: string): Promise<void>;                                // signed tombstone
  chooseVersion(record: string, keep: 'mine' | 'theirs' | 'both'): Promise<void>;    // both (notes only): the other becomes a new note
  // — files —
  sendFile(space: string, file: FileSource, note?: string): Promise<Transfer>;       // resolves once sealed on this device and queued; watch `transfers`
  pauseTransfer(id: string): void; resumeTransfer(id: string): void; cancelTransfer(id: string): Promise<void>;
  fetchFile(record: string): Promise<{ name: string; type: string; size: number; blob: Blob }>;   // nothing is released before the hash matches; progress in `transfers`
  // — outbox —
  retry(entry: string): Promise<void>; discard(entry: string): Promise<string>;      // discard returns the text of what was not sent, for copying
  sync(): Promise<void>;                                                // now
  // — restore —
  signRestore(): Promise<void>;                                         // owner, while alarms hold one with action 'sign-restore'
  acknowledge(alarm: string): void;

  on<K extends keyof EngineEvents>(event: K, listener: (value: EngineEvents[K]) => void): () => void;
}
/** Sealed: the server is reached, and waits itself to be opened. */
export type Connection = 'online' | 'offline' | 'sealed';
export interface EngineEvents { session: SessionState; spaces: readonly SpaceView[]; clients: readonly ClientView[]; outbox: readonly OutboxEntry[]; alarms: readonly AlarmView[]; transfers: readonly Transfer[]; connection: Connection }

/** Who is in the practice and what they may. Every change takes a proof of the last minutes (`proof-too-old`). */
export interface People {
  /** Says that oneself is still who looks after the practice. */
  attest(): Promise<void>;
  list(): Promise<PersonView[]>;
  giveRole(person: string, role: string): Promise<void>;
  suspend(person: string): Promise<void>;
  reinstate(person: string): Promise<void>;
  close(person: string, data: 'keep' | 'erase-own'): Promise<void>;
  endSessions(person: string): Promise<void>;
  roles(): Promise<{ roles: RoleView[]; grantable: readonly string[] }>;
  makeRole(name: string, rights: readonly string[]): Promise<RoleView>;
  changeRole(role: string, name: string, rights: readonly string[]): Promise<RoleView>;
  removeRole(role: string): Promise<void>;
  policy(): Promise<PolicyView>;
  setPolicy(policy: PolicyView): Promise<void>;
}

/** Where one is signed in. Signing out takes a proof of the last minutes (`proof-too-old`). */
export interface Devices {
  list(): Promise<DeviceView[]>;                                        // this one first, then by when they were last used
  ofSignIn(act: ActView): Promise<DeviceView | null>;                   // the new device of that sign-in; null where it is gone
  rename(device: string, name: string): Promise<void>;                  // without a name it is called what it calls itself
  signOut(device: string): Promise<void>;                               // at once, and off the list; ApiProblem own-device
  signOutOthers(): Promise<void>;                                       // all but this one; they stay on the list
  unusual(before: number | null): Promise<{ unusual: UnusualView[]; next: number | null }>;   // in the whole practice, newest first; whoever may see security
}

/** What happened to one's account. */
export interface Activity {
  page(before: number | null): Promise<ActivityView>;                   // newest first
  fresh(): Promise<ActView[]>;                                          // of it, what came since this device has shown it
  seen(n: number): Promise<void>;                                       // this device has shown it up to there
  of(person: string, before: number | null): Promise<ActivityView>;     // whoever may see security: somebody else's account, and what they did
}
export interface Reviews {
  list(): Promise<ReviewsView>;
  open(): Promise<ReviewView>;                                          // ApiProblem review-open
  decide(review: string, person: string, choice: Choice, note: string): Promise<ReviewView>;   // ApiProblem review-signed
  sign(review: string): Promise<ReviewView>;                            // ApiProblem review-undecided | proof-too-old
}

// views

export interface PersonView {
  person: string; name: string; email: string | null; role: Role; roleName: string | null; rights: readonly string[];
  state: 'active' | 'suspended' | 'deleted'; since: string | null; why: 'inactive' | 'person' | 'operator' | null;
  joinedAt: string; visitedAt: string; reviewedAt: string | null; sessions: number; manageable: boolean;
}
export interface RoleView { role: Role; name: string | null /* of the practice's own making */; rights: readonly string[]; builtIn: boolean; people: number; givable: boolean }
export interface PolicyView { secondFactor: 'owners-and-admins' | 'everybody'; profile: 'nist' | 'strict'; singleSession: boolean; inactiveDays: number; inactiveClients: boolean; reviewDays: number }
export interface PracticeView { name: string | null; state: 'unclaimed' | 'claimed' | 'active'; zone: string | null; origin: string | null; restorePending: boolean; version: string }
export interface FileTroubleView { recoveredAt: string | null; reopenedAt: string | null; checked: { at: string; found: number; findings: string[] /* the first of them, in English */ } | null /* the last background check */ }
export interface BackupView { at: string; proved: boolean /* test-restored after it was made */ }
export interface Kits { personal: KitSheet; restore: KitSheet; proved: ('personal' | 'restore')[] }
/** Something that was done with an account. Codes and facts are those of the practice's log. */
export interface ActView {
  n: number; at: string; code: string;
  part: 'own' | 'touched' | 'done';                     // own: I, or somebody who tries to be me; touched: somebody else did it to my account
  by: 'holder' | 'person' | 'visitor' | 'operator' | 'alcove'; name: string | null; network: string | null; device: string | null;
  facts: { name: string; value: string }[];
}
export interface DeviceView {
  device: string; name: string; label: string /* what it calls itself */; named: boolean;
  firstAt: string; lastAt: string /* to some minutes */; network: string | null; sessions: number; here: boolean;
}
export interface UnusualView { n: number; at: string; code: string; network: string | null; people: { person: string; name: string }[]; facts: { name: string; value: string }[] }
export interface ActivityView { acts: ActView[]; next: number | null }
export type Choice = 'keep' | 'change' | 'suspend';
export interface ReviewsView { reviews: ReviewView[] /* newest first */; dueAt: string }
export interface ReviewView { review: string; openedAt: string; dueAt: string; by: string; lines: ReviewLineView[]; signedBy: string | null; signedAt: string | null }
export interface ReviewLineView {
  person: string; name: string; role: string; roleName: string | null; rights: string[]; visitedAt: string;   // as they were when it was begun
  state: 'active' | 'suspended' | 'deleted'; passkeys: number; password: boolean;                              // as they are now
  decision: { choice: Choice; note: string | null; by: string; at: string } | null;
}
export interface KitSheet { kind: 'personal' | 'restore' | 'recovery'; words: string[]; line: string /* the QR holds this */; file: string; fileName: string; practice: string; personName: string; origin: string; backupKey: string | null; madeOn: string }
/** A link that lets another device of the same person in, and what became of it. */
export interface DeviceLinkView { slot: string; link: string /* also the QR text */; expiresAt: string }
export interface DeviceLinkState { state: 'waiting' | 'entered' | 'done' | 'expired' | 'cancelled'; expiresAt: string; usedAt: string | null; device: { device: string; label: string } | null }
export interface InviteView { invite: string; practice: string; coach: { person: string; name: string }; client: string /* the name the coach wrote */; message: string; expiresAt: string; readsWhat: 'from-now-on'; role: string | null /* a colleague's, as whoever invites signed it; null for clients */ }
export interface InviteLink { link: string /* also the QR text */; expiresAt: string }

export interface ClientView {
  client: string; name: string; email: string | null; zone: string | null; createdAt: string; etag: string;
  person: string | null;                                // once joined
  state: 'added' | 'invited' | 'joined' | 'verified';   // joined: not yet confirmed by a member's device; verified: confirmed. From the verified roster
  compared: boolean;                                    // words or a code were compared as well
  shared: string; own: string;                          // space ids; own: '' until this person's own space is begun
  practitioner: string; place: string;                  // who looks after them; one's own role in the shared space
  invite: { expiresAt: string; here: boolean } | null;  // open invite; here: this device can show the link again
}
export interface SpaceView {
  space: string; kind: 'shared' | 'own' | 'notebook' | 'team'; client: string | null; role: string; closed: boolean;
  members: MemberView[];                                // from the VERIFIED roster: draw "who can read this" from it
  keeper: boolean;                                      // may decide who is in here
  roles: string[];                                      // as which colleagues can be added here: fixed when the space was founded
  guests: { name: string; role: string; until: string }[];   // those of the others whose time ends
  others: string[];                                     // names for the audience chip, beside you: [] | ['Ana']
  invited: boolean;                                     // an open invite can read what is sealed meanwhile (say so)
  mayWrite: { note: boolean; action: boolean; message: boolean; file: boolean; welcome: boolean };
  notes: NoteView[]; actions: ActionView[]; messages: MessageView[]; files: FileView[]; welcome: WelcomeView | null;
      // notes newest first; actions open by due date then done newest first; messages oldest first; files newest first
  alarm: AlarmView | null;                              // writing stopped here
  unopened: number;                                     // items whose epoch was not granted yet
  lastReadAt: string | null; syncedAt: string | null;
}
export interface MemberView { person: string; name: string; role: string; you: boolean; how: 'founder' | 'joined' | 'link' | 'words' | 'qr'; verified: boolean; /* words or a code compared */ compared: boolean; keysChanged: boolean; until: string | null /* when their place ends by itself */ }

export interface Addition { person: string; role: 'supervisor' | 'cover' | 'practitioner'; until: string | null; history: 'all' | 'from-now' }
export interface Handing { person: string; stay: boolean /* read on as supervisor */ }
export interface ColleagueInvite { name: string; role: Role; email?: string | null; message?: string; managesPeople?: boolean /* a role of the practice's own making with that right */ }
export interface ColleagueInviteView { invite: string; name: string; role: string; roleName: string | null; expiresAt: string; here: boolean /* this device can show the link again */ }
export interface ColleagueView {
  person: string; name: string; role: string; roleName: string | null; managesClients: boolean; active: boolean; you: boolean;
  how: MemberView['how']; verified: boolean; compared: boolean; keysChanged: boolean; confirmed: boolean;   // from the verified roster of the team
}
export interface TeamView { space: string | null /* null before the first invite */; keeper: boolean /* may invite */; colleagues: ColleagueView[]; invites: ColleagueInviteView[] }
export interface ItemBase {
  space: string; record: string; rev: number; author: string; authorName: string; mine: boolean; at: string /* of this revision */; madeAt: string;
  sending: 'sent' | 'waiting' | 'sending' | 'refused'; refusal: Trouble | null;
  conflict: Conflict | null;
}
export interface Conflict { at: string; mine: NoteBody; theirs: NoteBody; theirsBy: string }
export interface NoteBody { title: string; session_on: string | null; doc: unknown /* ProseMirror JSON */; private: boolean; state: 'draft' | 'final' }
export interface NoteView extends ItemBase, NoteBody {
  kind: 'note';
  sharedFrom: { id: string; rev: number } | null;       // on a shared note: the own note behind it (only the author can open that)
  sharedAs: { space: string; record: string; rev: number; stale: boolean } | null;   // on an own note: where it was shared; stale: changed since
}
export interface ActionView extends ItemBase { kind: 'action'; title: string; detail: string; due_on: string | null; done: { by: string; at: string } | null; dropped: boolean; openMismatch: boolean /* the open fields at the server differ from the signed ones */ }
export interface MessageView extends ItemBase { kind: 'message'; text: string; about: string | null }
export interface FileView extends ItemBase { kind: 'file'; file: string; name: string; type: string; size: number; note: string }
export interface WelcomeView extends ItemBase { kind: 'welcome'; text: string }

export type TypedFields = Readonly<Record<string, string>>;

export interface Draft {
  readonly space: string; readonly record: string; readonly private: boolean;
  readonly body: NoteBody;                              // what to show first (local draft if newer than the sealed one)
  readonly saved: DraftSaved;                           // onSaved fires on every change of it
  onSaved(listener: (saved: DraftSaved) => void): () => void;
  change(body: Partial<Pick<NoteBody, 'title' | 'session_on' | 'doc'>>): void;       // call on every keystroke; batches itself
  flush(): Promise<void>;                               // on blur / pagehide
  finish(): Promise<void>;                              // state 'final', uploaded; private notes and notebook entries end so
  share(): Promise<{ space: string; record: string }>;  // seals anew into the space shared with that client; refuses private notes (NotePrivate)
  close(): Promise<void>;
  discard(): Promise<void>;                             // tombstone where it was uploaded
}
export type DraftSaved = { state: 'empty' | 'typing' | 'device' | 'uploaded'; at: string | null; trouble: Trouble | null };   // words: "Saved on this device 18:04"

export type FileSource = File | { name: string; type: string; size: number; stream(): ReadableStream<Uint8Array> };
export interface Transfer { id: string; direction: 'up' | 'down'; space: string; record: string | null; file: string; name: string | null /* null while locked: a name is content */; size: number; done: number /* bytes of ciphertext */; total: number; state: 'sealing' | 'waiting' | 'moving' | 'paused' | 'checking' | 'done' | 'refused'; trouble: Trouble | null }
export interface ExportFile { name: string; size: number; blob: Blob }
export interface OutboxEntry { entry: string; space: string; record: string; kind: string; state: 'waiting' | 'sending' | 'refused'; refusal: Trouble | null; madeAt: string; tries: number }
export interface AlarmView { alarm: string; code: string; args: TroubleArgs; said: Trouble['said']; space: string | null; person: string | null; at: string; stopsWriting: boolean; action: 'sign-restore' | 'sync' | null }
