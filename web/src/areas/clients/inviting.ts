/** One invite with its welcome: shown with the link, and kept in the space for the client's first home. */
import type { Engine, InviteLink } from '$lib/engine/types';
import { spaces } from '$lib/state';

/** Makes the link; a welcome is sealed after it, so that whoever joins by it can read it. */
export async function inviteWith(engine: Engine, client: string, message: string): Promise<InviteLink> {
  const made = await engine.invite(client, { message });
  const space = spaces.client(client)?.shared;
  if (message && space) await engine.writeWelcome(space, message);
  return made;
}
