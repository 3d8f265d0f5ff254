/** Argon2id, alone in its file: it carries WebAssembly that a window never loads, since passwords are stretched in a worker. */
import { argon2id } from 'hash-wasm';
import { ownBytes, type Bytes } from './bytes';
import { Malformed, PasswordMemory } from './errors/files';
import { EmptyPassword } from './errors/keys';

// The parameters of version 1. They are constants on purpose: whatever a server says about cost is not listened to.
const ARGON2 = { memorySize: 64 * 1024, iterations: 3, parallelism: 1, hashLength: 32 } as const;

/** Bytes of a password's salt. */
export const PASSWORD_SALT_BYTES = 16;

/** Stretches a password: Argon2id, 64 MiB, 3 passes (RFC 9106), after Unicode NFKC. */
export async function stretchPassword(password: string, salt: Bytes): Promise<Bytes> {
  if (password === '') throw new EmptyPassword();
  if (salt.length !== PASSWORD_SALT_BYTES) throw new Malformed('password salt');
  try {
    return ownBytes(await argon2id({ ...ARGON2, password: password.normalize('NFKC'), salt, outputType: 'binary' }));
  } catch (error) {
    if (error instanceof RangeError || error instanceof WebAssembly.RuntimeError) throw new PasswordMemory();
    throw error;
  }
}
