/**
 * One request to the practice: JSON or bytes, the cookie, the idempotency key, and what went wrong under a name. Knows no route.
 */
import { Offline, problemOf } from './problem';

export interface Call {
  readonly json?: unknown;
  readonly bytes?: Uint8Array<ArrayBuffer>;
  /** The same key with the same body gives the first answer again. */
  readonly once?: string;
  readonly ifMatch?: string;
  readonly range?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal;
}

export interface HttpOptions {
  /** `https://host[:port]`; in a browser its own origin. */
  readonly origin: string;
  /** Keeps cookies and says that this is no browser. In a browser the browser keeps them. */
  readonly headless: boolean;
  readonly fetch?: typeof fetch;
}

export class Http {
  readonly #options: HttpOptions;
  readonly #fetch: typeof fetch;
  /** Name and value, headless only. */
  readonly #cookies = new Map<string, string>();

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#fetch = options.fetch ?? fetch.bind(globalThis);
  }

  /** The answer, unless it is a refusal. @throws {@link ApiProblem} @throws {@link Offline} */
  async send(method: string, path: string, call: Call = {}): Promise<Response> {
    const init: RequestInit = { method, headers: this.#headers(call), redirect: 'error', cache: 'no-store', credentials: 'same-origin' };
    if (call.json !== undefined) init.body = JSON.stringify(call.json);
    if (call.bytes !== undefined) init.body = call.bytes;
    if (call.signal) init.signal = call.signal;
    let response: Response;
    try {
      response = await this.#fetch(`${this.#options.origin}/api/v1${path}`, init);
    } catch (error) {
      if (call.signal?.aborted) throw error;
      throw new Offline(error);
    }
    if (this.#options.headless) this.#keepCookies(response);
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  /** The JSON of an answer. */
  async json<T>(method: string, path: string, call: Call = {}): Promise<T> {
    const response = await this.send(method, path, call);
    try {
      return (await response.json()) as T;
    } catch (error) {
      throw new Offline(error);
    }
  }

  async bytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
    const response = await this.send('GET', path, { accept: 'application/octet-stream' });
    try {
      return new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      throw new Offline(error);
    }
  }

  #headers(call: Call): Record<string, string> {
    const headers: Record<string, string> = { Accept: call.accept ?? 'application/json' };
    if (call.json !== undefined) headers['Content-Type'] = 'application/json';
    if (call.bytes !== undefined) headers['Content-Type'] = 'application/octet-stream';
    if (call.once !== undefined) headers['Idempotency-Key'] = call.once;
    if (call.ifMatch !== undefined) headers['If-Match'] = call.ifMatch;
    if (call.range !== undefined) headers['Range'] = call.range;
    if (this.#options.headless) {
      headers['Alcove-Client'] = '1';
      if (this.#cookies.size > 0) headers['Cookie'] = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    }
    return headers;
  }

  #keepCookies(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', ...rest] = pair.split('=');
      const value = rest.join('=');
      if (value === '' || /max-age=0(;|$)/i.test(line)) this.#cookies.delete(name.trim());
      else this.#cookies.set(name.trim(), value);
    }
  }
}
