/** Windows of one browser: who sends (Web Locks), and what the others should look at again (BroadcastChannel). */
import type { LocksPort, NeighbourMessage, NeighboursPort } from '../ports';

export const locks: LocksPort = {
  alone<A>(name: string, task: () => Promise<A>): Promise<A | null> {
    return navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock === null ? null : task())) as Promise<A | null>;
  },
  inTurn<A>(name: string, task: () => Promise<A>): Promise<A> {
    return navigator.locks.request(name, task) as Promise<A>;
  },
};

const channel = new BroadcastChannel('alcove');

export const neighbours: NeighboursPort = {
  tell(message: NeighbourMessage): void {
    channel.postMessage(message);
  },
  listen(listener: (message: NeighbourMessage) => void): void {
    channel.addEventListener('message', ({ data }: MessageEvent<NeighbourMessage>) => listener(data));
  },
};
