/**
 * A member's own copy of everything they can read, as one tar of ordinary age files. It opens with the stock age tool and the printed kit, without
 * Alcove; README.txt inside says how.
 */
import { fromB64u } from '$lib/crypto';
import { newestOf } from './views';
import type { Core } from './core';
import type { RecordRow, Space } from './space';
import { tar, type TarFile } from './tar';
import type { ExportFile } from './types';

export async function exportMine(core: Core, progress: (done: number, total: number) => void = () => undefined): Promise<ExportFile> {
  const { me } = core.open();
  const spaces = [...core.spaces.values()];
  const manifests = spaces.flatMap((space) => newestOf(core, space, 'file').map(({ body }) => body.file));
  const total = spaces.length + manifests.length + 1;
  let done = 0;
  const step = () => progress(++done, total);
  const keyring = await core.api.keyring();
  const files: TarFile[] = [{ path: 'README.txt', bytes: new TextEncoder().encode(readme(core, spaces)) }, { path: 'keyring.age', bytes: fromB64u(keyring.body, 'keyring') }];
  step();
  for (const space of spaces) {
    files.push(...(await grantFiles(core, space)), ...(await recordFiles(core, space)));
    step();
  }
  for (const file of manifests) {
    const response = await core.api.fileContent(file, 0, new AbortController().signal);
    files.push({ path: `files/${file}.age`, bytes: await response.blob() });
    step();
  }
  const now = new Date(core.ports.clock.now());
  const blob = tar(files, now);
  return { name: `${me.name.replace(/[^\p{L}\p{N}]+/gu, '-').toLowerCase()}-alcove-${now.toISOString().slice(0, 10)}.tar`, size: blob.size, blob };
}

/** Several grants may end with the same epoch: later ones are numbered. */
async function grantFiles(core: Core, space: Space): Promise<TarFile[]> {
  const { grants } = await core.api.grants(space.id);
  const seen = new Map<number, number>();
  return grants.map(({ epoch, body }) => {
    const count = (seen.get(epoch) ?? 0) + 1;
    seen.set(epoch, count);
    return { path: `grants/${space.id}/${epoch}${count > 1 ? `-${count}` : ''}.age`, bytes: fromB64u(body, 'grant') };
  });
}

async function recordFiles(core: Core, space: Space): Promise<TarFile[]> {
  const rows = await core.ports.store.list<RecordRow>('records', `${core.prefix}${space.id}/`);
  return rows.map(([, { head, bytes }]) => ({ path: `records/${space.id}/${head.record}.${head.rev}.age`, bytes }));
}

function readme(core: Core, spaces: readonly Space[]): string {
  const { me } = core.open();
  const list = spaces.map((space) => {
    const names = space.roster.members.map(({ person }) => (person === me.person ? me.name : space.nameOf(person)));
    return `  ${space.id}  ${space.kind}: ${names.join(', ')}`;
  });
  return [
    `Everything that ${me.name} can read at ${me.practice.name}, as of ${new Date(core.ports.clock.now()).toISOString()}.`,
    '',
    'Every file that ends with .age is an ordinary age file (https://age-encryption.org). You need age 1.3 or newer and your personal kit',
    'as a text file (kit.txt: the file that you saved, or the line AGE-SECRET-KEY-PQ-1... from the paper, alone on a line).',
    '',
    '1. Your keys:            age -d -i kit.txt keyring.age > keyring.txt',
    '   The first line names the type. In the JSON after it, "identity" is your key: put that line alone into identity.txt.',
    '2. The keys of a space:  age -d -i identity.txt grants/SPACE/EPOCH.age',
    '   The second line is "payload.signature". Decode the payload (base64url): "epochs" lists pairs of number and secret.',
    '   In a shell:           ... | sed -n 2p | cut -d. -f1 | tr -- -_ +/ | base64 -d 2>/dev/null',
    '3. A record:             age -d records/SPACE/RECORD.REVISION.age',
    '   age asks for a passphrase: type the secret of its epoch (one of step 2 fits). Lines: type, header (base64url JSON), signature;',
    '   then the content as JSON, and zero bytes that hide its length.',
    '4. A file:               age -d files/FILE.age',
    '   Its passphrase is "key" in the record that describes it ("file" is the name, "size" the length; zero bytes follow).',
    '',
    'Spaces:',
    ...list,
    '',
  ].join('\n');
}
