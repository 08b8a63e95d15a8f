/** A page that is steered by keys, drags and Back, over one simulated device. */
import type { SetupWorker } from 'msw/browser';
import { SimulatedDevice } from '../../src/simulator/simulated-device.ts';
import { listenToKeys } from '../../src/ui/shell/keys.ts';
import { ManualClock } from '../device/manual-clock.ts';
import { buildApp } from '../firmware/image-builder.ts';
import { all, until } from './finding.ts';
import { addDevice, usePage, useWorker, type Page } from './opened.ts';
import { ADDRESS, serve } from './page.ts';

export const TOKEN = 'ef'.repeat(32);

export const IMAGE = buildApp({ version: '2.0.0' });

export function transfer(name: string, bytes: Uint8Array<ArrayBuffer>): DataTransfer {
  const data = new DataTransfer();
  data.items.add(new File([bytes], name));
  return data;
}

export async function add(name: string, address = ADDRESS): Promise<void> {
  await addDevice(TOKEN, name, address);
  await until('the dialog to close', () => all('dialog[open]').length === 0);
}

export const key = (pressed: string, more: KeyboardEventInit = {}, on: EventTarget = document.body): KeyboardEvent => {
  const event = new KeyboardEvent('keydown', {
    key: pressed,
    bubbles: true,
    composed: true,
    cancelable: true,
    ...more,
  });
  on.dispatchEvent(event);
  return event;
};

export const openDialogs = (): HTMLElement[] => all('dialog[open]');

export const isMarked = (): boolean => JSON.stringify(history.state).includes('moultDialog');

/** The element that has the focus, through all shadow roots. */
export function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

export function drag(type: 'dragenter' | 'dragover' | 'drop', on: Element, data: DataTransfer): void {
  const { left, top, width, height } = on.getBoundingClientRect();
  const at = { clientX: left + width / 2, clientY: top + height / 2 };
  on.dispatchEvent(new DragEvent(type, { bubbles: true, composed: true, cancelable: true, dataTransfer: data, ...at }));
}

/** The page with its keys on, opened anew for each test; no time passes in it. */
export function useGestures(): { readonly page: Page; readonly worker: SetupWorker } {
  const worker = useWorker();
  let stop: () => void;
  // Before the page is closed, which would take its dialogs with it.
  afterEach(async () => {
    for (const dialog of openDialogs()) if (dialog instanceof HTMLDialogElement) dialog.close();
    await until('the entry of the dialogs to go', () => !isMarked());
    stop();
  });
  const page = usePage();
  beforeEach(async () => {
    location.hash = '#/devices';
    await page.open({ clock: new ManualClock() });
    stop = listenToKeys(page.app, page.shell);
    serve(worker, new SimulatedDevice({ token: TOKEN, slotBytes: 64 * 4096, awayMs: 10 }));
  });
  return { page, worker };
}
