/** `npm run icons`: draws the PNG icons out of public/icon.svg, with Chromium. Their result is committed. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { chromiumLaunchOptions } from './chromium.ts';

const SOURCE = 'public/icon.svg';
const TARGET = 'public/icons';

interface Icon {
  readonly name: string;
  /** Pixels of a side. */
  readonly size: number;
  readonly change: (svg: string) => string;
}

const asItIs = (svg: string): string => svg;
/** The system cuts the shape: paper to the edges. The mark lies within the safe circle of 80 % as it is drawn. */
const fullBleed = (svg: string): string => svg.replace(' rx="14"', '');
/** The system gives the colour: the mark alone, on nothing. */
const markAlone = (svg: string): string => svg.replace(/<rect[^>]*>/, '');

const ICONS: readonly Icon[] = [
  { name: 'icon-192', size: 192, change: asItIs },
  { name: 'icon-512', size: 512, change: asItIs },
  { name: 'maskable-192', size: 192, change: fullBleed },
  { name: 'maskable-512', size: 512, change: fullBleed },
  { name: 'monochrome-512', size: 512, change: markAlone },
  // iPhones cut the corners themselves, and show black where there is nothing.
  { name: 'apple-touch-icon', size: 180, change: fullBleed },
];

const svg = await readFile(SOURCE, 'utf8');
await mkdir(TARGET, { recursive: true });
const browser = await chromium.launch(await chromiumLaunchOptions());
try {
  for (const { name, size, change } of ICONS) {
    const changed = change(svg);
    if (change !== asItIs && changed === svg) throw new Error(`${SOURCE} has nothing left to change for ${name}`);
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(
      `<style>body{margin:0;background:transparent}svg{display:block;width:100vw;height:100vh}</style>${changed}`,
    );
    await writeFile(`${TARGET}/${name}.png`, await page.screenshot({ omitBackground: true }));
    await page.close();
    console.log(`${TARGET}/${name}.png`);
  }
} finally {
  await browser.close();
}
