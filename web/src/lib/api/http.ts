/**
 * One request to the practice: cookies, and what went wrong under a name. Knows no route; openapi-fetch (client.ts) makes the requests.
 */
import { Offline, problemOf } from './problem';

export interface HttpOptions {
  /** `https://host[:port]`; in a browser its own origin. */
  readonly origin: string;
  /** Keeps cookies and says that this is no browser. In a browser the browser keeps them. */
  readonly headless: boolean;
  readonly fetch?: typeof fetch;
}

export class Http {
  readonly #isHeadless: boolean;
  readonly #fetch: typeof fetch;
  /** Name and value, headless only. */
  readonly #cookies = new Map<string, string>();

  constructor({ headless, fetch: given }: HttpOptions) {
    this.#isHeadless = headless;
    this.#fetch = given ?? fetch.bind(globalThis);
  }

  /** The answer, unless it is a refusal. @throws {@link ApiProblem} @throws {@link Offline} */
  async send(request: Request): Promise<Response> {
    if (this.#isHeadless) this.#introduce(request.headers);
    let response: Response;
    try {
      response = await this.#fetch(request);
    } catch (error) {
      if (request.signal.aborted) throw error;
      throw new Offline(error);
    }
    if (this.#isHeadless) this.#keepCookies(response);
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  #introduce(headers: Headers): void {
    headers.set('Alcove-Client', '1');
    if (this.#cookies.size > 0) headers.set('Cookie', [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '));
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
