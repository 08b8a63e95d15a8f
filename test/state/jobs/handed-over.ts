/** An update that a page hands to its host, and what is seen of it there. */
import type { UpdateView } from '../../../src/state/update/update-view.ts';
import { file, NOW, savedDevice, writing } from '../given.ts';
import type { Device } from '../../../src/model/device/device.ts';
import type { SessionReport } from '../../../src/model/device/link.ts';
import { givenHost } from './fake-host.ts';

export type Page = ReturnType<typeof givenHost>;

export const FIRST = '1'.padStart(32, '0');

export const KEY = 'A'.repeat(22);

export async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let turns = 0; !isSo(); turns += 1) {
    if (turns > 1_000) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export async function ready(page: Page = givenHost()) {
  const device = await savedDevice(page.devices);
  await page.firmware.choose([file('kitchen.bin')]);
  const view = (): UpdateView => page.updates.$update(device.id).get();
  return { page, device, view, ...page };
}

/** An update that the host has begun, and this page follows. */
export async function begun(page?: Page) {
  const all = await ready(page);
  const started = all.updates.start(all.device.id);
  await until('the job', () => all.host.created.length === 1);
  all.host.says(FIRST, writing);
  await until('the first state', () => all.view().kind === 'running');
  return { ...all, started };
}

/** The page again, after a reload: what is kept in the browser, and nothing else. */
export async function reloaded({ host, keys }: Pick<Page, 'host' | 'keys'>) {
  const all = await ready(givenHost({}, host, keys));
  await all.jobs?.load();
  return all;
}

export async function wanting(page?: Page) {
  const all = await ready(page);
  const wants = (device?: Device): boolean => device !== undefined && all.jobs?.wants(device) === true;
  return { ...all, wants };
}

export const BUSY = { kind: 'device-busy', by: 'Chrome on Linux', since: NOW } as const;

export const THEIRS: SessionReport = {
  ...{ id: 'theirs', writtenBytes: 4, expectedSize: 8, expectedSha256: null },
  ...{ slot: null, capacityBytes: null, blockSize: null },
};

export const rows = async ({ history }: Pick<Page, 'history'>) =>
  (await history.find({ deviceId: null, outcome: null, text: '' }, 10)).rows;

export const said = ({ notices }: Pick<Page, 'notices'>): string =>
  notices.$notices
    .get()
    .flatMap((notice) => (notice.kind === 'host-job' ? [notice.text] : []))
    .join(' ');
