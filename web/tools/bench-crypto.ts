/** Prints what the protocol costs on this machine: `npx tsx tools/bench-crypto.ts`. Goals: 500 records under 1 s, a rotation for 50 members under 2 s. */
import { addMember, derivePasswordSlot, makeKeyring, makePasswordSalt, openRecord, rotate, sealRecord, verifyRoster, type Held } from '../src/lib/crypto';
import { Server } from '../src/lib/crypto/tests/server';
import { Device } from '../src/lib/crypto/tests/world';

async function lap<T>(name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  process.stdout.write(`${name.padEnd(52)}${Math.round(performance.now() - start)} ms\n`);
  return result;
}

const server = new Server();
const coach = await Device.of(server);
const space = await coach.found();
let held: Held = await coach.follow(space);

const fresh = await makeKeyring();
await lap('password slot (Argon2id, 64 MiB, 3 passes)', () => derivePasswordSlot('a long enough password', makePasswordSalt(), fresh.account, fresh.person));
await lap('adding 49 members, keys made here too', async () => {
  for (let i = 0; i < 49; i++) {
    const { keys } = (await Device.of(server)).keyring;
    const change = await addMember(held, { keys, role: 'client', how: 'qr', history: 'from-now' });
    server.append(change);
    held = { ...held, roster: change.roster, keys: change.keys };
  }
});
const change = await lap('rotation for 50 members', () => rotate(held, { last: {} }));
server.append(change);
held = { ...held, roster: change.roster, keys: change.keys };
await lap('verifying a roster of 51 entries', () => verifyRoster(server.roster(space), { space }));
const records = await lap('sealing 500 records', async () => {
  const sealed = [];
  for (let i = 0; i < 500; i++) sealed.push(await sealRecord(held, coach.order(space, 'boundary work, homework set. '.repeat(30))));
  return sealed;
});
await lap('opening and verifying 500 records', async () => {
  for (const { bytes, header } of records) await openRecord(bytes, { space, id: header.id, rev: 1 }, held.roster, held.keys);
});
