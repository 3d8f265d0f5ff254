/**
 * The shapes of the HTTP API v1, taken from the server's own description (schema.d.ts). The description says "optional" where the wire says null;
 * {@link Known} and {@link Sent} say what really travels. Binary fields are base64url text; `Signed` is the text form of a statement.
 */
import type { components } from './schema';

export type Shapes = components['schemas'];

/** As an answer carries it: what may be missing is null. */
export type Known<T> = T extends readonly (infer A)[]
  ? Known<A>[]
  : T extends object
    ? { [K in keyof T]-?: undefined extends T[K] ? Known<NonNullable<T[K]>> | null : Known<T[K]> }
    : T;

/** As a request may carry it: null for what is left out. */
export type Sent<T> = T extends readonly (infer A)[] ? readonly Sent<A>[] : T extends object ? { readonly [K in keyof T]: undefined extends T[K] ? Sent<NonNullable<T[K]>> | null : Sent<T[K]> } : T;

/** Words that the description gives as text only. */
type Narrow<T, Words> = Omit<T, keyof Words> & Words;

export type Signed = string;
export type SpaceKind = 'shared' | 'own' | 'notebook' | 'team';
/** What somebody is in the practice; a role of its own making is named by its id. */
export type Role = 'owner' | 'admin' | 'practitioner' | 'staff' | 'client' | `rol_${string}`;

// What devices make
export type PasskeyAttestation = Shapes['PasskeyAttestation'];
export type PasskeyAssertion = Shapes['PasskeyProof'];
export type Slot = Narrow<Shapes['SlotMade'], { salt: string | null; passkey: PasskeyAttestation | null }>;
export type Account = Narrow<Shapes['Account'], { email: string | null; slots: Slot[] }>;
export type Grant = Shapes['GrantMade'];
export type SpaceMade = Shapes['SpaceMade'];
export type InviteMade = Sent<Shapes['InviteMade']>;
export type RosterAppend = Narrow<Shapes['RosterAppend'], { grants: Grant[]; invite: InviteMade | null }>;
export type RecordWrite = Narrow<Shapes['RecordWrite'], { prev: string | null; open: Open; deleted: boolean }>;
export type RecordOffered = RecordWrite & Pick<Shapes['RecordOffered'], 'author' | 'device' | 'at'>;
export type Reoffer = { entries: Signed[]; grants: Grant[]; records: RecordOffered[] };
export type DeviceMade = Shapes['Device'];
export type LoginProof = Pick<Shapes['SignIn'], 'challenge' | 'login_key' | 'signature'>;
export type PracticeFounded = Sent<Shapes['SetUp']>;
export type Join = Sent<Shapes['Join']>;
export type KeyringChange = Narrow<Shapes['KeyringChange'], { add: Slot[]; remove: string[] }>;
export type ClientMade = Sent<Shapes['ClientMade']>;

// What the practice answers
export type Open = Narrow<Known<Shapes['Open']>, { type: 'action' }> | null;
export type RecordHead = Narrow<Known<Shapes['RecordHead']>, { open: Open }>;
export type Anchor = Known<Shapes['Anchor']>;
export type SpaceSeen = Narrow<Known<Shapes['SpaceSeen']>, { kind: SpaceKind }>;
export type SlotSeen = Known<Shapes['Slot']>;
export type Link = Known<Shapes['Link']>;
export type Me = Narrow<Known<Shapes['Me']>, {
  role: Role;
  practice: { name: string; zone: string; origin: string };
  spaces: SpaceSeen[];
  slots: SlotSeen[];
}>;
export type Act = Narrow<Known<Shapes['Act']>, { part: 'own' | 'touched' | 'done'; by: 'holder' | 'person' | 'visitor' | 'operator' | 'alcove' }>;
export type Review = Known<Shapes['Review']>;
export type Reviews = { reviews: Review[]; due_at: string };
export type OwnDevice = Known<Shapes['OwnDevice']>;
export type Anomalies = { anomalies: Known<Shapes['Anomaly']>[]; next: number | null };
export type Activity = { acts: Act[]; next: number | null };
export type Entered = Me & Pick<Shapes['Entered'], 'keyring'>;
export type SecondAsked = Known<Shapes['SecondAsked']>;
export type SignInAnswer = Entered | { second: SecondAsked };
/** Exactly one of the three, beside the challenge. */
export type SecondGiven = { totp: string } | { recovery: string } | { key: KeyProof };
export type KeyAsking = Known<Shapes['KeyAsking']>;
export type KeyProof = Shapes['KeyProof'];
export type Factors = Known<Shapes['Factors']>;
export type SessionProof = LoginProof | { passkey: PasskeyAssertion };
export type Practice = Narrow<Known<Shapes['Practice']>, { state: 'unclaimed' | 'claimed' | 'active' }>;
export type SignInChallenge = Known<Shapes['LoginChallenge']>;
export type PasskeyMaking = Known<Shapes['PasskeyMaking']>;
export type PasskeyAsking = Known<Shapes['PasskeyUsing']>;
export type Invite = Known<Shapes['Invite']>;
export type Client = Narrow<Known<Shapes['Client']>, { state: 'added' | 'invited' | 'joined' | 'verified' }>;
export type Team = Known<Shapes['Team']>;
export type Colleague = Known<Shapes['Colleague']>;
export type MemberSeen = Known<Shapes['Member']>;
export type AccountChange = Known<Shapes['AccountChange']>;
export type Backups = Known<Shapes['Backups']>;

// People
export type DataChoice = 'keep' | 'erase-own';
export type Person = Narrow<Known<Shapes['Person']>, { role: Me['role']; state: 'active' | 'suspended' | 'deleted'; suspended_why: 'inactive' | 'person' | 'operator' | null }>;
export type PracticeRole = Narrow<Known<Shapes['Role']>, { role: Me['role'] }>;
export type Roles = Narrow<Known<Shapes['Roles']>, { roles: PracticeRole[] }>;
export type SecurityPolicy = Narrow<Shapes['SecurityPolicy'], { second_factor: 'owners-and-admins' | 'everybody'; profile: 'nist' | 'strict' }>;

// Practice recovery
export type RecoveryPlan = Known<Shapes['RecoveryPlan']>;
export type RecoverySeen = Known<Shapes['Recovery']>;
export type RecoveryCase = Narrow<Known<Shapes['RecoveryCase']>, { purpose: Shapes['RecoveryPurpose']; state: Shapes['RecoveryCaseState'] }>;
export type RecoveryMade = Sent<Shapes['RecoveryPlanMade']>;
export type RecoveryFiles = Known<Shapes['FirstFiles']>;
export type RecoveryAsked = Narrow<Sent<Shapes['RecoveryAsked']>, { purpose: Shapes['RecoveryPurpose'] }>;
export type RecoveryOpened = Known<Shapes['RecoveryOpening']>;
export type KeyringReturned = Narrow<Shapes['RecoveryFinished'], { link: Shapes['RecoveryLink'] }>;
