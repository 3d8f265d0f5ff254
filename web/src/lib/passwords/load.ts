/** Loads the judge once, when a password is about to be made: its code and its list are no part of the first page. */
import blocklist from './blocklist.bin?url';
import type { PasswordJudge } from './judge';

let loading: Promise<PasswordJudge> | null = null;

/** After a failure the next call tries again. */
export function passwordJudge(): Promise<PasswordJudge> {
  loading ??= load();
  loading.catch(() => (loading = null));
  return loading;
}

async function load(): Promise<PasswordJudge> {
  const [{ PasswordJudge }, answer] = await Promise.all([import('./judge'), fetch(blocklist)]);
  if (!answer.ok) throw new Error(`the list of common passwords was answered ${answer.status}`);
  return new PasswordJudge(await answer.arrayBuffer());
}
