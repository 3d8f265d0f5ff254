/** The routes of the HTTP API v1, one method each, in the order of the documentation. No state besides the cookie, no retries, no keys. */
import createClient from 'openapi-fetch';
import { Http, type HttpOptions } from './http';
import { Offline } from './problem';
import type { paths } from './schema';
import type * as T from './types';

type Answered = { readonly data?: unknown; readonly response: Response };

/** The body of an answer in the shape that really travels. A broken-off answer is no answer. */
async function answer<A>(asked: Promise<Answered>): Promise<A> {
  try {
    return (await asked).data as A;
  } catch (error) {
    // Reading the body failed half way, or it was no JSON: a lost connection or a proxy's page.
    throw error instanceof TypeError || error instanceof SyntaxError ? new Offline(error) : error;
  }
}

/** A body in the words of the description: null travels where it says "optional". */
const sent = (body: unknown): never => body as never;

export class Api {
  readonly #client: ReturnType<typeof createClient<paths>>;
  readonly origin: string;

  constructor(options: HttpOptions) {
    const http = new Http(options);
    this.origin = options.origin;
    const fixed = { redirect: 'error', cache: 'no-store', credentials: 'same-origin' } as const;
    this.#client = createClient<paths>({ baseUrl: `${options.origin}/api/v1`, fetch: (request) => http.send(request), ...fixed });
  }

