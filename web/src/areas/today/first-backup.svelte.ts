/**
 * Whether the practice has a backup that was proved. A backup is made beside the server and nobody tells this window, so it looks again now and then
 * while someone may be waiting for it, and stops once there is one.
 */
import type { BackupView } from '$lib/engine/types';
import { engine } from '$lib/state';

const LOOK_AGAIN_MS = 15_000;

export class FirstBackup {
  last = $state.raw<BackupView | null>(null);
  readonly isProved = $derived(this.last?.proved ?? false);

  /** Looks while the page is shown; the answer stops it. */
  watch(): () => void {
    const look = () => void this.#look();
    const timer = setInterval(look, LOOK_AGAIN_MS);
    document.addEventListener('visibilitychange', look);
    look();
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }

  async #look(): Promise<void> {
    if (this.isProved || document.visibilityState !== 'visible') return;
    try {
      this.last = await (await engine()).lastBackup();
    } catch {
      // Not reached: the word about the connection says so, and the step stays open.
    }
  }
}
