import { expect } from 'chai';
import { PageNotifier } from '../../src/page/notifier.ts';

interface Shown {
  readonly title: string;
  readonly options: NotificationOptions | undefined;
}

/** The system's notifications, as far as a page sees them. */
function standIn(
  permission: NotificationPermission,
  fails = false,
): { shown: Shown[]; asked: () => number; back: () => void } {
  const before = window.Notification;
  const shown: Shown[] = [];
  let asked = 0;
  class Stand extends EventTarget {
    static readonly permission = permission;
    static requestPermission(): Promise<NotificationPermission> {
      asked += 1;
      return Promise.resolve('granted');
    }
    constructor(title: string, options?: NotificationOptions) {
      super();
      if (fails) throw new TypeError('Illegal constructor');
      shown.push({ title, options });
    }
  }
  Object.defineProperty(window, 'Notification', { configurable: true, writable: true, value: Stand });
  const back = (): void => {
    Object.defineProperty(window, 'Notification', { configurable: true, writable: true, value: before });
  };
  return { shown, asked: () => asked, back };
}

describe('Notifications of the system', () => {
  let back = (): void => undefined;
  afterEach(() => {
    back();
    localStorage.clear();
  });

  function given(permission: NotificationPermission, fails = false) {
    const stand = standIn(permission, fails);
    ({ back } = stand);
    return stand;
  }

  it('are asked for only when somebody says so', async () => {
    const { asked } = given('default');
    const notifier = new PageNotifier();
    expect(notifier.permission).to.equal('not-asked');
    expect(asked()).to.equal(0);
    expect(await notifier.ask()).to.equal(true);
    expect(asked()).to.equal(1);
  });

  it('say what ended, one in place of the other', async () => {
    const { shown } = given('granted');
    await new PageNotifier().show({ title: 'Updated ✓ Kitchen sensor', body: 'It runs 1.4.2 now.' });
    expect(shown[0]?.title).to.equal('Updated ✓ Kitchen sensor');
    expect(shown[0]?.options).to.include({ body: 'It runs 1.4.2 now.', tag: 'moult-end' });
  });

  it('are not shown where only a worker may show them and there is none', async () => {
    const { shown } = given('granted', true);
    await new PageNotifier().show({ title: 'Updated ✓', body: '' });
    expect(shown).to.deep.equal([]);
  });

  it('are not there in every browser', async () => {
    ({ back } = given('granted'));
    Reflect.deleteProperty(window, 'Notification');
    const notifier = new PageNotifier();
    expect(notifier.permission).to.equal('unavailable');
    expect(await notifier.ask()).to.equal(false);
  });

  it('are offered once on a browser', () => {
    expect(new PageNotifier().offeredBefore()).to.equal(false);
    expect(new PageNotifier().offeredBefore()).to.equal(true);
  });
});
