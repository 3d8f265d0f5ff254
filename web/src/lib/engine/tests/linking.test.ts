/** A second device by link: two engines of one person at one practice. */
import { describe, expect, it } from 'vitest';
import { changeKeyring, deriveKitSlot, makeKeyring, makeKit, readDeviceLink, b64u } from '$lib/crypto';
import { FakePractice } from './fake-practice';
import { foundWith, PASSWORD, settle, sit, type Seat } from './world';

async function linked(practice: FakePractice, old: Seat): Promise<{ phone: Seat; slot: string; link: string }> {
  const { link, slot } = await old.engine.makeLink();
  const phone = await sit(practice);
  await phone.engine.signInWithLink(link);
  return { phone, slot, link };
}

const kinds = ({ engine }: Seat) => engine.core.open().keyring.slots().map(({ kind }) => kind).sort();

describe('a link', () => {
  it('lets a new device in, which keeps the password and gives the link up', async () => {
    const practice = new FakePractice();
    const old = await foundWith(practice);
    const { phone, slot } = await linked(practice, old);
    expect(phone.engine.state).toMatchObject({ at: 'open', person: old.engine.me?.person });
    expect(await old.engine.linkState(slot)).toMatchObject({ state: 'entered', device: { label: 'Pixel 9' } });
    await expect(phone.engine.keepPassword('another one entirely')).rejects.toMatchObject({ name: 'WrongPassword' });
    await phone.engine.keepPassword(PASSWORD);
    expect(kinds(phone)).toEqual(['kit', 'password']);
    expect(await old.engine.linkState(slot)).toMatchObject({ state: 'done' });
    // It works on its own from now on, without a network, too.
    await phone.engine.lock();
    practice.away = true;
    await phone.engine.unlockWithPassword(PASSWORD);
    expect(phone.engine.state).toMatchObject({ at: 'open' });
    practice.away = false;
  });

  it('goes in the same step as a new password comes', async () => {
    const practice = new FakePractice();
    const old = await foundWith(practice);
    const { phone } = await linked(practice, old);
    await phone.engine.changePassword('seven grey herons wait');
    expect(kinds(phone)).toEqual(['kit', 'password']);
    expect(practice.persons.get(old.engine.me?.person ?? '')?.slots.map(({ kind }) => kind).sort()).toEqual(['kit', 'password']);
  });

  it('does not stop the old device from changing its keyring afterwards', async () => {
    const practice = new FakePractice();
    const old = await foundWith(practice);
    const { phone } = await linked(practice, old);
    await phone.engine.keepPassword(PASSWORD);
    await old.engine.remakePersonalKit();
    await settle(phone);
    // Whichever of the two is first takes the link out, and the other hears of it.
    await expect.poll(() => phone.engine.core.open().keyring.version, { timeout: 5_000 }).toBe(old.engine.core.open().keyring.version);
    expect(kinds(old)).toEqual(['kit', 'password']);
  });

  it('takes the place of the one before, can be taken back, and is not listed as a way to unlock', async () => {
    const practice = new FakePractice();
    const old = await foundWith(practice);
    const first = await old.engine.makeLink();
    const second = await old.engine.makeLink();
    expect(old.engine.me?.slots.map(({ kind }) => kind).sort()).toEqual(['kit', 'password']);
    expect(kinds(old)).toEqual(['kit', 'link', 'password']);
    const phone = await sit(practice);
    await expect(phone.engine.signInWithLink(first.link)).rejects.toMatchObject({ code: 'sign-in-failed' });
    await old.engine.cancelLink(second.slot);
    expect(kinds(old)).toEqual(['kit', 'password']);
    await expect(phone.engine.signInWithLink(second.link)).rejects.toMatchObject({ code: 'sign-in-failed' });
  });

  it('that ran out leaves the keyring of a device that hears of it', async () => {
    const practice = new FakePractice();
    const old = await foundWith(practice);
    const { link, slot } = await old.engine.makeLink();
    practice.linksRunOut();
    await settle(old);
    expect(kinds(old)).toEqual(['kit', 'password']);
    expect(await old.engine.linkState(slot)).toMatchObject({ state: 'expired' });
    await expect((await sit(practice)).engine.signInWithLink(link)).rejects.toMatchObject({ code: 'sign-in-failed' });
  });

  it('is good once', async () => {
    const practice = new FakePractice();
    const old = await foundWith(practice);
    const { link } = await linked(practice, old);
    await expect((await sit(practice)).engine.signInWithLink(link)).rejects.toMatchObject({ code: 'sign-in-failed' });
  });

  it('asks for a fresh proof, and for a whole link', async () => {
    const practice = new FakePractice();
    const old = await foundWith(practice);
    await old.clock.pass(14 * 60_000);
    await expect(old.engine.makeLink()).rejects.toMatchObject({ name: 'ProofNeeded' });
    await old.engine.prove({ kind: 'password', password: PASSWORD });
    const { link } = await old.engine.makeLink();
    await expect((await sit(practice)).engine.signInWithLink(link.slice(0, -2))).rejects.toMatchObject({ name: 'DeviceLinkBroken' });
  });
});

describe('a hostile practice', () => {
  it('that puts a keyring of its own in the place of mine is refused by name', async () => {
    const practice = new FakePractice();
    const old = await foundWith(practice);
    const { link } = await old.engine.makeLink();
    const person = old.engine.me?.person ?? '';
    const mine = practice.persons.get(person);
    if (!mine) throw new Error('nobody is here');
    // It cannot know the link's recipient; here it does, and the key hash in the link refuses it still.
    const add = [{ slot: await readDeviceLink(link).unlock(), label: 'link' }, { slot: await deriveKitSlot(makeKit('personal')), label: 'kit' }];
    const { bytes } = await changeKeyring(await makeKeyring(person), { add });
    mine.keyring = { version: mine.keyring.version, body: b64u(bytes) };
    const phone = await sit(practice);
    await expect(phone.engine.signInWithLink(link)).rejects.toMatchObject({ name: 'LinkKeysDiffer', alarm: true });
    expect(phone.engine.state).toMatchObject({ at: 'signed-out' });
  });
});
