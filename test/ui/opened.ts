/** What a suite has open, and is closed for it. */
import { setupWorker, type SetupWorker } from 'msw/browser';
import { card, fill, press } from './finding.ts';
import { ADDRESS, openPage, type GivenToPage, type OpenPage } from './page.ts';

/** A worker that answers for devices while this suite runs; any other request to another origin is an error. */
export function useWorker(): SetupWorker {
  const worker = setupWorker();
  before(async () => {
    await worker.start({
      quiet: true,
      onUnhandledRequest: ({ url }, print) => {
        if (new URL(url).origin !== location.origin) print.error();
      },
    });
  });
  after(() => worker.stop());
  return worker;
}

/** The page that is open in this test: another one in each. */
export interface Page extends OpenPage {
  /** Opens another one in its place. */
  open(given?: GivenToPage): Promise<void>;
}

/** A page that each test of this suite opens itself; it is closed after the test. */
export function usePage(): Page {
  let page: OpenPage | null = null;
  const now = (): OpenPage => {
    if (page === null) throw new Error('no page yet');
    return page;
  };
  const close = (): void => {
    page?.close();
    page = null;
  };
  afterEach(close);
  return {
    get app() {
      return now().app;
    },
    get shell() {
      return now().shell;
    },
    get journal() {
      return now().journal;
    },
    get historyStore() {
      return now().historyStore;
    },
    get deviceStore() {
      return now().deviceStore;
    },
    get jobKeys() {
      return now().jobKeys;
    },
    close,
    open: async (given) => {
      close();
      page = await openPage(given);
    },
  };
}

/** Opens the page anew for each test of this suite. */
export function useOpenPage(given?: GivenToPage): Page {
  const page = usePage();
  beforeEach(() => page.open(given));
  return page;
}

/** As a person does it; answers its card. */
export async function addDevice(token: string, name = 'Kitchen sensor', address = ADDRESS): Promise<HTMLElement> {
  await press('Add device');
  await fill('Name', name);
  await fill('Address', address);
  await fill('Token', token);
  await press('Save');
  return card(name);
}
