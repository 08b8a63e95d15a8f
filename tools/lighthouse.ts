/**
 * `npm run lighthouse`: measures the built page as the host serves it, on Lighthouse's own slow phone, and fails where
 * performance, accessibility or best practices are below 100. Needs `npm run build` before, and the registry once.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHost } from '../src/host/serve/serve.ts';
import { chromiumLaunchOptions } from './chromium.ts';
import { PAGE_ALONE } from './page-alone.ts';

/** Not a dependency (docs/decisions/lighthouse.md). The last one that runs on Node 20. */
const LIGHTHOUSE = 'lighthouse@12.8.2';
const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const;

interface Report {
  readonly categories: Readonly<
    Record<string, { readonly score: number | null; readonly auditRefs: readonly { readonly id: string }[] }>
  >;
  readonly audits: Readonly<
    Record<string, { readonly title: string; readonly score: number | null; readonly displayValue?: string }>
  >;
}

const scratch = await mkdtemp(join(tmpdir(), 'moult-lighthouse-'));
const host = await startHost(PAGE_ALONE);
try {
  const { executablePath, args = [], env } = await chromiumLaunchOptions();
  const output = join(scratch, 'report.json');
  const flags = ['--headless=new', '--no-sandbox', ...args].join(' ');
  const npx = spawn(
    process.platform === 'win32' ? 'npx.cmd' : 'npx',
    [
      ...['--yes', LIGHTHOUSE, `${host.url}/`, '--quiet', '--output=json', `--output-path=${output}`],
      ...[`--only-categories=${CATEGORIES.join(',')}`, `--chrome-flags=${flags}`],
    ],
    { stdio: 'inherit', env: { ...process.env, ...env, CHROME_PATH: executablePath } },
  );
  const code = await new Promise<number | null>((resolve, reject) => {
    npx.once('error', reject);
    npx.once('close', resolve);
  });
  if (code !== 0) throw new Error(`Lighthouse ended with ${String(code)}.`);
  const { categories, audits } = JSON.parse(await readFile(output, 'utf8')) as Report;
  for (const name of CATEGORIES) {
    const category = categories[name];
    const score = Math.round((category?.score ?? 0) * 100);
    console.log(`${name}: ${score}`);
    if (score === 100) continue;
    process.exitCode = 1;
    for (const { id } of category?.auditRefs ?? []) {
      const audit = audits[id];
      if (audit === undefined || audit.score === null || audit.score === 1) continue;
      console.log(`  ${audit.title} ${audit.displayValue ?? ''}`);
    }
  }
} finally {
  await host.stop();
  await rm(scratch, { recursive: true, force: true });
}
