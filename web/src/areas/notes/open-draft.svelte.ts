/**
 * One draft while a page shows it: opened, told of every change, kept when the window goes away, closed at the end.
 * The text is the draft's business; this only ties it to the page.
 */
import type { Draft, DraftSaved, Engine } from '$lib/engine/types';
import { Act } from '../work/act.svelte';

export class OpenDraft {
  readonly opening = new Act();
  draft = $state.raw<Draft | null>(null);
  saved = $state.raw<DraftSaved>({ state: 'empty', at: null, trouble: null });
  title = $state('');
  sessionOn = $state('');
  /** Something was changed since the page opened it, or since it was shared. */
  changed = $state(false);
  #isGone = false;
  #stop = () => {};

  /** Opens it; `onkept` is called once, when something of it is kept for the first time. Gives the way to close it. */
  open(input: Parameters<Engine['openDraft']>[0], onkept: (record: string) => void = () => {}): () => void {
    void this.opening.run((engine) => engine.openDraft(input)).then((opened) => {
      if (opened && this.#isGone) void opened.value.close();
      else if (opened) this.#take(opened.value, onkept);
    });
    return () => this.#close();
  }

  /** Title and day, as they stand in their fields. */
  changeFields(): void {
    this.changed = true;
    this.draft?.change({ title: this.title, session_on: this.sessionOn || null });
  }

  changeText(doc: unknown): void {
    this.changed = true;
    this.draft?.change({ doc });
  }

  flush(): void {
    void this.draft?.flush();
  }

  #take(opened: Draft, onkept: (record: string) => void): void {
    [this.draft, this.saved, this.title, this.sessionOn] = [opened, opened.saved, opened.body.title, opened.body.session_on ?? ''];
    let isNew = opened.saved.state === 'empty';
    const stop = opened.onSaved((now) => {
      this.saved = now;
      if (!isNew || now.state === 'empty') return;
      isNew = false;
      onkept(opened.record);
    });
    const keep = () => this.flush();
    document.addEventListener('visibilitychange', keep);
    window.addEventListener('pagehide', keep);
    this.#stop = () => {
      stop();
      document.removeEventListener('visibilitychange', keep);
      window.removeEventListener('pagehide', keep);
    };
  }

  #close(): void {
    this.#isGone = true;
    this.#stop();
    // At a lock the engine has closed it already.
    this.draft?.close().catch(() => undefined);
  }
}
