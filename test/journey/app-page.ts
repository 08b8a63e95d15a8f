/** The page as a person meets it: driven by names alone, and watched for what must never happen. */
import { expect } from 'chai';
import type { Locator, Page } from 'playwright-core';
import type { ServedDevice } from './journey.ts';

/**
 * Milliseconds until something that is on its way must be there. Most of it is there in less than one second; two minutes
 * end a wait that is in vain, also where the machine is old or busy.
 */
export const PATIENCE_MS = 120_000;

/** A chunk of a size too large for a device is refused without CORS headers (docs/protocol.md), and Chromium says so. */
const REFUSED_CHUNK =
  /^Access to fetch at '(\S+\/(?:chunk\?offset=\d+|write))' from origin '\S+' has been blocked by CORS policy: No '/;

/** What a card has behind ⋯. */
const BEHIND =
  /^(?:Cancel|Check|Edit|Discard|History and sharing|Reinstall previous .*|Remove|Report for help|Send anyway…)$/;

export class AppPage {
  readonly page: Page;
  /** The address of every request the page made, preflights aside. */
  readonly urls: string[] = [];
  /** Errors in the console, and what nobody caught. */
  readonly errors: string[] = [];
  /** The browser's own notes in the console of requests that failed: a device that restarts leaves some. */
  readonly failedRequests: string[] = [];
  /** Devices this page was told of: their tokens must stay out of every address. */
  readonly #devices: Pick<ServedDevice, 'origin' | 'token' | 'device'>[] = [];

  /** Of `urls`, those that were asked with a device's token. */
  readonly #withToken = new Set<string>();

