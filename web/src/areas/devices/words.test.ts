import { beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeviceView, UnusualView } from '$lib/engine/types';
import { loadTexts } from '$lib/i18n';
import { deviceDetail, unusualDetail, unusualWords } from './words';

beforeAll(() => loadTexts(['devices']));

const device = (change: Partial<DeviceView>): DeviceView => ({
  device: 'dev_1', name: 'Firefox on Linux', label: 'Firefox on Linux', named: false, firstAt: '2026-11-20T08:00:00Z', lastAt: '2026-11-24T17:04:00Z', network: '192.0.2.0/24', sessions: 1, here: false, ...change,
});
const seen = (change: Partial<UnusualView>): UnusualView => ({ n: 1, at: '2026-11-24T17:04:00Z', code: 'anomaly.new-place', network: '203.0.113.0/24', people: [{ person: 'per_1', name: 'Ana' }], facts: [], ...change });
const plain = (text: string) => text.replace(/[⁨⁩]/g, '');

describe('a device', () => {
  it('is told with when and from where it was last used, and what it calls itself', () => {
    expect(plain(deviceDetail(device({}), 'Europe/Berlin'))).toMatch(/^Last used: .*18:04.* · from 192\.0\.2\.0\/24$/);
    expect(plain(deviceDetail(device({ here: true }), 'UTC'))).toBe('In use now · from 192.0.2.0/24');
    expect(plain(deviceDetail(device({ sessions: 0, network: null, named: true }), 'UTC'))).toMatch(/^Signed out · Last used: .* · calls itself Firefox on Linux$/);
  });
});

describe('what looks unusual', () => {
  it('names people, networks and numbers', () => {
    expect(plain(unusualWords(seen({})))).toBe('Ana: a new device from a network that was never used before');
    const sprayed = seen({ code: 'anomaly.spraying', facts: [{ name: 'accounts', value: '7' }], people: [] });
    expect(plain(unusualWords(sprayed))).toBe('7 accounts were tried from one network');
    expect(plain(unusualDetail(sprayed, 'UTC'))).toContain('among them nobody’s account here');
    const moved = seen({ code: 'anomaly.session-moved', facts: [{ name: 'from', value: '192.0.2.0/24' }], people: [{ person: 'per_1', name: '' }] });
    expect(plain(unusualWords(moved))).toContain('somebody who is no longer here');
    expect(plain(unusualDetail(moved, 'UTC'))).toMatch(/from 203\.0\.113\.0\/24 · before that from 192\.0\.2\.0\/24$/);
    expect(plain(unusualWords(seen({ code: 'anomaly.moonlight' })))).toContain('anomaly.moonlight');
  });

  it('has words for every kind that the server knows, in both lists', () => {
    const codes = [...readFileSync(join(import.meta.dirname, '../../../../src/domain/anomaly.rs'), 'utf8').matchAll(/"anomaly\.([a-z-]+)"/g)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThanOrEqual(4);
    const texts = (name: string) => readFileSync(join(import.meta.dirname, `../../../locales/en/${name}.ftl`), 'utf8');
    expect(codes.filter((code) => !texts('devices').includes(`unusual-${code} =`) || !texts('my-access').includes(`act-anomaly-${code} =`))).toEqual([]);
  });
});
