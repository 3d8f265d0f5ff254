/**
 * The one Trusted Types policy of our own, `app`: it lets a script address through only if it is ours.
 * It must not make HTML or script text, and nobody else may create a policy.
 */

/** Our own scripts: hashed assets, and the service worker at the root. The development server has its own paths. */
const ownPaths = import.meta.env.DEV ? /^\/(assets|src|node_modules|@fs)\/|^\/sw\.js$/ : /^\/assets\/[\w.-]+\.js$|^\/sw\.js$/;

/** The address again, if it is one of our scripts. @throws TypeError for any other. */
export function ownScript(url: string, origin: string = location.origin): string {
  const address = new URL(url, origin);
  if (address.origin !== origin || !ownPaths.test(address.pathname)) throw new TypeError(`Not one of our scripts: ${address.href}`);
  return address.href;
}

interface ScriptUrlPolicy {
  createScriptURL(url: string): unknown;
}
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptUrlPolicy;
}

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
const rules = { createScriptURL: (url: string) => ownScript(url) };
const policy: ScriptUrlPolicy = factory?.createPolicy('app', rules) ?? rules;

/** Starts one of our module workers. Import its address with `?worker&url`. */
export function newWorker(url: string): Worker {
  return new Worker(policy.createScriptURL(url) as string, { type: 'module' });
}

/** Registers our service worker for the whole site. */
export function registerServiceWorker(url: '/sw.js'): Promise<ServiceWorkerRegistration> {
  return navigator.serviceWorker.register(policy.createScriptURL(url) as string, { scope: '/', type: 'module' });
}
