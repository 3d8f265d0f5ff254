/** What can come back instead of an answer: a problem that the server names (RFC 9457), or no answer at all. */

export interface ProblemFields {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly next: string;
  /** Members beyond the standard ones: `head`, `epoch`, `received`, … */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A refusal by the server, under its stable code. */
export class ApiProblem extends Error implements ProblemFields {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly next: string;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(fields: ProblemFields) {
    super(fields.detail || fields.title || `${fields.status} ${fields.code}`);
    this.status = fields.status;
    this.code = fields.code;
    this.title = fields.title;
    this.detail = fields.detail;
    this.next = fields.next;
    this.facts = fields.facts;
  }

  /** Seconds to wait after `too-many-attempts`, or null. */
  get retryAfter_s(): number | null {
    const value = this.facts['retry_after_s'];
    return typeof value === 'number' ? value : null;
  }
}

/** No answer: no network, no server, or an answer that is not Alcove's. Trying again later is safe. */
export class Offline extends Error {
  override readonly name = 'Offline';
  readonly alarm = false;
  constructor(cause?: unknown) {
    super('The practice cannot be reached. What you wrote is kept on this device and is sent when the connection is back.', { cause });
  }
}

/** The server is there, and its data is closed until somebody opens it. */
export function isSealed(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === 'sealed';
}

const STANDARD = new Set(['type', 'status', 'code', 'title', 'detail', 'next']);

/** The problem in a refused answer. A body that is no problem (a proxy's page) counts as no answer for 5xx, else as `unexpected-answer`. */
export async function problemOf(response: Response): Promise<ApiProblem | Offline> {
  const body = await response.json().catch(() => null) as Record<string, unknown> | null;
  const text = (name: string) => (typeof body?.[name] === 'string' ? (body[name] as string) : '');
  if (text('code') === '') {
    if (response.status >= 500) return new Offline();
    return new ApiProblem({ status: response.status, code: 'unexpected-answer', title: '', detail: '', next: '', facts: {} });
  }
  const facts: Record<string, unknown> = Object.fromEntries(Object.entries(body ?? {}).filter(([name]) => !STANDARD.has(name)));
  const wait_s = Number(response.headers.get('Retry-After'));
  if (wait_s > 0) facts['retry_after_s'] = wait_s;
  return new ApiProblem({ status: response.status, code: text('code'), title: text('title'), detail: text('detail'), next: text('next'), facts });
}
