import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ActView } from '$lib/engine/types';
import { loadTexts } from '$lib/i18n';
import { byDay, detailOf, isNews, toAsk, wordsOf } from './acts';

beforeAll(() => loadTexts(['my-access']));

const act = (change: Partial<ActView>): ActView => ({
  n: 7, at: '2026-11-24T17:04:00Z', code: 'session.opened', part: 'own', by: 'visitor', name: null, network: '203.0.113.0/24', device: 'Firefox on Linux', facts: [], ...change,
});

describe('an act', () => {
  it('is told with its device, whether new, the way in, the zone and the network', () => {
    const opened = act({ facts: [{ name: 'new_device', value: 'true' }, { name: 'kind', value: 'passkey' }] });
    expect(wordsOf(opened)).toBe('Signed in on a new device: ⁨Firefox on Linux⁩'.replace(/[⁨⁩]/g, ''));
    expect(detailOf(opened, 'Europe/Berlin')).toMatch(/^18:04 \(Berlin\) · with a passkey · from 203\.0\.113\.0\/24$/);
    expect(wordsOf(act({ device: null }))).toContain('no longer here');
  });

  it('names who did it, as far as that is known', () => {
    const changed = act({ code: 'person.role-changed', part: 'touched', by: 'person', name: 'Ada' });
    expect(detailOf(changed, 'UTC')).toContain('by Ada');
    expect(detailOf({ ...changed, name: null }, 'UTC')).toContain('no longer here');
    expect(detailOf({ ...changed, by: 'operator' }, 'UTC')).toContain('whoever runs the server');
  });

  it('of a review says in plain words what was decided', () => {
    const decided = (value: string) => wordsOf(act({ code: 'review.decided', part: 'touched', facts: [{ name: 'decision', value }] }));
    expect(decided('kept')).toContain('it was kept');
    expect(decided('changed')).toContain('role is to be changed');
    expect(decided('suspended')).toContain('to be suspended');
    expect(decided('')).toBe('Your access was looked at in a review');
  });

  it('tells the reason of who brings one’s access back, and that is news', () => {
    const asked = act({ code: 'recovery.asked', part: 'touched', by: 'person', name: 'Ada', facts: [{ name: 'purpose', value: 'return' }, { name: 'reason', value: 'Lost both devices' }] });
    expect(detailOf(asked, 'UTC').replace(/[⁨⁩]/g, '')).toMatch(/by Ada .*reason: Lost both devices$/);
    expect([wordsOf(asked), isNews(asked), isNews({ ...asked, part: 'own' })]).toEqual(['Somebody asked to bring your access back', true, false]);
  });

  it('of an unknown code is told all the same', () => {
    expect(wordsOf(act({ code: 'moon.landed' }))).toContain('moon.landed');
  });

  it('is news if somebody came in on a new device, or others changed the account', () => {
    expect(isNews(act({ facts: [{ name: 'new_device', value: 'true' }] }))).toBe(true);
    expect(isNews(act({}))).toBe(false);
    expect(isNews(act({ code: 'person.suspended', part: 'touched' }))).toBe(true);
    expect(isNews(act({ code: 'role.changed', part: 'touched' }))).toBe(true);
    expect(isNews(act({ code: 'space.granted', part: 'touched' }))).toBe(false);
    expect(isNews(act({ code: 'anomaly.spraying' }))).toBe(true);
  });

  it('that asks something stands before what only tells', () => {
    const [place, signIn] = [act({ n: 9, code: 'anomaly.new-place' }), act({ n: 8, facts: [{ name: 'new_device', value: 'true' }] })];
    expect(toAsk([place, signIn])).toBe(signIn);
    expect(toAsk([place])).toBe(place);
    expect(toAsk([])).toBeNull();
  });
});

describe('days', () => {
  it('are those of the reader’s zone', () => {
    const [late, early] = [act({ at: '2026-11-24T23:30:00Z' }), act({ at: '2026-11-24T10:00:00Z' })];
    expect(byDay([late, early], 'UTC')).toHaveLength(1);
    expect(byDay([late, early], 'Europe/Berlin').map(({ acts }) => acts.length)).toEqual([1, 1]);
  });
});

describe('the server', () => {
  it('tells nothing about people for which there are no words', () => {
    const texts = readFileSync(join(import.meta.dirname, '../../../locales/en/my-access.ftl'), 'utf8');
    const sources = ['people/change.rs', 'people/close.rs', 'people/operator.rs', 'people/reset.rs', 'keyring.rs', 'review.rs', 'sign_in.rs', 'device.rs', 'session.rs'].flatMap((file) => {
      try {
        return [readFileSync(join(import.meta.dirname, '../../../../src/app', file), 'utf8')];
      } catch {
        return [];
      }
    });
    const codes = sources.flatMap((text) => [...text.matchAll(/Event::new\("((?:person|slot|session|kit|device)\.[a-z-]+)"/g)].map(([, code]) => code as string));
    expect(codes.length).toBeGreaterThan(4);
    const untold = ['person.added', 'session.locked', 'session.swept'];
    expect(codes.filter((code) => !untold.includes(code) && !texts.includes(`act-${code.replaceAll('.', '-')} =`))).toEqual([]);
  });
});
