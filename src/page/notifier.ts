import type { NotificationWords, Notifier } from '../model/page/attention.ts';
import { offeredBefore } from './offered-before.ts';

const OFFERED = 'moult-notification-offered';
/** One at a time: the next end takes the place of the one before it. */
const TAG = 'moult-end';

export class PageNotifier implements Notifier {
  get permission(): Notifier['permission'] {
    if (!('Notification' in window) || !window.isSecureContext) return 'unavailable';
    return Notification.permission === 'default' ? 'not-asked' : Notification.permission;
  }

  async ask(): Promise<boolean> {
    if (this.permission === 'unavailable') return false;
    return (await Notification.requestPermission()) === 'granted';
  }

  async show({ title, body }: NotificationWords): Promise<void> {
    const options = { body, tag: TAG, icon: `${import.meta.env.BASE_URL}icon.svg` };
    try {
      // On a phone only a worker may show one; what a tap on it does is said there (src/offline/service-worker.ts).
      const worker = await navigator.serviceWorker.getRegistration();
      if (worker?.active) {
        await worker.showNotification(title, options);
        return;
      }
      const shown = new Notification(title, options);
      shown.addEventListener('click', () => {
        window.focus();
        shown.close();
      });
    } catch {
      // The permission went away, or this browser shows them from a worker alone: the page itself tells the end.
    }
  }

  offeredBefore(): boolean {
    return offeredBefore(OFFERED);
  }
}
