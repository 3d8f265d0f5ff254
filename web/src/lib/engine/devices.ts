/** Where one is signed in, and what looked unusual: asked of the practice each time, kept nowhere. It knows no keys. */
import type { OwnDevice } from '$lib/api';
import type { Core } from './core';
import type { ActView, Devices, DeviceView } from './types';

export function devicesOf({ api }: Core): Devices {
  const list = async () => (await api.devices()).devices.map(deviceView);
  return {
    list,
    ofSignIn: async (act) => deviceOf(await list(), act),
    rename: (device, name) => api.nameDevice(device, name.trim() === '' ? null : name.trim()),
    signOut: (device) => api.removeDevice(device),
    signOutOthers: () => api.endOtherSessions(),
    unusual: async (before) => {
      const { anomalies, next } = await api.anomalies(before);
      return { unusual: anomalies, next };
    },
  };
}

function deviceView({ device, label, name, first_seen_at: firstAt, last_seen_at: lastAt, network, sessions, here }: OwnDevice): DeviceView {
  return { device, name: name ?? label, label, named: name !== null, firstAt, lastAt, network, sessions, here };
}

/**
 * The device that came in by this sign-in on a new one. What is told of an account names no ids: both are of the same instant. Null where it was
 * signed out meanwhile.
 */
export function deviceOf(devices: readonly DeviceView[], { at }: Pick<ActView, 'at'>): DeviceView | null {
  return devices.find(({ firstAt }) => Date.parse(firstAt) === Date.parse(at)) ?? null;
}
