import { expect } from 'chai';
import { atom } from 'nanostores';
import { InstallationState, type Ended, type InstallWay } from '../../src/state/installation.ts';
import { NoticesState } from '../../src/state/notices.ts';
import type { OutcomeName } from '../../src/model/update/update-state.ts';

interface Given {
  readonly way?: InstallWay;
  readonly offeredBefore?: boolean;
}

function given({ way = 'ask', offeredBefore = false }: Given = {}) {
  const notices = new NoticesState();
  const installer = { way, asked: 0, changed: (): void => undefined };
  const installation = new InstallationState({
    installer: {
      get way() {
        return installer.way;
      },
      onChange: (changed) => (installer.changed = changed),
      ask: () => Promise.resolve(void (installer.asked += 1)),
    },
    notices,
    offeredBefore: () => offeredBefore,
    version: '1.2.3',
  });
  const $ended = atom<readonly Ended[]>([]);
  installation.offerAfter($ended);
  const end = (outcome: OutcomeName): void => $ended.set([{ view: { state: { outcome } } }, ...$ended.get()]);
  const offered = (): boolean => notices.$notices.get().some(({ kind }) => kind === 'can-install');
  return { installation, notices, installer, end, offered };
}

describe('Installing', () => {
  it('follows what the browser offers', () => {
    const { installation, installer } = given({ way: 'menu' });
    expect(installation.$way.get()).to.equal('menu');
    installer.way = 'ask';
    installer.changed();
    expect(installation.$way.get()).to.equal('ask');
  });

  it('is offered after the first update that went well, and not again after the next', () => {
    const { end, offered, notices } = given();
    end('failed');
    expect(offered()).to.equal(false);
    end('updated');
    expect(offered()).to.equal(true);
    notices.dismiss('can-install');
    end('updated');
    expect(offered()).to.equal(false);
  });

  it('is not offered again on another day', () => {
    const { end, offered } = given({ offeredBefore: true });
    end('updated');
    expect(offered()).to.equal(false);
  });

  it('is not offered where the browser would not ask', () => {
    for (const way of ['installed', 'share-sheet', 'dock', 'menu', 'not-secure'] as const) {
      const { end, offered } = given({ way });
      end('updated');
      expect(offered(), way).to.equal(false);
    }
  });

  it('lets the browser ask when the offer is taken, and puts the offer away', () => {
    const { end, offered, notices, installer } = given();
    end('accepted');
    notices.act('can-install');
    expect(installer.asked).to.equal(1);
    expect(offered()).to.equal(false);
  });
});
