/**
 * Which note the page of one note is about, while its address changes: a new note gets an address of its own once it
 * is kept, and stays the same draft; any other address is another note.
 */

export class NotePlace {
  /** The record that the draft begun here got, and what its draft is known by. */
  #named = $state.raw<{ record: string; key: string } | null>(null);
  /** The address has followed; until then the old one still means the draft that was named. */
  #isArrived = $state(false);
  readonly #asked: () => string;

  constructor(asked: () => string) {
    this.#asked = asked;
  }

  /** Changes exactly when another draft is to be opened. */
  readonly key = $derived.by(() => {
    const asked = this.#asked();
    if (this.#named && (asked === this.#named.record || (!this.#isArrived && this.#isBeginning(asked)))) return this.#named.key;
    return this.#isBeginning(asked) ? `${asked}:${this.#named?.record ?? ''}` : asked;
  });

  /** True for a note that was begun on this page. */
  readonly isNew = $derived.by(() => this.#isBeginning(this.#asked()) || this.#asked() === this.#named?.record);

  /** True when the note was begun as a private one. */
  readonly isPrivate = $derived.by(() => this.key.startsWith('private:'));

  /** The draft got its record. */
  name(record: string): void {
    [this.#named, this.#isArrived] = [{ record, key: this.key }, false];
  }

  /** To be called whenever the asked address changes. */
  follow(): void {
    if (this.#asked() === this.#named?.record) this.#isArrived = true;
  }

  #isBeginning(asked: string): boolean {
    return asked === 'new' || asked === 'private';
  }
}
