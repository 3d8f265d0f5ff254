/** Passwords are stretched in a worker of their own, which ends afterwards and takes its 64 MiB with it. */
import { derivePasswordSlot, EmptyPassword, Malformed, PasswordMemory, type Bytes } from '$lib/crypto';
import type { StretchAnswer, StretchAsked } from '$lib/crypto/stretch-worker';
import workerUrl from '$lib/crypto/stretch-worker?worker&url';
import { newWorker } from '$lib/trusted';
import type { StretchPort } from '../ports';

const REFUSALS = { PasswordMemory: () => new PasswordMemory(), EmptyPassword: () => new EmptyPassword(), Malformed: () => new Malformed('password salt') };

function stretchAway(password: string, salt: Bytes): Promise<Bytes> {
  const worker = newWorker(workerUrl);
  const answer = new Promise<Bytes>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<StretchAnswer>) => ('stretched' in data ? resolve(data.stretched) : reject(REFUSALS[data.refused]()));
    // A phone out of memory ends the worker without a word.
    worker.onerror = () => reject(new PasswordMemory());
    worker.postMessage({ password, salt } satisfies StretchAsked);
  });
  return answer.finally(() => worker.terminate());
}

export const stretch: StretchPort = (password, salt, account, person) => derivePasswordSlot(password, salt, account, person, stretchAway);
