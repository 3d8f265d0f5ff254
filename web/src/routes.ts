/**
 * Every page of the product. An area adds its lines here and keeps the rest in `src/areas/<area>/`.
 * Fixed paths stand before those with parameters.
 */
import type { Route } from '$lib/router';

/** The frame of all daily work. */
const shell = () => import('./areas/work/Frame.svelte');
const ofClient = ['work', 'client', 'clients', 'notes', 'actions', 'messages', 'files', 'today', 'access', 'my-access', 'recovery', 'review', 'session'];
const ofPeople = ['work', 'people', 'devices', 'recovery', 'kits', 'unlock'];
const ofHome = ['work', 'home', 'space', 'notes', 'actions', 'messages', 'files', 'access', 'my-access', 'recovery'];

export const routes = [
  { path: '/', load: () => import('./areas/start/Start.svelte') },
  { path: '/today', shell, texts: ofClient, load: () => import('./areas/today/Today.svelte') },
  { path: '/clients', shell, texts: ofClient, load: () => import('./areas/clients/Clients.svelte') },
  { path: '/clients/new', shell, texts: ofClient, load: () => import('./areas/clients/AddClient.svelte') },
  { path: '/clients/:client', shell, texts: ofClient, load: () => import('./areas/client/Overview.svelte') },
  { path: '/clients/:client/invite', shell, texts: ofClient, load: () => import('./areas/clients/Invite.svelte') },
  { path: '/clients/:client/notes', shell, texts: ofClient, load: () => import('./areas/client/Notes.svelte') },
  { path: '/clients/:client/notes/:note', shell, texts: ofClient, load: () => import('./areas/client/Note.svelte') },
  { path: '/clients/:client/notes/:note/history', shell, texts: ofClient, load: () => import('./areas/client/NoteHistory.svelte') },
  { path: '/clients/:client/actions', shell, texts: ofClient, load: () => import('./areas/client/Actions.svelte') },
  { path: '/clients/:client/session', texts: ofClient, load: () => import('./areas/session/Session.svelte') },
  { path: '/clients/:client/messages', shell, texts: ofClient, load: () => import('./areas/client/Messages.svelte') },
  { path: '/clients/:client/files', shell, texts: ofClient, load: () => import('./areas/client/Files.svelte') },
  { path: '/clients/:client/access', shell, texts: ofClient, load: () => import('./areas/client/Access.svelte') },
  { path: '/team', shell, texts: ['work', 'team', 'access', 'unlock'], load: () => import('./areas/people/Team.svelte') },
  { path: '/people', shell, texts: ofPeople, load: () => import('./areas/people/People.svelte') },
  { path: '/people/roles', shell, texts: ofPeople, load: () => import('./areas/people/Roles.svelte') },
  { path: '/people/rules', shell, texts: ofPeople, load: () => import('./areas/people/Rules.svelte') },
  { path: '/people/:person/return', shell, texts: ofPeople, load: () => import('./areas/recovery/Return.svelte') },
  { path: '/people/:person', shell, texts: ofPeople, load: () => import('./areas/people/Person.svelte') },
  { path: '/people/:person/activity', shell, texts: [...ofPeople, 'my-access', 'person-activity'], load: () => import('./areas/people/PersonActivity.svelte') },
  { path: '/messages', shell, texts: [...ofClient, 'home', 'space'], load: () => import('./areas/messages/Messages.svelte') },
  { path: '/outbox', shell, texts: ['work', 'outbox'], load: () => import('./areas/outbox/Outbox.svelte') },
  { path: '/home', shell, texts: ofHome, load: () => import('./areas/home/Home.svelte') },
  { path: '/notes', shell, texts: ofHome, load: () => import('./areas/notes/SharedNotes.svelte') },
  { path: '/notes/:note', shell, texts: ofHome, load: () => import('./areas/notes/SharedNote.svelte') },
  { path: '/notes/:note/history', shell, texts: ofHome, load: () => import('./areas/notes/SharedHistory.svelte') },
  { path: '/space', shell, texts: ofHome, load: () => import('./areas/space/Space.svelte') },
  { path: '/space/actions', shell, texts: ofHome, load: () => import('./areas/space/SpaceActions.svelte') },
  { path: '/space/files', shell, texts: ofHome, load: () => import('./areas/space/SpaceFiles.svelte') },
  { path: '/space/access', shell, texts: ofHome, load: () => import('./areas/space/SpaceAccess.svelte') },
  { path: '/claim', load: () => import('./areas/claim/Claim.svelte'), texts: ['claim', 'unlock'] },
  { path: '/set-up', load: () => import('./areas/set-up/SetUp.svelte'), texts: ['set-up', 'claim', 'kits', 'unlock', 'second'] },
  { path: '/sign-in', load: () => import('./areas/sign-in/SignIn.svelte'), texts: ['sign-in', 'kits', 'unlock', 'second'] },
  { path: '/l', load: () => import('./areas/linking/Arrive.svelte'), texts: ['linking', 'unlock', 'second'] },
  { path: '/i', load: () => import('./areas/join/Join.svelte'), texts: ['join', 'unlock'] },
  { path: '/kit', load: () => import('./areas/join/SaveKit.svelte'), texts: ['join', 'kits', 'unlock'] },
  { path: '/welcome', load: () => import('./areas/join/Welcome.svelte'), texts: ['join'] },
  { path: '/settings', shell, load: () => import('./areas/settings/Settings.svelte'), texts: ['work', 'settings', 'unlock', 'my-access', 'devices', 'recovery', 'review'] },
  { path: '/settings/recovery', shell, load: () => import('./areas/recovery/Recovery.svelte'), texts: ['work', 'settings', 'recovery', 'kits', 'unlock'] },
  { path: '/settings/keys', shell, load: () => import('./areas/settings/Keys.svelte'), texts: ['work', 'settings', 'unlock'] },
  { path: '/settings/second-step', shell, load: () => import('./areas/settings/SecondSteps.svelte'), texts: ['work', 'settings', 'unlock', 'second'] },
  { path: '/settings/access', shell, load: () => import('./areas/my-access/MyAccess.svelte'), texts: ['work', 'settings', 'my-access', 'access', 'recovery', 'unlock'] },
  { path: '/settings/devices', shell, load: () => import('./areas/devices/Devices.svelte'), texts: ['work', 'settings', 'devices', 'unlock'] },
  { path: '/settings/unusual', shell, load: () => import('./areas/devices/Unusual.svelte'), texts: ['work', 'settings', 'devices'] },
  { path: '/settings/review', shell, load: () => import('./areas/review/Review.svelte'), texts: ['work', 'settings', 'review', 'unlock'] },
  { path: '/settings/keys/device', shell, load: () => import('./areas/linking/AddDevice.svelte'), texts: ['work', 'settings', 'linking', 'unlock'] },
  { path: '/settings/data', shell, load: () => import('./areas/settings/Data.svelte'), texts: ['work', 'settings', 'unlock'] },
] as const satisfies readonly Route[];

/** The paths that `href` accepts. */
export type AppPath = (typeof routes)[number]['path'];
