/** The background check found something: the owner's Today says what, and what to do. */
import { expectGood } from '../support/axe';
import { readyPractice } from '../support/people';
import { picture, screens, show } from '../support/screens';
import { goTo } from '../support/work';
import { expect, test } from '../support/world';

const finding = 'a file’s content does not match its checksum: blobs/3f/3f9a27c1';

test('what the last check found stands on Today until a check finds nothing', async ({ world }) => {
  const { page } = await world.device();
  const checked = { began_at: '2026-11-20T03:00:00Z', ended_at: '2026-11-20T03:04:00Z', bytes: 1_000, rows: 10, files: 1, found: 3, findings: [finding] };
  let found = true;
  await page.route('**/api/v1/backups', (route) => {
    return route.fulfill({ json: { disk_full: false, checked: found ? checked : { ...checked, found: 0, findings: [] } } });
  });
  await readyPractice(page, world.practice, 'passkey');
  await expect(page.getByText('The check of the practice’s data found 3 things wrong')).toBeVisible();
  await expect(page.getByText('alcove check')).toBeVisible();
  await page.getByText('What was found').click();
  await expect(page.getByText(finding)).toBeVisible();
  await expect(page.getByText('and 2 more')).toBeVisible();
  for (const screen of screens) {
    await show(page, screen);
    await expectGood(page);
    await picture(page, `check-found-${screen.name}`);
  }
  await show(page, screens[0]!);
  found = false;
  await goTo(page, 'Clients');
  await goTo(page, 'Today');
  await expect(page.getByRole('link', { name: 'Add a client' })).toBeVisible();
  await expect(page.getByText('The check of the practice’s data')).toHaveCount(0);
});
