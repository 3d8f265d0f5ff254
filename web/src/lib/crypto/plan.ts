/**
 * The plan of practice recovery: an owner's signed statement that names the recipient to which people seal their keyrings, and the papers under
 * which its key lies. Reading one proves nothing; {@link AcceptedPlan} stands for one that was checked.
 */
import { fromB64u } from './bytes';
import { Malformed } from './errors/files';
import { requireHybrid } from './hybrid';
import { requireId } from './ids';
import { countField, isFields, requireVersion1, textField, type Fields } from './json';
import { hashStatement, UnverifiedStatement } from './signed';

/** Whose recovery paper has which recipient. */
export interface Paper {
  readonly person: string;
  readonly recipient: string;
}

/** Reads a statement of this folder's kind; the caller has checked, or will check, who signed it. */
export function fieldsOf(fields: Fields, what: 'paper' | 'plan' | 'endorse'): Fields {
  requireVersion1(fields, 'recovery statement');
  if (fields.what !== what) throw new Malformed('recovery statement');
  return fields;
}

/** Which plan somebody agreed to. It stands in their keyring. */
export interface AgreedPlan {
  /** 1 at first; one more with each plan made anew. */
  readonly n: number;
  /** SHA-256 of the plan's text, base64url. */
  readonly hash: string;
}

/** A plan that somebody whom this device knows stands for. Only recovery.ts makes one: nothing is sealed to another. */
export class AcceptedPlan implements AgreedPlan {
  readonly #accepted = true;

  private constructor(
    readonly text: string,
    readonly hash: string,
    readonly n: number,
    readonly prev: string | null,
    readonly recipient: string,
    readonly papers: readonly Paper[],
    readonly by: string,
    readonly ts: string,
  ) {}

  /** For recovery.ts only. @throws {@link Malformed} */
  static async of(text: string, { fields }: UnverifiedStatement): Promise<AcceptedPlan> {
    const what = 'recovery plan';
    fieldsOf(fields, 'plan');
    const n = countField(fields, 'n', what, 1);
    const prev = fields.prev === null ? null : textField(fields, 'prev', what);
    if ((prev === null) !== (n === 1)) throw new Malformed(what);
    if (prev !== null) fromB64u(prev, what, 32);
    const recipient = requireHybrid(textField(fields, 'recipient', what));
    const by = requireId('per', fields.by);
    return new AcceptedPlan(text, await hashStatement(text), n, prev, recipient, papersIn(fields), by, textField(fields, 'ts', what));
  }

  /** Whether one paper alone opens it. */
  get sole(): boolean {
    return this.#accepted && this.papers.length === 1;
  }
}

function papersIn({ papers }: Fields): Paper[] {
  if (!Array.isArray(papers) || papers.length === 0) throw new Malformed('recovery plan');
  const read = papers.map((paper: unknown): Paper => {
    if (!isFields(paper)) throw new Malformed('recovery plan');
    return { person: requireId('per', paper.person), recipient: requireHybrid(textField(paper, 'recipient', 'recovery plan')) };
  });
  if (new Set(read.map(({ person }) => person)).size !== read.length) throw new Malformed('recovery plan');
  return read;
}

/** What stands in the keyring for a plan: its number and hash. */
export function labelOfPlan({ n, hash }: AgreedPlan): string {
  return `${n}.${hash}`;
}
