/**
 * A practice in memory that answers as the server would, for tests of the engine. It keeps what it is sent, checks heads and epochs, and can be told
 * to be away, to move, or to lie. It checks no signatures: the engine does.
 */
import { appendLeaf, b64u, deriveLeafHash, EMPTY_DIRECTORY, fromB64u, hashFile, hashStatement, type Bytes } from '$lib/crypto';
import { ApiProblem, Offline, type Account, type Api, type Client, type Grant, type Link, type Me, type RecordHead, type RecordWrite, type Reoffer, type RosterAppend, type Team, type SignInChallenge, type SpaceKind, type SpaceMade } from '$lib/api';
import { FakeRecovery } from './fake-recovery';

interface FakeSpace {
  readonly id: string;
  readonly kind: SpaceKind;
  readonly client: string | null;
  readonly entries: string[];
  readonly grants: Grant[];
  readonly changes: RecordHead[];
  readonly members: Map<string, string>;
  head: string;
  epoch: number;
}

export interface FakePerson {
  readonly account: Account;
  readonly role: Me['role'];
  readonly leaf: number;
  keyring: { version: number; body: string };
  kits: boolean;
  slots: Account['slots'];
}

interface FakeInvite {
  readonly space: string;
  readonly pending_grant: string;
  readonly expires_at: string;
  readonly by: string;
  readonly client: string | null;
  readonly colleague: { readonly role: string; readonly name: string } | null;
  readonly epoch: number;
}

const payloadOf = (entry: string) => JSON.parse(new TextDecoder().decode(fromB64u(entry.split('.')[0] ?? '', 'entry'))) as Record<string, unknown> & { op: string; by: string };

export function problem(status: number, code: string, facts: Record<string, unknown> = {}): ApiProblem {
  return new ApiProblem({ status, code, title: code, detail: `Refused: ${code}.`, next: 'Do something else.', facts });
}

export class FakePractice {
  readonly persons = new Map<string, FakePerson>();
  readonly spaces = new Map<string, FakeSpace>();
  readonly clients: Client[] = [];
  /** The team's space, once it was begun. */
  team: string | null = null;
  readonly invites = new Map<string, FakeInvite>();
  readonly leaves: { tag: string; hash: string }[] = [];
  readonly answered = new Map<string, RecordHead>();
  directory = { ...EMPTY_DIRECTORY };
  anchor = { install: 'ins', timeline: 1, size: 1, root: b64u(new Uint8Array(32).fill(1)) };
  /** What owners signed, and whether one still has to. */
  restore: Me['restore'] = { pending: false, statements: [], restored: null };
  /** Roots at earlier sizes of the audit log. */
  readonly roots = new Map<number, string>();
  away = false;
  /** Too late to bring anything back. */
  isLate = false;
  /** Taken, and handed out to nobody. */
  readonly withheld = new Set<RecordHead>();
  /** The code that a second step takes; null where none is asked for. */
  secondCode: string | null = null;
  needsFactor = false;
  /** Sessions count as proved by one thing, so that unlocking takes the second as well. */
  isSingle = false;
  /** Changes of slots are refused to whoever did not unlock since. */
  wantsProof = false;
  readonly proved = new Set<string>();
  owner = '';
  readonly links = new Map<string, Link['state']>();
  readonly recovery = new FakeRecovery(this);

