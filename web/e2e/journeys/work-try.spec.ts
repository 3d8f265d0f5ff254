import { readyPair } from '../support/work';
import { test } from '../support/world';
test('pair', async ({ world }) => {
  test.setTimeout(120_000);
  const { coach, client } = await readyPair(world);
  await coach.page.screenshot({ path: '/tmp/shots/pair-coach.png', fullPage: true });
  await client.page.screenshot({ path: '/tmp/shots/pair-client.png', fullPage: true });
});
