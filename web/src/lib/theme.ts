/** Light, dark, or as the device says. The choice stays on this device. */

export type Theme = 'system' | 'light' | 'dark';

const place = 'alcove-theme';

/** What this person chose on this device. */
export function chosenTheme(): Theme {
  const stored = readStored();
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

/** Applies and keeps a choice. */
export function chooseTheme(theme: Theme): void {
  try {
    localStorage.setItem(place, theme);
  } catch {
    // Storage is refused in some private windows: the choice then lasts until the page closes.
  }
  applyTheme(theme);
}

/** Sets the choice on the document. */
export function applyTheme(theme: Theme = chosenTheme()): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

function readStored(): string | null {
  try {
    return localStorage.getItem(place);
  } catch {
    return null;
  }
}
