import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { expect, it } from 'vitest';

const here = (path: string) => new URL(path, import.meta.url);

it('the types of the API are those of openapi.json: run `npm run api` when this fails', { timeout: 30_000 }, async () => {
  const made = `${COMMENT_HEADER}${astToString(await openapiTS(here('../../../openapi.json')))}`;
  expect(await readFile(fileURLToPath(here('./schema.d.ts')), 'utf8')).toBe(made);
});
