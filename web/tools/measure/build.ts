/** Builds what is measured: the pages as they are served, with the list of their chunks, and the code that measures inside a page. */
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Manifest, type Rolldown } from 'vite';

const ALIAS = { $lib: fileURLToPath(new URL('../../src/lib', import.meta.url)) };
const PAGE = fileURLToPath(new URL('page.ts', import.meta.url));

/** The built pages in a folder. */
export class Built {
  private constructor(
    readonly folder: string,
    private readonly manifest: Manifest,
    private readonly modules: ReadonlyMap<string, readonly string[]>,
  ) {}

  static async into(folder: string): Promise<Built> {
    const { output } = (await build({ logLevel: 'warn', build: { outDir: folder, emptyOutDir: true, manifest: true } })) as Rolldown.RolldownOutput;
    const modules = new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file.moduleIds] as const] : [])));
    return new Built(folder, JSON.parse(await readFile(join(folder, '.vite/manifest.json'), 'utf8')) as Manifest, modules);
  }

  /** Whether a chunk holds a module whose path contains this. */
  holds(file: string, part: string): boolean {
    return this.modules.get(file)?.some((module) => module.includes(part)) ?? false;
  }

  /** What a served path weighs on its way, compressed by gzip as well as gzip can. */
  async gz(file: string): Promise<number> {
    const bytes = await readFile(join(this.folder, file));
    // Fonts are compressed already, and served as they are.
    return file.endsWith('.woff2') ? bytes.length : gzipSync(bytes, { level: 9 }).length;
  }

  /** The files that come with a chunk, itself included, when everything it imports comes too. */
  closure(source: string): Set<string> {
    const files = new Set<string>();
    const visit = (name: string) => {
      const chunk = this.manifest[name];
      if (!chunk || files.has(chunk.file)) return;
      files.add(chunk.file);
      for (const sheet of chunk.css ?? []) files.add(sheet);
      for (const other of chunk.imports ?? []) visit(other);
    };
    visit(source);
    return files;
  }

  /** Chunks that come only when they are needed, each by its source or file, with its own code and style. */
  lazy(): Map<string, string[]> {
    const first = this.closure('index.html');
    const chunks = Object.entries(this.manifest).filter(([, { file }]) => file.endsWith('.js') && !first.has(file));
    return new Map(chunks.map(([source, { file, css = [] }]) => [source, [file, ...css.filter((sheet) => !first.has(sheet))]]));
  }
}

/** One script that defines `measuring.measure`, for evaluation in a page. */
export async function pageScript(): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'warn',
    resolve: { alias: ALIAS },
    worker: { format: 'es' },
    build: { write: false, target: 'chrome123', lib: { entry: PAGE, formats: ['iife'], name: 'measuring' } },
  });
  const [{ output: [script] }] = output as Rolldown.RolldownOutput[] as [Rolldown.RolldownOutput];
  return script.code;
}