  private constructor(page: Page) {
    this.page = page;
    page.on('request', (request) => {
      this.urls.push(request.url());
      // The doctor knocks at other ports of a device's own host; what it may never do there is show a token.
      const shows = Object.values(request.headers()).some((value) => this.#isToken(value));
      if (shows) this.#withToken.add(request.url());
    });
    page.on('pageerror', (error) => this.errors.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() !== 'error') return;
      const { url } = message.location();
      // The host sends this header with every answer; on plain http Chromium says that it does nothing there.
      if (message.text().startsWith('The Cross-Origin-Opener-Policy header has been ignored')) return;
      const [, refused] = REFUSED_CHUNK.exec(message.text()) ?? [];
      if (refused !== undefined) this.failedRequests.push(refused);
      else if (message.text().startsWith('Failed to load resource')) this.failedRequests.push(url);
      else this.errors.push(`${message.text()} (${url})`);
    });
    page.on('framenavigated', (frame) => this.urls.push(frame.url()));
  }

  static async open(page: Page, url: string): Promise<AppPage> {
    const opened = new AppPage(page);
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
        // The console tells of most violations; this tells of all of them.
        // eslint-disable-next-line no-console
        console.error(`policy violated: ${violatedDirective} ${blockedURI}`);
      });
    });
    await page.goto(url);
    return opened;
  }

  /** A page that is open already. */
  static of(page: Page): AppPage {
    return new AppPage(page);
  }

  /** Tells of a device that was added in another tab. */
  knows({ origin, token, device }: ServedDevice, typedToken = token): void {
    this.#devices.push({ origin, token: typedToken, device });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
  }

  /** @param told what the dialog says of what the device tells of itself; waited for before it is saved */
  async addDevice(name: string, served: ServedDevice, typedToken = served.token, told?: RegExp): Promise<void> {
    const { origin } = served;
    this.knows(served, typedToken);
    await this.button('Add device').first().click();
    const dialog = this.page.getByRole('dialog', { name: 'Device' });
    await dialog.getByLabel('Name', { exact: true }).fill(name);
    await dialog.getByLabel('Address', { exact: true }).fill(origin);
    await dialog.getByLabel('Token', { exact: true }).fill(typedToken);
    if (told !== undefined) await dialog.getByText(told).waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await this.card(name).waitFor();
  }

  /** Chooses the file at `path`, and waits until its judgement is read. */
  async choose(path: string): Promise<void> {
    await this.page.getByLabel('Firmware file').setInputFiles(path);
    await this.judged();
  }

  async judged(): Promise<void> {
    await this.page.getByRole('region', { name: 'What to send' }).getByText('SHA-256', { exact: true }).waitFor();
  }

  /** A real drag from outside of the browser: comes in over `from`, and is let go at once when it comes over `to`. */
  async drop(path: string, from?: Locator, to = from): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    const [start, end] = [await this.#middleOf(from), await this.#middleOf(to)];
    const COPY = 1;
    const data = { items: [], files: [path], dragOperationsMask: COPY };
    const drag = (type: 'dragEnter' | 'dragOver' | 'drop', at: { x: number; y: number }): Promise<unknown> =>
      session.send('Input.dispatchDragEvent', { type, ...at, data });
    await drag('dragEnter', start);
    // Until the page has taken the file's coming, the browser takes a drop for a drag that left. A hand is slower, and tells
    // of itself all the while: the page's words go where it does not, and a busy machine may be late to read them.
    const words = this.page.getByText(/^Drop (it for|to check) /);
    const until = performance.now() + PATIENCE_MS;
    while (!(await words.isVisible())) {
      if (performance.now() > until) throw new Error('nothing hovers over the page');
      await drag('dragOver', start);
    }
    await drag('dragOver', start);
    await drag('drop', end);
    await session.detach();
  }

  /** Reloads. Not while a dialog's entry is on its way out of the history: the browser gives a reload up for that. */
  async reload(): Promise<void> {
    await this.page.waitForFunction(() => !JSON.stringify(history.state ?? '').includes('moultDialog'));
    await this.page.reload();
  }

  card(device: string): Locator {
    return this.page.getByRole('article', { name: device, exact: true });
  }

  /** Presses the card's button, or what is called so behind its ⋯. */
  async press(name: string, device: string): Promise<void> {
    if (BEHIND.test(name)) {
      await this.card(device)
        .getByRole('button', { name: `More for ${device}`, exact: true })
        .click();
      await this.card(device).getByRole('menuitem', { name, exact: true }).click();
      return;
    }
    await this.card(device).getByRole('button', { name, exact: true }).click();
  }

  /** Waits until the device's status begins with `words`; all of what it says. */
  async says(words: string, device: string, withinMs = PATIENCE_MS): Promise<string> {
    const status = this.card(device)
      .getByRole('status')
      .filter({ hasText: new RegExp(`^${words}`) });
    try {
      await status.waitFor({ state: 'attached', timeout: withinMs });
    } catch (error) {
      const said = await this.card(device).getByRole('status').allTextContents();
      throw new Error(`waited for “${words}”; the status says “${said.join('” and “')}”`, { cause: error });
    }
    return (await status.textContent()) ?? '';
  }

  /**
   * Waits until the card says why the chosen file is not sent to the device, with its button off.
   *
   * @param reason a part of it
   */
  async refuses(reason: string | RegExp, device: string): Promise<void> {
    const card = this.card(device);
    await card.getByText(reason).waitFor();
    await card.getByRole('button', { name: 'Update', exact: true, disabled: true }).waitFor();
    // Nothing was tried, so nothing failed.
    expect(await card.getAttribute('data-end')).to.equal(null);
  }

  /** Looks among the details of a saved device for what they say of how it is reached and spoken to. */
  async detailed(words: string, device: string): Promise<void> {
    await this.press('Edit', device);
    const dialog = this.page.getByRole('dialog', { name: 'Device' });
    await dialog.getByText('More settings').click();
    await dialog.getByText(words).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  }

  /** Percent of acknowledged bytes, as the progress bar tells it. */
  async percent(device: string): Promise<number> {
    return Number(await this.card(device).getByRole('progressbar').getAttribute('aria-valuenow'));
  }

  /** What must be true of every journey, however it went. */
  expectAllWell(): void {
    const own = new URL(this.page.url()).origin;
    const known = new Set([own, ...this.#devices.map(({ origin }) => origin), 'null']);
    const hosts = new Set(this.#devices.map(({ origin }) => new URL(origin).hostname));
    const isKnock = (url: string): boolean => hosts.has(new URL(url).hostname) && !this.#withToken.has(url);
    expect(this.urls).not.to.be.empty;
    expect(this.urls.filter((url) => !known.has(new URL(url).origin) && !isKnock(url))).to.deep.equal([]);
    for (const { token, device } of this.#devices) {
      const addresses = [...this.urls, ...device.requests.map(({ path }) => path)];
      expect(addresses.filter((address) => address.includes(token))).to.deep.equal([]);
    }
    expect(this.errors).to.deep.equal([]);
  }

  /** Of an element, or of the window. */
  async #middleOf(element: Locator | undefined): Promise<{ x: number; y: number }> {
    const window = { x: 0, y: 0, ...(this.page.viewportSize() ?? { width: 800, height: 600 }) };
    const { x, y, width, height } = (await element?.boundingBox()) ?? window;
    return { x: x + width / 2, y: y + height / 2 };
  }

  #isToken(header: string): boolean {
    return this.#devices.some(({ token }) => token !== '' && header.includes(token));
  }
}
