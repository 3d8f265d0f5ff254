/**
 * The ways a kit leaves the screen: share sheet, file, clipboard. Each tells whether it happened.
 * It must not send anything anywhere by itself.
 */
import type { KitSheet } from '$lib/engine/types';
import { saveBlob } from '$lib/save';

/** How a kit was kept; `given-up` when the person closed the share sheet. */
export type Kept = 'shared' | 'saved' | 'given-up';

/** Hands the kit to the share sheet on devices that share files, and to the downloads on all others. */
export async function shareOrSave(sheet: KitSheet): Promise<Kept> {
  const file = new File([sheet.file], sheet.fileName, { type: 'text/plain' });
  if (!canShare(file)) return saveFile(sheet);
  try {
    await navigator.share({ files: [file] });
    return 'shared';
  } catch (failure) {
    return (failure as Error).name === 'AbortError' ? 'given-up' : saveFile(sheet);
  }
}

/** Saves the kit as a file among the downloads. */
export function saveFile(sheet: KitSheet): Kept {
  saveBlob(new Blob([sheet.file], { type: 'text/plain' }), sheet.fileName);
  return 'saved';
}

/** Puts the kit's text on the clipboard, for a password manager. Resolves to false when the browser refuses. */
export async function copyKit(sheet: KitSheet): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(sheet.file);
    return true;
  } catch {
    return false;
  }
}

/** Share sheets are for touch: on a desktop a file is what people expect. */
function canShare(file: File): boolean {
  const touch = matchMedia('(pointer: coarse)').matches;
  return touch && typeof navigator.canShare === 'function' && navigator.canShare({ files: [file] });
}
