import { expect, test } from 'vitest';
import { veiledDrawing } from './veil';

test('the veiled code is the same for everybody, and fills its square', () => {
  const one = veiledDrawing();
  expect(one).toEqual(veiledDrawing());
  expect(one.noise.length).toBeGreaterThan(1000);
});
