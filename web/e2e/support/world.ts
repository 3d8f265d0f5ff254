/**
 * The test to use for journeys: a practice that runs, a browser that trusts it, and people with devices. Every page
 * fails its test on console errors, policy violations and foreign requests.
 */
import { chromium, devices, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { test as base, expect, watch } from './console';
import { pagesFromFolder } from './folder';
import { plugIn, type Authenticator } from './passkeys';
import { RunningPractice } from './server';
import { expectNoForeignRequest, watchTraffic, type Traffic } from './traffic';

/** One browser of one person: its own storage, its own authenticator. */
export interface Device {
  page: Page;
  context: BrowserContext;
  authenticator: Authenticator;
  traffic: Traffic;
}

interface DeviceOptions {
  phone?: boolean;
  prf?: boolean;
  /** The browser lists passkeys beside a field. A virtual authenticator picks the first one at once, so only those who look at the list have it. */
  lists?: boolean;
}

export interface World {
  practice: RunningPractice;
  /** A browser that nobody has used. */
  device(options?: DeviceOptions): Promise<Device>;
}

const iPhone = { ...devices['iPhone 13'], defaultBrowserType: 'chromium' as const };

export const test = base.extend<{ world: World; passphrase: string | null }>({
  passphrase: [null, { option: true }],
  world: async ({ complaints, expectedErrors, launchOptions, passphrase }, use) => {
    const practice = await RunningPractice.start(passphrase);
    const browser = await chromium.launch({ ...launchOptions, env: { ...process.env, HOME: practice.home } as Record<string, string> });
    const made: Device[] = [];
    const device = async (options: DeviceOptions = {}) => {
      const one = await newDevice(browser, complaints, options);
      made.push(one);
      return one;
    };
    try {
      await use({ practice, device });
    } finally {
      await browser.close();
      await practice.end();
    }
    const unexpected = complaints.filter((text) => !expectedErrors?.test(text));
    expect(unexpected, 'errors in the console').toEqual([]);
    for (const { traffic } of made) expectNoForeignRequest(traffic, practice.origin);
  },
});

async function newDevice(browser: Browser, complaints: string[], { phone = false, prf = true, lists = false }: DeviceOptions): Promise<Device> {
  const look = phone ? { ...iPhone, viewport: { width: 390, height: 844 } } : { viewport: { width: 1280, height: 900 } };
  const context = await browser.newContext({ ...look, locale: 'en-GB', timezoneId: 'Europe/Berlin', acceptDownloads: true });
  const traffic = await watchTraffic(context);
  await pagesFromFolder(context);
  if (!lists) await context.addInitScript(listNoPasskeys);
  const page = await context.newPage();
  await watch(page, complaints);
  return { page, context, traffic, authenticator: await plugIn(page, { prf }) };
}

/** Runs inside the page. */
function listNoPasskeys(): void {
  // Blank pages have no passkeys.
  if (typeof PublicKeyCredential === 'undefined') return;
  Object.defineProperty(PublicKeyCredential, 'isConditionalMediationAvailable', { value: async () => false });
}

export { expect };
