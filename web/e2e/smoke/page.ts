/** What the smoke journey needs of a browser, however it is driven. */

/** A page in some browser. Scripts run in the page and return JSON. */
export interface Page {
  goto(url: string): Promise<void>;
  /** Runs a function body in the page; `arg` is its one argument. */
  run<T>(body: string, arg?: unknown): Promise<T>;
  /** Real key presses into the focused element. */
  press(text: string): Promise<void>;
  close(): Promise<void>;
}

const PATIENCE_MS = 30_000;

/** Waits until the function body returns something truthy, and gives it. */
export async function waitFor<T>(page: Page, what: string, body: string, arg?: unknown): Promise<T> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await page.run<T>(body, arg).catch(() => null);
    if (value) return value;
    if (Date.now() > until) {
      const seen = await page.run<string>('return location.pathname + "\\n" + document.body.innerText').catch(String);
      throw new Error(`waited in vain for ${what}; the page shows:\n${seen}`);
    }
    await new Promise((done) => setTimeout(done, 150));
  }
}

/** Waits for text anywhere on the page. */
export const seeText = (page: Page, text: string): Promise<unknown> =>
  waitFor(page, `the text "${text}"`, 'return document.body.innerText.includes(arg)', text);

const FIND_NAMED = `
  const named = [...document.querySelectorAll('button, a, [role=button], summary')];
  const shown = named.filter((one) => one.getClientRects().length > 0);
  const name = (one) => (one.getAttribute('aria-label') ?? one.innerText ?? '').trim();
  const hit = shown.find((one) => name(one) === arg) ?? shown.find((one) => name(one).startsWith(arg));
`;

/** Clicks the button or link with this name once it is there and enabled. */
export async function click(page: Page, name: string): Promise<void> {
  await waitFor(page, `a button "${name}"`, `${FIND_NAMED} if (!hit || hit.disabled) return false; hit.click(); return true;`, name);
}

/** Types into the field with this label. */
export async function fill(page: Page, label: string, text: string): Promise<void> {
  await waitFor(
    page,
    `a field "${label}"`,
    `const labels = [...document.querySelectorAll('label')].filter((one) => one.innerText.trim().startsWith(arg));
     const field = labels.map((one) => one.control).find((one) => one && one.getClientRects().length > 0)
       ?? [...document.querySelectorAll('input, textarea, [contenteditable=true]')].find((one) => one.getAttribute('aria-label') === arg);
     if (!field) return false; field.focus(); return document.activeElement === field;`,
    label,
  );
  await page.press(text);
}