  /** The API as one device sees it. */
  device(): Api & { person: string; locked: boolean } {
    let person = '';
    let locked = false;
    let waiting: { person: string; tries: number } | null = null;
    const online = () => {
      if (this.away) throw new Offline();
    };
    const signedIn = () => {
      online();
      if (person === '') throw problem(401, 'signed-out');
      if (locked) throw problem(403, 'session-locked');
      return person;
    };
    const space = (id: string) => {
      const found = this.spaces.get(id);
      if (!found || !found.members.has(signedIn())) throw problem(404, 'not-found');
      return found;
    };
    const api = {
      ...this.recovery.routes(() => signedIn()),
      origin: 'https://practice.test',
      practice: async () => ({ name: 'P', state: 'active', zone: null, origin: null, restore_pending: false, version: '0', password_profile: 'nist', backup_key: 'key', install: 'ins' }),
      foundPractice: async ({ owner, notebook }: { owner: Account; notebook: SpaceMade }) => {
        person = this.owner = owner.person;
        await this.#admit(owner, 'owner');
        await this.#found(notebook, 'notebook', null, person);
        return this.#me(person, false);
      },
      challenge: async (who: { person?: string; login_key?: string }): Promise<SignInChallenge> => {
        online();
        const found = who.person ?? [...this.persons].find(([, { slots }]) => slots.some(({ login_key }) => login_key === who.login_key))?.[0] ?? `per_${'0'.repeat(26)}`;
        const salt = this.persons.get(found)?.slots.find(({ kind }) => kind === 'password')?.salt ?? b64u(new Uint8Array(16));
        return { challenge: 'c', nonce: b64u(new Uint8Array(32)), person: found, version: 1, slots: [{ kind: 'password', salt }] };
      },
      signIn: async ({ login_key }: { login_key: string }) => {
        online();
        const found = [...this.persons].find(([, { slots }]) => slots.some((slot) => slot.login_key === login_key));
        if (!found || !this.#entersBy(found[1], login_key)) throw problem(401, 'sign-in-failed');
        if (this.secondCode !== null) {
          waiting = { person: found[0], tries: 5 };
          return { second: { challenge: 'second', methods: ['totp', 'recovery'], key: null, expires_at: '2026-11-24T09:10:00Z' } };
        }
        person = found[0];
        locked = false;
        return { ...this.#me(person, false), keyring: found[1].keyring.body };
      },
      signInSecond: async (_challenge: string, given: { totp?: string }) => {
        online();
        if (waiting === null) throw problem(410, 'sign-in-expired');
        if (given.totp !== this.secondCode) {
          waiting.tries -= 1;
          const failed = problem(403, 'second-factor-failed', { tries_left: waiting.tries });
          if (waiting.tries === 0) waiting = null;
          throw failed;
        }
        person = waiting.person;
        [waiting, locked] = [null, false];
        return { ...this.#me(person, false), keyring: (this.persons.get(person) as FakePerson).keyring.body };
      },
      prove: async ({ login_key }: { login_key: string }, { totp }: { totp?: string }) => {
        online();
        if (!this.persons.get(person)?.slots.some((slot) => slot.login_key === login_key)) throw problem(401, 'sign-in-failed');
        if (this.secondCode !== null && totp === undefined) throw problem(403, 'second-factor-wanted');
        if (this.secondCode !== null && totp !== this.secondCode) throw problem(403, 'second-factor-failed');
        this.proved.add(person);
      },
      unlock: async ({ login_key }: { login_key: string }, { totp }: { totp?: string } = {}) => {
        online();
        if (!this.persons.get(person)?.slots.some((slot) => slot.login_key === login_key)) throw problem(401, 'sign-in-failed');
        if (this.isSingle && totp === undefined) throw problem(403, 'second-factor-wanted');
        if (this.isSingle && totp !== this.secondCode) throw problem(403, 'second-factor-failed');
        locked = false;
        this.proved.add(person);
      },
      lock: async () => {
        online();
        locked = true;
      },
      sendRestoreStatement: async (statement: string) => {
        if (signedIn() !== this.owner) throw problem(403, 'not-allowed');
        this.restore = { pending: false, statements: [...this.restore.statements, statement], restored: null };
        this.anchor = { ...this.anchor, timeline: this.anchor.timeline + 1 };
        this.advance(this.anchor.size + 1);
      },
      signOut: async () => {
        online();
        person = '';
      },
      me: async () => {
        online();
        if (person === '') throw problem(401, 'signed-out');
        return this.#me(person, locked);
      },
      keyring: async () => this.persons.get(signedIn())?.keyring,
      changeKeyring: async ({ version, body, add, remove }: { version: number; body: string; add: Account['slots']; remove: string[] }) => {
        const me = this.persons.get(signedIn());
        if (this.wantsProof && (add.length > 0 || remove.length > 0) && !this.proved.has(person)) throw problem(403, 'proof-too-old');
        if (!me || me.keyring.version !== version) throw problem(409, 'keyring-moved');
        me.keyring = { version: version + 1, body };
        me.slots = [...me.slots.filter(({ slot }) => !remove.includes(slot)), ...add];
        for (const { slot, kind } of add) if (kind === 'link') this.links.set(slot, 'waiting');
        for (const slot of remove) this.links.set(slot, this.links.get(slot) === 'entered' ? 'done' : 'cancelled');
        return { version: version + 1 };
      },
      link: async (slot: string) => {
        signedIn();
        const state = this.links.get(slot);
        if (!state) throw problem(404, 'not-found');
        return { slot, state, expires_at: '2026-11-24T09:10:00.000Z', used_at: null, device: state === 'entered' || state === 'done' ? { device: 'dev', label: 'Pixel 9' } : null };
      },
      proveKits: async () => {
        const me = this.persons.get(signedIn());
        if (me) me.kits = true;
      },
      directory: async (from: number) => ({ leaves: this.leaves.slice(from - 1).map((leaf, i) => ({ n: from + i, ...leaf })), ...this.directory }),
      anchorAt: async (size: number) => ({ ...this.anchor, size, root: this.roots.get(size) ?? this.anchor.root }),
      reofferLeaves: async (leaves: readonly { tag: string; hash: string }[]) => {
        if (signedIn() !== this.owner) throw problem(403, 'not-allowed');
        for (const leaf of leaves) if (!this.leaves.some(({ tag, hash }) => tag === leaf.tag && hash === leaf.hash)) await this.append(leaf);
      },
      reoffer: async (id: string, { records }: Reoffer) => this.#retake(space(id), records),
      clients: async () => ({ clients: this.clients.filter(({ shared }) => this.spaces.get(shared)?.members.has(signedIn())).map((client) => this.#clientFor(client, person)) }),
      beginOwn: async (client: string, made: SpaceMade) => void (await this.#found(made, 'own', client, signedIn())),
      beginTeam: async (made: SpaceMade) => {
        if (this.team !== null) throw problem(409, 'team-exists');
        this.team = await this.#found(made, 'team', null, signedIn());
      },
      colleagues: async () => this.#colleagues(signedIn()),
      addClient: async (made: { client: string; name: string; email: string | null; shared: SpaceMade; own: SpaceMade }) => {
        const shared = await this.#found(made.shared, 'shared', made.client, signedIn());
        const own = await this.#found(made.own, 'own', made.client, signedIn());
        const client: Client = { client: made.client, name: made.name, email: made.email, zone: null, created_at: '', person: null, state: 'added', shared, own, practitioner: person, place: 'practitioner', invite: null, etag: '"1"' };
        this.clients.push(client);
        return client;
      },
      changeClient: async (id: string, { name }: { name?: string }) => {
        const found = this.clients.find(({ client }) => client === id);
        if (!found) throw problem((signedIn(), 404), 'not-found');
        found.name = name ?? found.name;
        return found;
      },
      invite: async (id: string) => {
        online();
        const invite = this.invites.get(id);
        const into = invite && this.spaces.get(invite.space);
        if (!invite || !into) throw problem(404, 'not-found');
        const coach = this.persons.get(invite.by)?.account;
        const last: Record<string, number> = {};
        for (const { epoch, device, dev_seq } of into.changes) if (epoch === invite.epoch) last[device] = Math.max(last[device] ?? 0, dev_seq);
        return { practice: 'P', state: 'open', expires_at: invite.expires_at, pending_grant: invite.pending_grant, space: into.id, roster: [...into.entries], coach: { person: coach?.person, name: coach?.name, statement: coach?.statement, salt: coach?.leaf.salt }, last };
      },
      join: async (id: string, { account, notebook, head, entries, grants }: { account: Account; notebook: SpaceMade; head: string; entries: string[]; grants: Grant[] }) => {
        online();
        const invite = this.invites.get(id);
        const into = invite && this.spaces.get(invite.space);
        if (!into) throw problem(404, 'not-found');
        person = account.person;
        await this.#admit(account, (invite.colleague?.role ?? 'client') as Me['role']);
        await this.#append(into, { head, entries, grants, invite: null });
        await this.#found(notebook, 'notebook', null, person);
        return this.#me(person, false);
      },
      roster: async (id: string, from: number) => ({ entries: space(id).entries.slice(from), head: space(id).head, size: space(id).entries.length }),
      appendRoster: async (id: string, append: RosterAppend) => {
        const into = space(id);
        await this.#append(into, append);
        const { invite } = append;
        if (invite) this.invites.set(invite.invite, { space: id, pending_grant: invite.pending_grant, expires_at: invite.expires_at, by: person, client: invite.client ?? null, colleague: invite.colleague ?? null, epoch: into.epoch });
        return { head: into.head, size: into.entries.length };
      },
      grants: async (id: string) => ({ grants: space(id).grants.filter(({ to }) => to === person).map(({ epoch, body }) => ({ epoch, body, at: '' })) }),
      addGrants: async (id: string, grants: Grant[]) => void space(id).grants.push(...grants),
      members: async (id: string) => ({
        members: [...space(id).members].map(([found, role]) => {
          const { account, leaf } = this.persons.get(found) as FakePerson;
          return { person: found, name: account.name, state: 'active', role, statement: account.statement, salt: account.leaf.salt, leaf };
        }),
      }),
      writeRecord: async (id: string, write: RecordWrite, once: string) => this.#write(space(id), write, once, person),
      changes: async (id: string, since: number) => {
        const { changes } = space(id);
        return { changes: changes.filter((change) => change.seq > since && !this.withheld.has(change)), head: changes.length, more: false };
      },
      record: async (id: string, record: string, rev: number) => fromB64u(space(id).changes.find((change) => change.record === record && change.rev === rev)?.body ?? '', 'record'),
    };
    return Object.defineProperties(api as unknown as Api & { person: string; locked: boolean }, {
      person: { get: () => person },
      locked: { get: () => locked },
    });
  }

  async #admit(account: Account, role: Me['role']): Promise<void> {
    const hash = await deriveLeafHash(fromB64u(account.leaf.salt, 'salt'), account.statement);
    const leaf = { tag: account.leaf.tag, hash };
    await this.append(leaf);
    this.persons.set(account.person, { account, role, leaf: this.leaves.length, keyring: { version: 1, body: account.keyring }, kits: false, slots: account.slots });
  }

  /** The audit log has grown. */
  advance(size: number): void {
    this.roots.set(this.anchor.size, this.anchor.root);
    this.anchor = { ...this.anchor, size, root: b64u(new Uint8Array(32).fill(size)) };
  }

  async append(leaf: { tag: string; hash: string }): Promise<void> {
    this.leaves.push(leaf);
    this.directory = { size: this.directory.size + 1, head: await appendLeaf(this.directory.head, leaf) };
  }

  async #retake(space: FakeSpace, records: Reoffer['records']): Promise<void> {
    if (this.isLate) throw problem(409, 'reoffer-closed');
    for (const { body, ...offered } of records) {
      const head = space.changes.findLast(({ record }) => record === offered.record);
      if ((head?.hash ?? null) !== offered.prev) continue;
      const bytes: Bytes = fromB64u(body, 'record');
      space.changes.push({ ...offered, seq: space.changes.length + 1, hash: await hashFile(bytes), size: bytes.length, body });
    }
  }

  /** A backup is put back: it had so many leaves, and in one space so many records. An owner has still to sign. */
  async putBack(leaves: number, space: string, records: number): Promise<void> {
    const kept = this.leaves.splice(0).slice(0, leaves);
    this.directory = { ...EMPTY_DIRECTORY };
    for (const leaf of kept) await this.append(leaf);
    this.spaces.get(space)?.changes.splice(records);
    this.answered.clear();
    const restored = { size: this.anchor.size - 1, root: b64u(new Uint8Array(32).fill(99)) };
    this.anchor = { ...this.anchor, ...restored };
    this.restore = { pending: true, statements: [], restored };
  }

  async #found({ genesis, grants }: SpaceMade, kind: FakeSpace['kind'], client: string | null, by: string): Promise<string> {
    const head = await hashStatement(genesis);
    const id = `spc_${head}`;
    this.spaces.set(id, { id, kind, client, entries: [genesis], grants: [...grants], changes: [], members: new Map([[by, kind === 'notebook' ? 'client' : 'practitioner']]), head, epoch: 1 });
    return id;
  }

  async #append(space: FakeSpace, { head, entries, grants }: RosterAppend): Promise<void> {
    if (head !== space.head) throw problem(409, 'roster-moved');
    for (const entry of entries) {
      const { op, by, person, role, epoch } = payloadOf(entry);
      if (op === 'join') space.members.set(by, String(role));
      if (op === 'role') space.members.set(String(person), String(role));
      if (op === 'add') space.members.set(String(person), String(role));
      if (op === 'remove') space.members.delete(String(person));
      if (op === 'epoch') space.epoch = (epoch as { n: number }).n;
      space.entries.push(entry);
      space.head = await hashStatement(entry);
    }
    space.grants.push(...grants);
  }

  async #write(space: FakeSpace, { body, ...write }: RecordWrite, once: string, author: string): Promise<RecordHead> {
    const before = this.answered.get(`${author}/${once}`);
    if (before) return before;
    if (this.needsFactor) throw problem(403, 'factor-needed');
    if (write.epoch !== space.epoch) throw problem(409, 'epoch-closed', { epoch: space.epoch });
    const head = space.changes.findLast(({ record }) => record === write.record);
    if ((head?.hash ?? null) !== write.prev) throw problem(409, 'head-moved', { head });
    const bytes: Bytes = fromB64u(body, 'record');
    const made: RecordHead = { ...write, seq: space.changes.length + 1, hash: await hashFile(bytes), author, device: this.deviceOf(author), at: '', size: bytes.length, body };
    space.changes.push(made);
    this.answered.set(`${author}/${once}`, made);
    return { ...made, body: null };
  }

  #clientFor(client: Client, person: string): Client {
    const own = [...this.spaces.values()].find(({ kind, client: about, members }) => kind === 'own' && about === client.client && members.has(person));
    return { ...client, own: own?.id ?? null, place: this.spaces.get(client.shared)?.members.get(person) ?? '' };
  }

  #colleagues(person: string): Team {
    const members = this.spaces.get(this.team ?? '')?.members;
    if (!members?.has(person)) return { space: null, colleagues: [], invites: [] };
    const colleagues = [...members.keys()].map((found) => {
      const { account, role } = this.persons.get(found) as FakePerson;
      return { person: found, name: account.name, role, role_name: null, state: 'active', manages_clients: role !== 'staff', how: null };
    });
    const open = [...this.invites].filter(([, { colleague }]) => colleague !== null);
    const invites = open.map(([invite, { colleague, by, expires_at }]) => ({ invite, name: colleague?.name ?? '', role: colleague?.role ?? '', role_name: null, by, expires_at }));
    return { space: this.team, colleagues, invites };
  }