  // Public
  practice = () => answer<T.Practice>(this.#client.GET('/practice'));
  claim = (code: string) => answer<void>(this.#client.POST('/claims', { body: { code } }));
  makePasskey = (wanted: T.Shapes['PasskeyWanted']) => answer<T.PasskeyMaking>(this.#client.POST('/passkeys/challenges', { body: wanted }));
  foundPractice = (founded: T.PracticeFounded) => answer<T.Me>(this.#client.POST('/practice', { body: sent(founded) }));
  challenge = (who: { person: string } | { login_key: string }) => answer<T.SignInChallenge>(this.#client.POST('/sign-in/challenges', { body: who }));
  signIn = (proof: T.Shapes['SignIn']) => answer<T.SignInAnswer>(this.#client.POST('/sign-ins', { body: proof }));
  askPasskey = () => answer<T.PasskeyAsking>(this.#client.POST('/sign-in/passkey-challenges'));
  signInByPasskey = (proof: T.Shapes['PasskeySignIn']) => answer<T.SignInAnswer>(this.#client.POST('/sign-ins/passkey', { body: proof }));
  signInSecond = (challenge: string, given: T.SecondGiven) => answer<T.Entered>(this.#client.POST('/sign-ins/second', { body: { challenge, ...given } }));
  invite = (invite: string) => answer<T.Invite>(this.#client.GET('/invites/{invite}', { params: { path: { invite } } }));
  join = (invite: string, join: T.Join) => answer<T.Me>(this.#client.POST('/invites/{invite}/join', { params: { path: { invite } }, body: sent(join) }));

  // Session
  signOut = () => answer<void>(this.#client.DELETE('/session'));
  lock = () => answer<void>(this.#client.PUT('/session/lock'));
  unlock = (proof: T.LoginProof | { passkey: T.PasskeyAssertion }) => answer<void>(this.#client.POST('/session/unlocks', { body: proof }));
  prove = (proof: T.SessionProof, beside: { totp?: string; recovery?: string }) => answer<void>(this.#client.POST('/session/proofs', { body: { ...proof, ...beside } }));
  me = () => answer<T.Me>(this.#client.GET('/me'));
  keyring = () => answer<T.Shapes['Keyring']>(this.#client.GET('/me/keyring'));
  changeKeyring = (change: T.KeyringChange) => answer<{ version: number }>(this.#client.PUT('/me/keyring', { body: sent(change) }));
  link = (slot: string) => answer<T.Link>(this.#client.GET('/links/{slot}', { params: { path: { slot } } }));
  proveKits = (proof: T.LoginProof & { restore: boolean }) => answer<void>(this.#client.PUT('/me/kits', { body: sent({ ...proof, personal: true }) }));
  accountChanges = (since: number) => answer<T.Known<T.Shapes['AccountChanges']>>(this.#client.GET('/account/changes', { params: { query: { since } } }));
  events = (signal: AbortSignal) => this.#stream(this.#client.GET('/events', { headers: { Accept: 'text/event-stream' }, parseAs: 'stream', signal }));
  directory = (from: number) => answer<T.Shapes['Directory']>(this.#client.GET('/directory', { params: { query: { from } } }));
  anchorAt = (size: number) => answer<T.Anchor>(this.#client.GET('/anchor', { params: { query: { size } } }));
  sendRestoreStatement = (statement: T.Signed) => answer<void>(this.#client.POST('/restore-statements', { body: { statement } }));

  // Devices
  devices = () => answer<{ devices: T.OwnDevice[] }>(this.#client.GET('/me/devices'));
  nameDevice = (device: string, name: string | null) => answer<void>(this.#client.PATCH('/me/devices/{device}', { params: { path: { device } }, body: sent({ name }) }));
  removeDevice = (device: string) => answer<void>(this.#client.DELETE('/me/devices/{device}', { params: { path: { device } } }));
  endOtherSessions = () => answer<void>(this.#client.DELETE('/me/sessions'));
  anomalies = (before: number | null) => answer<T.Anomalies>(this.#client.GET('/anomalies', { params: { query: { before: before ?? undefined } } }));

  // Second steps
  factors = () => answer<T.Factors>(this.#client.GET('/me/factors'));
  beginTotp = () => answer<T.Shapes['TotpBegun']>(this.#client.POST('/me/factors/totp'));
  confirmTotp = (code: string) => answer<T.Shapes['RecoveryCodes']>(this.#client.PUT('/me/factors/totp', { body: { code } }));
  removeTotp = () => answer<void>(this.#client.DELETE('/me/factors/totp'));
  renewRecoveryCodes = () => answer<T.Shapes['RecoveryCodes']>(this.#client.POST('/me/factors/recovery-codes'));
  askKey = () => answer<T.PasskeyMaking>(this.#client.POST('/me/factors/keys/challenges'));
  addKey = (made: T.Shapes['KeyMade']) => answer<{ recovery: string[] }>(this.#client.POST('/me/factors/keys', { body: made }));
  removeKey = (key: string) => answer<void>(this.#client.DELETE('/me/factors/keys/{key}', { params: { path: { key } } }));

  // Practice
  clients = () => answer<{ clients: T.Client[] }>(this.#client.GET('/clients'));
  addClient = (made: T.ClientMade, once: string) => answer<T.Client>(this.#client.POST('/clients', { params: { header: { 'Idempotency-Key': once } }, body: sent(made) }));
  changeClient = (client: string, change: T.Sent<T.Shapes['ClientEdit']>, etag: string) =>
    answer<T.Client>(this.#client.PATCH('/clients/{client}', { params: { path: { client }, header: { 'If-Match': etag } }, body: sent(change) }));
  reviews = () => answer<T.Reviews>(this.#client.GET('/reviews'));
  openReview = () => answer<T.Review>(this.#client.POST('/reviews'));
  decideReview = (review: string, person: string, decided: T.Sent<T.Shapes['ReviewDecided']>) =>
    answer<T.Review>(this.#client.PUT('/reviews/{review}/lines/{person}', { params: { path: { review, person } }, body: sent(decided) }));
  signReview = (review: string) => answer<T.Review>(this.#client.POST('/reviews/{review}/sign-off', { params: { path: { review } } }));
  activity = (before: number | null, limit: number | null) =>
    answer<T.Activity>(this.#client.GET('/me/activity', { params: { query: { before: before ?? undefined, limit: limit ?? undefined } } }));
  activityOf = (person: string, before: number | null) =>
    answer<T.Activity>(this.#client.GET('/people/{person}/activity', { params: { path: { person }, query: { before: before ?? undefined } } }));
  beginOwn = (client: string, made: T.SpaceMade, once: string) =>
    answer<T.Client>(this.#client.POST('/clients/{client}/own', { params: { path: { client }, header: { 'Idempotency-Key': once } }, body: made }));
  beginTeam = (made: T.SpaceMade, once: string) => answer<void>(this.#client.POST('/team', { params: { header: { 'Idempotency-Key': once } }, body: made }));
  colleagues = () => answer<T.Team>(this.#client.GET('/colleagues'));
  backups = () => answer<T.Backups>(this.#client.GET('/backups'));

  // People
  attest = () => answer<void>(this.#client.POST('/me/attestations'));
  people = () => answer<{ people: T.Person[] }>(this.#client.GET('/people'));
  giveRole = (person: string, role: string) => answer<void>(this.#client.PATCH('/people/{person}', { params: { path: { person } }, body: { role } }));
  suspend = (person: string) => answer<void>(this.#client.PUT('/people/{person}/suspension', { params: { path: { person } } }));
  reinstate = (person: string) => answer<void>(this.#client.DELETE('/people/{person}/suspension', { params: { path: { person } } }));
  closeAccount = (person: string, data: T.DataChoice) => answer<void>(this.#client.POST('/people/{person}/deletion', { params: { path: { person } }, body: { data } }));
  endSessionsOf = (person: string) => answer<void>(this.#client.DELETE('/people/{person}/sessions', { params: { path: { person } } }));
  roles = () => answer<T.Roles>(this.#client.GET('/roles'));
  makeRole = (made: T.Shapes['RoleMade']) => answer<T.PracticeRole>(this.#client.POST('/roles', { body: made }));
  changeRole = (role: string, edit: T.Sent<T.Shapes['RoleEdit']>) => answer<T.PracticeRole>(this.#client.PATCH('/roles/{role}', { params: { path: { role } }, body: sent(edit) }));
  removeRole = (role: string) => answer<void>(this.#client.DELETE('/roles/{role}', { params: { path: { role } } }));
  policy = () => answer<T.SecurityPolicy>(this.#client.GET('/policy'));
  setPolicy = (policy: T.SecurityPolicy) => answer<void>(this.#client.PUT('/policy', { body: policy }));

  // Practice recovery
  recovery = () => answer<T.RecoverySeen>(this.#client.GET('/recovery'));
  putRecoveryPaper = (statement: T.Signed) => answer<void>(this.#client.PUT('/me/recovery/paper', { body: { statement } }));
  putRecovery = (made: T.RecoveryMade) => answer<void>(this.#client.PUT('/recovery', { body: sent(made) }));
  endRecovery = () => answer<void>(this.#client.DELETE('/recovery'));
  agreeToRecovery = (n: number) => answer<void>(this.#client.PUT('/me/recovery', { body: { n } }));
  leaveRecovery = () => answer<void>(this.#client.DELETE('/me/recovery'));
  endorseRecovery = (statement: T.Signed) => answer<void>(this.#client.POST('/recovery/endorsements', { body: { statement } }));
  recoveryFiles = () => answer<T.RecoveryFiles>(this.#client.GET('/recovery/files'));
  recoveries = () => answer<{ cases: T.RecoveryCase[] }>(this.#client.GET('/recoveries'));
  askRecovery = (asked: T.RecoveryAsked) => answer<T.RecoveryCase>(this.#client.POST('/recoveries', { body: sent(asked) }));
  openRecovery = (which: string) => answer<T.RecoveryOpened>(this.#client.POST('/recoveries/{case}/opening', { params: { path: { case: which } } }));
  returnKeyring = (which: string, made: T.KeyringReturned) => answer<void>(this.#client.PUT('/recoveries/{case}/keyring', { params: { path: { case: which } }, body: sent(made) }));
  stopRecovery = (which: string) => answer<void>(this.#client.DELETE('/recoveries/{case}', { params: { path: { case: which } } }));
  myRecoveries = () => answer<{ cases: T.RecoveryCase[] }>(this.#client.GET('/me/recoveries'));
  stopMyRecovery = (which: string) => answer<void>(this.#client.DELETE('/me/recoveries/{case}', { params: { path: { case: which } } }));

  // Spaces
  roster = (space: string, from: number) => answer<T.Shapes['Roster']>(this.#client.GET('/spaces/{space}/roster', { params: { path: { space }, query: { from } } }));
  appendRoster = (space: string, append: T.RosterAppend) =>
    answer<T.Shapes['RosterHead']>(this.#client.POST('/spaces/{space}/roster', { params: { path: { space } }, body: sent(append) }));
  grants = (space: string) => answer<T.Shapes['Grants']>(this.#client.GET('/spaces/{space}/grants', { params: { path: { space } } }));
  addGrants = (space: string, grants: T.Grant[]) => answer<void>(this.#client.POST('/spaces/{space}/grants', { params: { path: { space } }, body: { grants } }));
  members = (space: string) => answer<{ members: T.MemberSeen[] }>(this.#client.GET('/spaces/{space}/members', { params: { path: { space } } }));
  writeRecord = (space: string, write: T.RecordWrite, once: string) =>
    answer<T.RecordHead>(this.#client.POST('/spaces/{space}/records', { params: { path: { space }, header: { 'Idempotency-Key': once } }, body: sent(write) }));
  changes = (space: string, since: number, limit = 500) =>
    answer<{ changes: T.RecordHead[]; head: number; more: boolean }>(this.#client.GET('/spaces/{space}/changes', { params: { path: { space }, query: { since, limit } } }));
  record = async (space: string, record: string, rev: number): Promise<Uint8Array<ArrayBuffer>> => {
    const path = { space, record, rev };
    return new Uint8Array(await answer<ArrayBuffer>(this.#client.GET('/spaces/{space}/records/{record}/{rev}', { params: { path }, parseAs: 'arrayBuffer' })));
  };
  reoffer = (space: string, offer: T.Reoffer) => answer<T.Shapes['Retaken']>(this.#client.POST('/spaces/{space}/reoffers', { params: { path: { space } }, body: sent(offer) }));
  reofferLeaves = async (leaves: readonly T.Shapes['LeafReoffered'][]) =>
    void (await answer<T.Shapes['Retaken']>(this.#client.POST('/directory/reoffers', { body: { leaves: [...leaves] } })));

  // Files
  beginFile = (space: string, made: T.Shapes['FileMade']) => answer<T.Shapes['Upload']>(this.#client.POST('/spaces/{space}/files', { params: { path: { space } }, body: made }));
  /** A blob travels from where it lies: the page never holds its bytes. */
  putPart = (file: string, offset: number, part: Blob, signal?: AbortSignal) =>
    answer<T.Shapes['Received']>(
      this.#client.PUT('/files/{file}/parts/{offset}', {
        params: { path: { file, offset } },
        headers: { 'Content-Type': 'application/octet-stream' },
        body: sent(part),
        bodySerializer: (body: unknown) => body as Blob,
        ...(signal ? { signal } : {}),
      }),
    );
  commitFile = (file: string) => answer<T.Shapes['FileCommitted']>(this.#client.POST('/files/{file}/commit', { params: { path: { file } } }));
  fileState = (file: string) => answer<T.Shapes['File']>(this.#client.GET('/files/{file}', { params: { path: { file } } }));
  /** The age file from a byte on, as a stream. */
  fileContent = (file: string, from: number, signal: AbortSignal) => {
    const headers = { Accept: 'application/octet-stream', ...(from > 0 ? { Range: `bytes=${from}-` } : {}) };
    return this.#stream(this.#client.GET('/files/{file}/content', { params: { path: { file } }, headers, parseAs: 'stream', signal }));
  };

  /** The answer itself: its body is read by the caller. */
  async #stream(asked: Promise<Answered>): Promise<Response> {
    return (await asked).response;
  }
}
