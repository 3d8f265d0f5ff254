/** Writes tests/vectors/*.json, which both languages read. Run `npm run vectors` after a deliberate change of the format, never to please a test. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeVectors } from './vectors/all';

const folder = fileURLToPath(new URL('../../tests/vectors/', import.meta.url));
mkdirSync(folder, { recursive: true });
for (const [name, vectors] of await makeVectors()) writeFileSync(`${folder}${name}.json`, `${JSON.stringify(vectors, null, 1)}\n`);
