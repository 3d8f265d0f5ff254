/** What a page still holds in memory: a snapshot of its whole heap, searched for a text. */
import type { Page } from '@playwright/test';

/** Whether a text stands anywhere in the memory of the page's scripts, after what nobody holds was collected. */
export async function heapHolds(page: Page, text: string): Promise<boolean> {
  const devtools = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  devtools.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await devtools.send('HeapProfiler.enable');
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  // Not detached: that would take the page's virtual authenticator away with it.
  return chunks.join('').includes(text);
}
