/** The part of the fake practice that keeps practice recovery: statements, files under papers, agreements and cases. It checks no signatures. */
import { hashStatement, fromB64u } from '$lib/crypto';
import type { KeyringReturned, RecoveryAsked, RecoveryCase, RecoveryMade, RecoverySeen } from '$lib/api';
import { problem, type FakePractice } from './fake-practice';

interface FakePlan extends RecoveryMade {
  readonly n: number;
  readonly by: string;
  readonly papers: { person: string; recipient: string }[];
  readonly endorsements: string[];
}

interface FakeCase extends RecoveryCase {
  readonly halves: RecoveryAsked['halves'];
}

const payloadOf = (statement: string) => JSON.parse(new TextDecoder().decode(fromB64u(statement.split('.')[0] ?? '', 'statement'))) as Record<string, unknown>;

export class FakeRecovery {
  plan: FakePlan | null = null;
  next: RecoverySeen['next'] = { n: 1, prev: null };
  readonly papers = new Map<string, string>();
  /** By person: the number of the plan, or null where they declined. */
  readonly answers = new Map<string, { n: number; agreed: boolean }>();
  readonly cases: FakeCase[] = [];
  /** Tests let the practice lie here. */
  lie: (seen: RecoverySeen) => RecoverySeen = (seen) => seen;

  constructor(private readonly practice: FakePractice) {}

  #name = (person: string) => this.practice.persons.get(person)?.account.name ?? '';
  #isOwner = (person: string) => this.practice.persons.get(person)?.role === 'owner';
  #agrees = (person: string) => this.plan !== null && this.answers.get(person)?.agreed === true && this.answers.get(person)?.n === this.plan.n;

  #seen(me: string): RecoverySeen {
    const { plan } = this;
    const answer = this.answers.get(me);
    const mine = answer?.agreed ? { n: answer.n, at: '' } : null;
    const owners = [...this.practice.persons.keys()].filter(this.#isOwner);
    return this.lie({
      plan: plan && { statement: plan.statement, n: plan.n, made_at: '', by: plan.by, by_name: this.#name(plan.by), stale: false, holders: plan.papers.length, papers: plan.papers.map(({ person }) => ({ person, name: this.#name(person) })), endorsements: [...plan.endorsements] },
      next: this.next,
      mine,
      asked: plan !== null && answer?.n !== plan.n,
      owners: this.#isOwner(me) ? owners.map((person) => ({ person, name: this.#name(person), paper: this.papers.get(person) ?? null })) : [],
      agreed: this.#isOwner(me) ? { of: this.practice.persons.size, agreed: [...this.practice.persons.keys()].filter(this.#agrees).length } : null,
    });
  }

  #find(which: string): FakeCase {
    const found = this.cases.find((one) => one.case === which);
    if (!found) throw problem(404, 'not-found');
    return found;
  }

  /** The routes as one person's device calls them. */
  routes(signedIn: () => string) {
    const owner = () => {
      const me = signedIn();
      if (!this.#isOwner(me)) throw problem(403, 'not-allowed');
      return me;
    };
    return {
      recovery: async () => this.#seen(signedIn()),
      putRecoveryPaper: async (statement: string) => void this.papers.set(owner(), statement),
      putRecovery: async (made: RecoveryMade) => {
        const { n, prev, papers } = payloadOf(made.statement) as unknown as FakePlan & { prev: string | null };
        const by = owner();
        if (n !== this.next.n || prev !== this.next.prev) throw problem(409, 'plan-moved');
        this.plan = { ...made, n, by, papers, endorsements: [] };
        this.next = { n: n + 1, prev: await hashStatement(made.statement) };
      },
      endRecovery: async () => {
        owner();
        this.plan = null;
        this.answers.clear();
      },
      agreeToRecovery: async (n: number) => void this.answers.set(signedIn(), { n, agreed: true }),
      leaveRecovery: async () => void this.answers.set(signedIn(), { n: this.plan?.n ?? 0, agreed: false }),
      endorseRecovery: async (statement: string) => void (signedIn(), this.plan?.endorsements.push(statement)),
      recoveryFiles: async () => ({ n: this.plan?.n ?? 0, files: (this.plan?.files ?? []).flatMap(({ first, then, body }) => (first === owner() && then !== null ? [{ then, body }] : [])) }),
      recoveries: async () => ({ cases: (owner(), this.cases) }),
      askRecovery: async ({ person, purpose, reason, halves }: RecoveryAsked) => {
        const by = owner();
        if (!this.#agrees(person)) throw problem(409, 'not-agreed');
        const times = { asked_at: '', expires_at: '', ended_at: null };
        const made: FakeCase = { case: `cas_${this.cases.length}`, person, name: this.#name(person), purpose, reason, by, by_name: this.#name(by), ...times, state: 'asked', opened_by: null, ended_by: null, mine: true, open_to_me: false, sole: this.plan?.papers.length === 1, halves };
        this.cases.push(made);
        return made;
      },
      openRecovery: async (which: string) => {
        const [me, found] = [owner(), this.#find(which)];
        if (!found.sole && found.by === me) throw problem(403, 'needs-another-owner');
        if (found.state !== 'asked' && found.state !== 'opened') throw problem(409, 'case-over');
        found.state = 'opened';
        const { keyring } = this.practice.persons.get(found.person) ?? { keyring: { version: 0, body: '' } };
        const half = found.halves.find(({ then }) => then === me)?.body ?? null;
        return { keyring: { body: keyring.body, version: keyring.version }, half, file: found.sole ? (this.plan?.files[0]?.body ?? null) : null };
      },
      returnKeyring: async (which: string, { version, body, link }: KeyringReturned) => {
        const [me, found] = [owner(), this.#find(which)];
        const person = this.practice.persons.get(found.person);
        if (!person || person.keyring.version !== version) throw problem(409, 'keyring-moved');
        person.keyring = { version: version + 1, body };
        person.slots = [{ slot: link.slot, kind: 'link', label: 'link', login_key: link.login_key, salt: null, passkey: null }];
        person.kits = false;
        this.practice.links.set(link.slot, 'waiting');
        [found.state, found.ended_by] = ['finished', this.#name(me)];
      },
      stopRecovery: async (which: string) => void (owner(), (this.#find(which).state = 'stopped')),
      myRecoveries: async () => ({ cases: this.cases.filter(({ person }) => person === signedIn()) }),
      stopMyRecovery: async (which: string) => void (signedIn(), (this.#find(which).state = 'stopped')),
    };
  }
}
