import type { SetupWorker } from 'msw/browser';
import { card, fill, press } from './finding.ts';
import { ADDRESS, openPage, startWorker, type OpenPage } from './page.ts';

/** What a suite has open: `page` is another one in each test. */
export interface Opened {
  readonly worker: SetupWorker;
  readonly page: OpenPage;
}

/** Opens the page anew for each test of this suite, with a worker that answers for devices, and closes both afterwards. */
export function useOpenPage(): Opened {
  let worker: SetupWorker | null = null;
  let page: OpenPage | null = null;
  before(async () => {
    worker = await startWorker();
  });
  beforeEach(async () => {
    page = await openPage();
  });
  afterEach(() => page?.close());
  after(() => worker?.stop());
  return {
    get worker() {
      if (worker === null) throw new Error('no worker yet');
      return worker;
    },
    get page() {
      if (page === null) throw new Error('no page yet');
      return page;
    },
  };
}

/** As a person does it. */
export async function addDevice(token: string, name = 'Kitchen sensor', address = ADDRESS): Promise<void> {
  await press('Add device');
  await fill('Name', name);
  await fill('Address', address);
  await fill('Token', token);
  await press('Save');
  await card(name);
}
