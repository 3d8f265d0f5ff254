/** Stretches one password away from the window, which stays usable meanwhile. It answers once; whoever started it ends it. */
import { stretchPassword } from './stretch';
import type { Bytes } from './bytes';

export interface StretchAsked {
  readonly password: string;
  readonly salt: Bytes;
}
export type StretchAnswer = { readonly stretched: Bytes } | { readonly refused: 'PasswordMemory' | 'EmptyPassword' | 'Malformed' };

self.onmessage = async ({ data }: MessageEvent<StretchAsked>) => {
  let answer: StretchAnswer;
  try {
    answer = { stretched: await stretchPassword(data.password, data.salt) };
  } catch (error) {
    const { name } = error as Error;
    answer = { refused: name === 'EmptyPassword' || name === 'Malformed' ? name : 'PasswordMemory' };
  }
  self.postMessage(answer);
};
