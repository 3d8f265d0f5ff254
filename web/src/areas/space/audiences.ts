/** What stands in which space, for "who can read this". Pure. */
import type { IconName } from '$lib/ui';

/** Kinds of content that the product has now. */
export const sharedKinds: readonly { id: string; icon: IconName }[] = [
  { id: 'reads-notes', icon: 'file-text' },
  { id: 'reads-messages', icon: 'message-circle' },
  { id: 'reads-actions', icon: 'list-checks' },
  { id: 'reads-files', icon: 'folder' },
];