  /** Whose account is suspended or closed. */
  readonly states = new Map<string, 'suspended' | 'deleted'>();

  /** Tests name the device of each person, since records carry it. */
  readonly devices = new Map<string, string>();
  deviceOf(person: string): string {
    return this.devices.get(person) ?? 'dev';
  }

  /** A link lets in once. */
  #entersBy({ slots }: FakePerson, key: string): boolean {
    const used = slots.find(({ login_key }) => login_key === key);
    if (used?.kind !== 'link') return true;
    if (this.links.get(used.slot) !== 'waiting') return false;
    this.links.set(used.slot, 'entered');
    return true;
  }

  /** Ten minutes later: links that nobody used are gone. */
  linksRunOut(): void {
    for (const person of this.persons.values()) person.slots = person.slots.filter(({ kind }) => kind !== 'link');
    for (const [slot, state] of this.links) if (state === 'waiting') this.links.set(slot, 'expired');
  }

  #me(person: string, locked: boolean): Me {
    const { account, role, keyring, kits, slots } = this.persons.get(person) as FakePerson;
    const spaces = [...this.spaces.values()].filter(({ members }) => members.has(person));
    return {
      person, name: account.name, email: account.email, zone: account.zone, role, role_name: null, attestation_due: false, password_expired: false, rights: role === 'owner' ? ['manage-clients', 'manage-people'] : role === 'practitioner' ? ['manage-clients'] : [], practice: { name: 'P', zone: 'UTC', origin: 'https://practice.test' },
      keyring_version: keyring.version, kits_proved: kits, device: '', locked,
      spaces: locked ? [] : spaces.map(({ id, kind, client, head, entries, epoch, changes, members }) => ({ space: id, kind, client, roster_head: head, roster_size: entries.length, epoch, changes_head: changes.length, role: members.get(person) ?? '', away: [...this.states].filter(([one]) => members.has(one)).map(([one, state]) => ({ person: one, state })) })),
      slots: slots.map(({ slot, kind, label }) => ({ slot, kind, label, made_at: '' })),
      directory: { ...this.directory }, account_cursor: 0, anchor: { ...this.anchor }, restore: { ...this.restore }, owner: this.owner, last_visit_at: null,
      strength: 'strong', needs_factor: this.needsFactor, factors: { totp: this.secondCode !== null, keys: 0, recovery_left: 0 },
    };
  }
}
