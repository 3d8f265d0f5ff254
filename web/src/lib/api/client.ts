/** The routes of the HTTP API v1, one method each, in the order of the documentation. No state besides the cookie, no retries, no keys. */
import { Http, type HttpOptions } from './http';
import type * as T from './types';

const id = encodeURIComponent;

export class Api {
  readonly #http: Http;
  readonly origin: string;

  constructor(options: HttpOptions) {
    this.#http = new Http(options);
    this.origin = options.origin;
  }

  // Public
  practice = () => this.#read<T.Practice>('/practice');
  claim = (code: string) => this.#do('POST', '/claims', { code });
  makePasskey = (ask: { person: string; name: string; purpose: 'setup' | 'join' | 'add'; invite?: string }) => this.#make<T.PasskeyMaking>('/passkeys/challenges', ask);
  foundPractice = (founded: T.PracticeFounded) => this.#make<T.Me>('/practice', founded);
  challenge = (who: { person: string } | { login_key: string }) => this.#make<T.SignInChallenge>('/sign-in/challenges', who);
  signIn = (proof: T.LoginProof & { device: T.DeviceMade }) => this.#make<T.Me & { keyring: string }>('/sign-ins', proof);
  askPasskey = () => this.#make<T.PasskeyAsking>('/sign-in/passkey-challenges', {});
  signInByPasskey = (proof: T.PasskeyAssertion & { device: T.DeviceMade }) => this.#make<T.Me & { keyring: string }>('/sign-ins/passkey', proof);
  invite = (invite: string) => this.#read<T.Invite>(`/invites/${id(invite)}`);
  join = (invite: string, join: T.Join) => this.#make<T.Me>(`/invites/${id(invite)}/join`, join);

  // Session
  signOut = () => this.#do('DELETE', '/session');
  lock = () => this.#do('PUT', '/session/lock');
  unlock = (proof: T.LoginProof | { passkey: T.PasskeyAssertion }) => this.#do('POST', '/session/unlocks', proof);
  me = () => this.#read<T.Me>('/me');
  keyring = () => this.#read<{ version: number; body: string }>('/me/keyring');
  changeKeyring = (change: T.KeyringChange) => this.#http.json<{ version: number }>('PUT', '/me/keyring', { json: change });
  proveKits = (proof: T.LoginProof & { restore: boolean }) => this.#do('PUT', '/me/kits', proof);
  accountChanges = (since: number) => this.#read<{ changes: T.AccountChange[]; cursor: number; more: boolean }>(`/account/changes?since=${since}`);
  events = (signal: AbortSignal) => this.#http.send('GET', '/events', { accept: 'text/event-stream', signal });
  directory = (from: number) => this.#read<{ leaves: T.DirectoryLeaf[]; head: string; size: number }>(`/directory?from=${from}`);
  anchorAt = (size: number) => this.#read<T.Anchor>(`/anchor?size=${size}`);
  sendRestoreStatement = (statement: T.Signed) => this.#do('POST', '/restore-statements', { statement });

  // Practice
  clients = () => this.#read<{ clients: T.Client[] }>('/clients');
  addClient = (client: { client: string; name: string; email: string | null; shared: T.SpaceMade; own: T.SpaceMade }, once: string) => this.#make<T.Client>('/clients', client, once);
  changeClient = (client: string, change: { name?: string; email?: string | null }, ifMatch: string) =>
    this.#http.json<T.Client>('PATCH', `/clients/${id(client)}`, { json: change, ifMatch });
  backups = () => this.#read<T.Backups>('/backups');

  // Spaces
  roster = (space: string, from: number) => this.#read<{ entries: T.Signed[]; head: string; size: number }>(`/spaces/${id(space)}/roster?from=${from}`);
  appendRoster = (space: string, append: T.RosterAppend) => this.#make<{ head: string; size: number }>(`/spaces/${id(space)}/roster`, append);
  grants = (space: string) => this.#read<{ grants: { epoch: number; body: string; at: string }[] }>(`/spaces/${id(space)}/grants`);
  addGrants = (space: string, grants: T.Grant[]) => this.#do('POST', `/spaces/${id(space)}/grants`, { grants });
  members = (space: string) => this.#read<{ members: T.MemberSeen[] }>(`/spaces/${id(space)}/members`);
  writeRecord = (space: string, record: T.RecordWrite, once: string) => this.#make<T.RecordHead>(`/spaces/${id(space)}/records`, record, once);
  changes = (space: string, since: number, limit = 500) =>
    this.#read<{ changes: T.RecordHead[]; head: number; more: boolean }>(`/spaces/${id(space)}/changes?since=${since}&limit=${limit}`);
  record = (space: string, record: string, rev: number) => this.#http.bytes(`/spaces/${id(space)}/records/${id(record)}/${rev}`);
  reoffer = (space: string, offer: T.Reoffer) => this.#make<{ entries: number; grants: number; records: number }>(`/spaces/${id(space)}/reoffers`, offer);

  // Files
  beginFile = (space: string, file: { file: string; size: number; sha256: string }) =>
    this.#make<{ file: string; received: number; part_bytes: number }>(`/spaces/${id(space)}/files`, file);
  putPart = (file: string, offset: number, bytes: Uint8Array<ArrayBuffer>, signal?: AbortSignal) =>
    this.#http.json<{ received: number }>('PUT', `/files/${id(file)}/parts/${offset}`, signal ? { bytes, signal } : { bytes });
  commitFile = (file: string) => this.#make<{ file: string; size: number; sha256: string }>(`/files/${id(file)}/commit`, {});
  fileState = (file: string) => this.#read<T.FileState>(`/files/${id(file)}`);
  fileContent = (file: string, from: number, signal: AbortSignal) =>
    this.#http.send('GET', `/files/${id(file)}/content`, from > 0 ? { accept: 'application/octet-stream', range: `bytes=${from}-`, signal } : { accept: 'application/octet-stream', signal });

  #read<A>(path: string): Promise<A> {
    return this.#http.json<A>('GET', path);
  }
  #make<A>(path: string, json: unknown, once?: string): Promise<A> {
    return this.#http.json<A>('POST', path, once === undefined ? { json } : { json, once });
  }
  async #do(method: string, path: string, json?: unknown): Promise<void> {
    await this.#http.send(method, path, json === undefined ? {} : { json });
  }
}
