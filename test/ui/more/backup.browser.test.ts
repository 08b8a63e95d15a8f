import { expect } from 'chai';
import { findings, wear } from '../axe.ts';
import { all, button, field, fill, focusedElement, press, until } from '../finding.ts';
import { useOpenPage } from '../opened.ts';

const PASSPHRASE = 'correct horse battery';

/** A device as a backup file has it. */
const device = {
  name: 'Kitchen',
  typed: '192.168.1.50',
  origin: 'http://192.168.1.50:8080',
  prefix: '/ota',
  protocol: 'automatic',
  dialect: null,
  tokenHeader: 'X-OTA-Token',
  chipId: null,
  group: 'House',
};
const file = (of: object = {}): string =>
  JSON.stringify({ format: 'moult-backup', version: 1, made: 1, devices: [device], ...of });

async function chooseBackup(content: BlobPart): Promise<void> {
  const input = await field('Import a file');
  const data = new DataTransfer();
  data.items.add(new File([content], 'backup.json'));
  input.files = data.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

const alert = (): Promise<string> =>
  until('an alert', () => all('[role=alert]').find((found) => found.textContent)?.textContent);

/** What is saved instead of being downloaded. */
async function saved(act: () => Promise<void>): Promise<string> {
  const before = URL.createObjectURL.bind(URL);
  const blobs: Blob[] = [];
  URL.createObjectURL = (blob) => {
    if (blob instanceof Blob) blobs.push(blob);
    return 'javascript:void 0';
  };
  try {
    await act();
    const blob = await until('the file', () => blobs[0]);
    return await blob.text();
  } finally {
    URL.createObjectURL = before;
  }
}

describe('Exporting and importing devices on the page', () => {
  const page = useOpenPage();

  beforeEach(async () => {
    location.hash = '#/more';
    await field('Import a file');
  });

  it('shows what an import will change, and does it on a tap', async () => {
    await chooseBackup(file());
    const plan = await until('the plan', () =>
      all('section[aria-label]').find(({ textContent }) => textContent.includes('Will be added: 1')),
    );
    expect(plan.textContent).to.contain('Kitchen');
    expect(page.app.devices.$devices.get()).to.be.empty;
    await press('Import', plan);
    await until('the device', () => page.app.devices.$devices.get()[0]?.group === 'House');
    await until('what was done', () =>
      all('p[role=status]').some(({ textContent }) => textContent === 'Imported: 1 device, 0 tokens.'),
    );
    // The places are far above by then.
    const next = await until('the way on', () => focusedElement()?.matches('a') === true && focusedElement());
    expect([next.textContent, next.getAttribute('href')]).to.deep.equal(['Go to the devices', '#/devices']);
    await chooseBackup(file());
    const again = await until('the plan', () => all('section[aria-label="What the import changes"]')[0]);
    expect(again.textContent).to.match(/Will not be changed: 1\s+Kitchen, [^]*There is nothing to import/);
  });

  it('keeps “Import” in sight below a list that is longer than the window', async () => {
    const listed = (of: string, count: number): string =>
      `[${Array.from({ length: count }, (_, at) => `{"address":"192.168.1.${at + 1}","name":"${of} ${at}"}`).join()}]`;
    await chooseBackup(listed('Sensor', 30));
    await press('Import');
    // Thirty that get another name, and thirty that are new.
    await until('the way on', () => focusedElement()?.matches('a'));
    await chooseBackup(listed('Lamp', 60));
    const plan = await until('the plan', () => all('section[aria-label="What the import changes"]')[0]);
    const { bottom } = (await button('Import')).getBoundingClientRect();
    expect(plan.getBoundingClientRect().bottom, 'the list ends below the window').to.be.greaterThan(innerHeight);
    expect(bottom).to.be.at.most(innerHeight);
  });

  it('takes pasted lines, shows what they change, and saves them with their tokens on a tap', async () => {
    (
      await until('the fold', () =>
        all('backup-import summary, summary').find((each) => each.textContent === 'Paste lines'),
      )
    ).click();
    const lines = await until('the field', () =>
      all('textarea').find((each): each is HTMLTextAreaElement => each instanceof HTMLTextAreaElement),
    );
    lines.value = 'Hall, 192.168.1.51, abc\nAttic, 192.168.1.51';
    await press('Preview');
    expect(await alert()).to.contain('Line 2, address: it is the same as in line 1.');
    expect(page.app.devices.$devices.get()).to.be.empty;
    lines.value = 'Hall, 192.168.1.51, abc\nAttic, 192.168.1.52';
    await press('Preview');
    await press('Import', await until('the plan', () => all('section[aria-label="What the import changes"]')[0]));
    await until('the devices', () => page.app.devices.$devices.get().length === 2);
    const [hall] = page.app.devices.$devices.get();
    expect(await page.app.devices.token(hall?.id ?? '')).to.equal('abc');
    await until('the lines, gone', () => lines.value === '');
  });

  it('says before and after the import which devices come without their token', async () => {
    await chooseBackup('[{"address":"192.168.1.51","name":"Hall","tokenEnv":"HALL"},{"address":"192.168.1.52"}]');
    const plan = await until('the plan', () => all('section[aria-label="What the import changes"]')[0]);
    expect(plan.textContent).to.match(/without token or login: 1\s+Hall \(token\)/);
    await press('Import', plan);
    await until('what was done', () =>
      all('p[role=status]').some(({ textContent }) => textContent.endsWith('under “Edit”: Hall (token).')),
    );
  });

  it('carries tokens under a passphrase, and opens them with it only', async () => {
    await page.app.devices.save({
      ...{ name: 'Kitchen', address: '192.168.1.50', token: 'secret-token', keepPlain: false, chipId: null },
      ...{ protocol: 'automatic', prefix: '/ota', tokenHeader: 'X-OTA-Token' },
    });
    (await until('the tick', () => all('input[type=checkbox]')[0])).click();
    await fill('Passphrase', PASSPHRASE);
    const text = await saved(() => press('Save as a file'));
    expect(text).not.to.contain('secret-token');
    await chooseBackup(text);
    await fill('Passphrase of the tokens', 'not this one');
    await press('Unlock the tokens');
    expect(await alert()).to.contain('This passphrase doesn’t unlock');
    await fill('Passphrase of the tokens', PASSPHRASE);
    await press('Unlock the tokens');
    await until('the tokens', () =>
      all('section[aria-label] p').some(
        ({ textContent }) => textContent === '1 token is included. It replaces one that this device has here.',
      ),
    );
  });

  it('replaces no token of a device that is new here', async () => {
    await chooseBackup('[{"address":"192.168.1.51","name":"Hall","token":"abc"}]');
    await until('the token', () =>
      all('section[aria-label] p').some(({ textContent }) => textContent === '1 token is included.'),
    );
  });

  for (const [what, content] of [
    ['keys that mean something to JavaScript', file().replace('"made"', '"__proto__":{"admin":true},"made"')],
    ['wrong types', file({ devices: [{ ...device, chipId: 'nine' }] })],
    ['a field that nobody knows', file({ devices: [{ ...device, onload: 'x' }] })],
    ['an address that is none', file({ devices: [{ ...device, origin: 'javascript:alert(1)' }] })],
    ['same address twice', file({ devices: [device, device] })],
    ['a newer format', file({ version: 2 })],
    ['no JSON', 'MZ\u0090'],
    ['50 MB', new Uint8Array(50 * 1024 * 1024)],
  ] as const) {
    it(`refuses ${what} in words, and changes nothing`, async () => {
      await chooseBackup(content);
      expect(await alert()).to.match(/Nothing was changed|not read/);
      expect(page.app.devices.$devices.get()).to.be.empty;
      expect(all('section[aria-label="What the import changes"]')).to.be.empty;
      expect(Reflect.get({}, 'admin')).to.equal(undefined);
    });
  }

  it('shows markup in a name as what it is: text', async () => {
    const name = '<img src=x onerror=alert(1)>';
    await chooseBackup(file({ devices: [{ ...device, name }] }));
    await press('Import');
    await until('the device', () => page.app.devices.$devices.get().length === 1);
    location.hash = '#/devices';
    await until('its card', () => all('h2').some(({ textContent }) => textContent === name));
    expect(all('img')).to.be.empty;
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing that axe finds, ${theme}`, async () => {
      wear(theme);
      (await until('the tick', () => all('input[type=checkbox]')[0])).click();
      await chooseBackup(file());
      await button('Import');
      expect(await findings()).to.deep.equal([]);
    });
  }
});

describe('Exporting devices where the page is not encrypted', () => {
  useOpenPage({ secure: false });

  it('says that tokens stay out, and offers no tick', async () => {
    location.hash = '#/more';
    await button('Save as a file');
    expect(all('backup-panel input[type=checkbox]')).to.be.empty;
    expect(
      all('.hint')
        .map(({ textContent }) => textContent)
        .join(),
    ).to.contain('tokens can’t be included');
  });
});
