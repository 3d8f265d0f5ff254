import { join } from 'node:path';
import { expect, it } from 'vitest';
import { iconNames } from '../src/lib/ui/icons';
import { drawing, iconsUsed, sprite } from './icon-sprite';

it('knows a drawing for every icon that may be used', () => {
  for (const name of iconNames) expect(drawing(name), name).toMatch(/^<(path|circle|rect|line|ellipse|poly)/);
});

it('lists names sorted and once', () => {
  expect([...iconNames]).toEqual([...new Set(iconNames)].sort());
});

it('holds only what the sources name, and no script or style', () => {
  const names = iconsUsed([join(import.meta.dirname, '../src')]);
  expect(names).toContain('lock');
  expect(names.length).toBeLessThan(iconNames.length);
  expect(sprite(names)).toContain('<symbol id="i-lock"');
  expect(sprite(names)).not.toMatch(/<script|style=|\son/);
});
