/**
 * WebAuthn ceremonies with the PRF extension. Bodies are built field by field: a credential is never serialised, because its extension results hold
 * the PRF bytes.
 */
import { b64u, derivePasskeyInput, fromB64u, type Bytes } from '$lib/crypto';
import type { KeyAsking, KeyProof, PasskeyAsking, PasskeyAttestation, PasskeyMaking } from '$lib/api';
import { PasskeyCancelled, PasskeyUnsupported, PasskeyWithoutPrf } from '../errors';
import type { PasskeyMade, PasskeyPort, PasskeyUsed } from '../ports';

interface PrfResults {
  readonly prf?: { readonly enabled?: boolean; readonly results?: { readonly first?: BufferSource } };
}

const RANDOM_BYTES = 32;

/** Own memory, so that wiping it wipes what the browser gave. */
function prfOf(credential: PublicKeyCredential): Bytes | null {
  const first = (credential.getClientExtensionResults() as PrfResults).prf?.results?.first;
  if (!first) return null;
  return ArrayBuffer.isView(first) ? new Uint8Array(first.buffer as ArrayBuffer, first.byteOffset, first.byteLength) : new Uint8Array(first);
}

async function prfInput(): Promise<AuthenticationExtensionsClientInputs> {
  // Always a salt: an empty prf input breaks Windows Hello.
  return { prf: { eval: { first: await derivePasskeyInput() } } } as AuthenticationExtensionsClientInputs;
}

async function ceremony(run: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let found: Credential | null;
  try {
    found = await run();
  } catch (error) {
    const { name } = error as Error;
    throw name === 'NotAllowedError' || name === 'AbortError' ? new PasskeyCancelled() : name === 'SecurityError' || name === 'NotSupportedError' ? new PasskeyUnsupported() : error;
  }
  if (!(found instanceof PublicKeyCredential)) throw new PasskeyCancelled();
  return found;
}

/** A get() that is only about the PRF: its assertion goes nowhere. */
async function prfOnly(credential?: ArrayBuffer): Promise<Bytes> {
  const extensions = await prfInput();
  const challenge = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  const allowCredentials: PublicKeyCredentialDescriptor[] = credential ? [{ type: 'public-key', id: credential }] : [];
  const found = await ceremony(() => navigator.credentials.get({ publicKey: { challenge, rpId: location.hostname, allowCredentials, userVerification: 'required', extensions } }));
  return prfOf(found) ?? refuse();
}

/**
 * The passkey belongs to this very host. A wider domain would let every neighbouring host ask for the PRF, whose input is no secret.
 * @throws {@link PasskeyUnsupported}
 */
function ownHost(rpId: string): string {
  if (rpId !== location.hostname) throw new PasskeyUnsupported();
  return rpId;
}

function refuse(): never {
  throw new PasskeyWithoutPrf();
}

/** What a credential that was made tells the practice, field by field. */
function attested(challenge: string, made: PublicKeyCredential): PasskeyAttestation {
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    challenge,
    credential_id: b64u(new Uint8Array(made.rawId)),
    client_data: b64u(new Uint8Array(response.clientDataJSON)),
    attestation_object: b64u(new Uint8Array(response.attestationObject)),
    transports: response.getTransports?.() ?? [],
  };
}

/** What every credential is made with. */
function making({ options }: PasskeyMaking) {
  return {
    challenge: fromB64u(options.challenge, 'passkey challenge'),
    rp: { id: ownHost(options.rp_id), name: options.rp_name },
    user: { id: fromB64u(options.user_handle, 'passkey user'), name: options.user_name, displayName: options.user_name },
    pubKeyCredParams: options.algorithms.map((alg) => ({ type: 'public-key' as const, alg })),
    excludeCredentials: options.exclude.map((id) => ({ type: 'public-key' as const, id: fromB64u(id, 'passkey') })),
    attestation: 'none' as const,
  };
}

export const passkeys: PasskeyPort = {
  available(): boolean {
    const isAddress = /^[\d.]+$|^\[/.test(location.hostname);
    return isSecureContext && !isAddress && typeof PublicKeyCredential === 'function';
  },

  async make(asked: PasskeyMaking): Promise<PasskeyMade> {
    if (!this.available()) throw new PasskeyUnsupported();
    const authenticatorSelection = { residentKey: 'required', requireResidentKey: true, userVerification: 'required' } as const;
    const publicKey: PublicKeyCredentialCreationOptions = { ...making(asked), authenticatorSelection, extensions: await prfInput() };
    const made = await ceremony(() => navigator.credentials.create({ publicKey }));
    const isCapable = (made.getClientExtensionResults() as PrfResults).prf?.enabled === true;
    // Some authenticators give the PRF only when used: then it is used once, at once.
    const prf = prfOf(made) ?? (isCapable ? await prfOnly(made.rawId) : refuse());
    return { attestation: attested(asked.challenge, made), prf };
  },

  async use({ challenge, options }: PasskeyAsking, listed?: AbortSignal): Promise<PasskeyUsed> {
    if (!this.available()) throw new PasskeyUnsupported();
    const extensions = await prfInput();
    const publicKey: PublicKeyCredentialRequestOptions = { challenge: fromB64u(options.challenge, 'passkey challenge'), rpId: ownHost(options.rp_id), userVerification: 'required', extensions };
    const used = await ceremony(() => navigator.credentials.get({ publicKey, ...(listed ? { mediation: 'conditional' as const, signal: listed } : {}) }));
    const response = used.response as AuthenticatorAssertionResponse;
    const prf = prfOf(used) ?? refuse();
    const assertion = {
      challenge,
      credential_id: b64u(new Uint8Array(used.rawId)),
      client_data: b64u(new Uint8Array(response.clientDataJSON)),
      authenticator_data: b64u(new Uint8Array(response.authenticatorData)),
      signature: b64u(new Uint8Array(response.signature)),
      user_handle: response.userHandle === null ? '' : b64u(new Uint8Array(response.userHandle)),
    };
    return { assertion, prf };
  },

  async makeKey(asked: PasskeyMaking): Promise<PasskeyAttestation> {
    if (!this.available()) throw new PasskeyUnsupported();
    const authenticatorSelection = { residentKey: 'discouraged', userVerification: 'discouraged' } as const;
    const made = await ceremony(() => navigator.credentials.create({ publicKey: { ...making(asked), authenticatorSelection } }));
    return attested(asked.challenge, made);
  },

  async useKey({ challenge, rp_id: rpId, allow }: KeyAsking): Promise<KeyProof> {
    if (!this.available()) throw new PasskeyUnsupported();
    const allowCredentials = allow.map((id) => ({ type: 'public-key' as const, id: fromB64u(id, 'security key') }));
    const publicKey: PublicKeyCredentialRequestOptions = { challenge: fromB64u(challenge, 'key challenge'), rpId: ownHost(rpId), allowCredentials, userVerification: 'discouraged' };
    const used = await ceremony(() => navigator.credentials.get({ publicKey }));
    const response = used.response as AuthenticatorAssertionResponse;
    return {
      credential_id: b64u(new Uint8Array(used.rawId)),
      client_data: b64u(new Uint8Array(response.clientDataJSON)),
      authenticator_data: b64u(new Uint8Array(response.authenticatorData)),
      signature: b64u(new Uint8Array(response.signature)),
    };
  },

  useOffline(): Promise<Bytes> {
    if (!this.available()) throw new PasskeyUnsupported();
    return prfOnly();
  },
};

