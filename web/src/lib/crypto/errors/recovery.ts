/** Refusals about practice recovery: papers, plans, the files under the papers, and the keyrings that they open. */
import { Alarm, Refusal } from './base';

/** A recovery paper was announced by somebody else than its owner, or by nobody whom this device knows. */
export class PaperNotTheirs extends Alarm {
  override readonly name = 'PaperNotTheirs';
  constructor(readonly person: string) {
    super('The server shows a recovery paper that its owner did not sign. It was left out. Ask the owner to make a new one.');
  }
}

/** Nobody whom this device knows stands for the plan. */
export class PlanNotByKnown extends Alarm {
  override readonly name = 'PlanNotByKnown';
  constructor() {
    super('The plan for practice recovery is signed by nobody whom this device knows. Nothing was sealed to it. Ask your coach or the owner, in person.');
  }
}

/** An older plan than the one that was agreed to, or another one with its number. */
export class PlanRolledBack extends Alarm {
  override readonly name = 'PlanRolledBack';
  constructor() {
    super('The server shows another or an older plan for practice recovery than the one that you agreed to. Nothing was sealed to it. Tell the practice’s owner.');
  }
}

/** The paper opens none of the files of this plan. */
export class PaperDoesNotOpen extends Refusal {
  override readonly name = 'PaperDoesNotOpen';
  constructor() {
    super('This recovery paper does not belong to the plan as it is now. Take your newest recovery paper, or make the plan anew.');
  }
}

/** What lay under the papers is not the key that the plan names. */
export class RecoveryKeySwapped extends Alarm {
  override readonly name = 'RecoveryKeySwapped';
  constructor() {
    super('What the server sent holds another key than the plan that an owner signed. Nothing was opened. Set practice recovery up anew, and check the server.');
  }
}

/** The keyring is not sealed to the plan. */
export class NotSealedToPlan extends Refusal {
  override readonly name = 'NotSealedToPlan';
  constructor() {
    super('This person’s keys are not sealed to the plan: they did not agree to it, or the server sent an older keyring. Nothing was changed.');
  }
}

/** The keyring inside is not of the version that the server names. */
export class RecoveredKeyringOlder extends Alarm {
  override readonly name = 'RecoveredKeyringOlder';
  constructor(named: number, found: number) {
    super(`The server sent version ${found} of this person’s keyring and called it version ${named}. Nothing was changed. Check whether the server was restored.`);
  }
}
