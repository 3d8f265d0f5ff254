/**
 * Drafts that wait on the device: sealed to the newest secret of the person's own space, so that a locked device keeps them unreadable.
 */
import { utf8, type Bytes } from './bytes';
import { epochSecretOf, type SpaceKeys } from './epoch';
import { CannotOpen } from './errors/files';
import { parseFields, type Fields } from './json';
import { openWithSecret, sealToSecret } from './secret';

/** Seals a JSON object for this device's storage. */
export async function sealDraft(own: SpaceKeys, draft: Fields): Promise<Bytes> {
  return sealToSecret('draft', epochSecretOf(own, own.epochs.at(-1) ?? 1), utf8(JSON.stringify(draft)));
}

/** Opens a draft with whichever own epoch sealed it: drafts outlive rotations. */
export async function openDraft(own: SpaceKeys, file: Bytes): Promise<Fields> {
  for (const epoch of own.epochs.reverse()) {
    try {
      return parseFields(await openWithSecret('draft', epochSecretOf(own, epoch), file), 'draft');
    } catch (error) {
      if (!(error instanceof CannotOpen)) throw error;
    }
  }
  throw new CannotOpen('draft');
}
