/** Who can reach the practice's address, as far as the address itself tells. Pure. */

export type Reach = 'this-device' | 'this-network' | 'anywhere';

const privateAddress = /^(10|127|169\.254|172\.(1[6-9]|2\d|3[01])|192\.168)\.|^\[?(fe80|f[cd])/i;

/** Reads it from the origin: "https://localhost" exists on this device only. */
export function reach(origin: string): Reach {
  const { hostname } = new URL(origin);
  if (hostname === 'localhost' || hostname.endsWith('.localhost') || hostname.startsWith('127.') || hostname === '[::1]') return 'this-device';
  const local = !hostname.includes('.') || /\.(local|lan|home|internal|home\.arpa)$/.test(hostname);
  return local || privateAddress.test(hostname) ? 'this-network' : 'anywhere';
}
