/** Tells the engine that a person is there, at most once a second; without input the keys leave memory. */
import { engine } from './index';

const EVENTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** Watches this window. Call once in the root; the answer stops it. */
export function watchInput(): () => void {
  let last_ms = 0;
  const touched = () => {
    const now_ms = Date.now();
    if (now_ms - last_ms < 1000) return;
    last_ms = now_ms;
    void engine().then((known) => known.touch());
  };
  for (const name of EVENTS) addEventListener(name, touched, { passive: true, capture: true });
  return () => {
    for (const name of EVENTS) removeEventListener(name, touched, { capture: true });
  };
}
