/**
 * The two shapes of "no" in this folder. Every refusal is a class of its own with a fixed `name` (minifiers rename classes, so the name is a
 * field) and one plain sentence that says what to do. The UI translates by name; the sentence is the fallback.
 */

/** Something was refused; nothing was written, and trying again after the advice is safe. */
export abstract class Refusal extends Error {
  abstract override readonly name: string;
  /** True where the only honest explanation is tampering or a rolled back server. */
  readonly alarm: boolean = false;
}

/** A refusal that must stop all writing in the space (or practice) until a person has looked at it. */
export abstract class Alarm extends Refusal {
  override readonly alarm = true;
}
