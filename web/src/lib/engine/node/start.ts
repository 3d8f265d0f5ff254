/** Starts a headless engine: one person on one pretended device. A custom certificate authority comes by NODE_EXTRA_CA_CERTS. */
import { Api } from '$lib/api';
import { openEngine, type AlcoveEngine } from '../engine';
import { nodePorts, type NodeOptions } from './ports';

export async function startHeadless(options: NodeOptions): Promise<AlcoveEngine> {
  return openEngine(nodePorts(options), new Api({ origin: options.origin, headless: true }));
}
