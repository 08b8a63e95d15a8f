/** What a device with PrettyOTA answers, and how it is read. */
import { expect } from 'chai';
import { parseAnswer } from '../../../src/device/answer.ts';
import { readAbout, readInfo, readUpload } from '../../../src/device/pretty-ota/answers.ts';
import { UpdateError } from '../../../src/model/update/update-error.ts';

const json = (value: unknown, status = 200) => parseAnswer(status, JSON.stringify(value), false, 'application/json');
const plain = (text: string, status: number) => parseAnswer(status, text, false, 'text/plain');

const INFO = {
  ...{ hardwareID: 'ESP32S3_DEV', rollbackPossible: false, firmwareVersion: '1.4.0' },
  ...{ buildDate: 'Mar  3 2026', buildTime: '09:12:40' },
};

describe('what a device with PrettyOTA tells', () => {
  it('is its version, the time of its build with single spaces, and its chip where the board is named after it', () => {
    expect(readInfo(json(INFO))).to.include({
      ...{ product: 'PrettyOTA', version: '1.4.0', build: 'Mar 3 2026 09:12:40', chip: 'ESP32S3_DEV', chipId: 9 },
      ...{ uptimeMs: null, keepsHalf: true },
    });
    const chipOf = (hardwareID: unknown) => readInfo(json({ ...INFO, hardwareID }))?.chipId;
    expect(chipOf('ESP32_DEV')).to.equal(0);
    expect(chipOf('ESP32C6_DEV')).to.equal(13);
    for (const named of ['Board2', 'ESP32_S3_DEV', 'ESP32S9_DEV', 'LOLIN_S3', '', 7, undefined])
      expect(chipOf(named), String(named)).to.equal(null);
  });

  it('is nothing where the app leaves it empty', () => {
    const empty = readInfo(json({ ...INFO, firmwareVersion: '', buildDate: '', buildTime: '' }));
    expect(empty).to.include({ version: null, build: null });
  });

  it('is another device’s where it is anything else', () => {
    for (const answer of [json({}), json([]), json({ firmwareVersion: '1' }), plain('ok', 200), json(INFO, 500)])
      expect(readInfo(answer), answer.text).to.equal(null);
    expect(readAbout(json({ prettyotaVersion: '1.1.3' }))).to.include({ product: 'PrettyOTA', version: null });
    for (const answer of [json({ version: '1.1.3' }), json({ prettyotaVersion: 3 }), plain('', 200)])
      expect(readAbout(answer), answer.text).to.equal(null);
  });
});

describe('what a device with PrettyOTA says of an upload', () => {
  const read = (text: string, status: number, contentType = 'text/plain') => {
    try {
      return readUpload(parseAnswer(status, text, false, contentType), ['secret']).kind;
    } catch (error) {
      if (!(error instanceof UpdateError)) throw error;
      return error.code;
    }
  };

  it('is a yes with an empty body, and with nothing else', () => {
    expect(read('', 200)).to.equal('taken');
    expect(read('OK', 200)).to.equal('garbled');
    expect(read('<!doctype html>', 200, 'text/html')).to.equal('web-page');
    expect(read('', 204)).to.equal('garbled');
  });

  it('is a refusal of the image, or another error by its name', () => {
    expect(read('ERROR_MAGIC_BYTE: Magic byte is invalid', 400)).to.equal('refused');
    expect(read('ERROR_ACTIVATE: Could not activate target partition', 400)).to.equal('refused');
    expect(read('ERROR_HASH_MISMATCH: The firmware hash …', 400)).to.equal('hash-mismatch');
    expect(read('ERROR_NO_SPACE: Not enough free space', 400)).to.equal('too-large');
    expect(read('ERROR_NO_PARTITION: Partition could not be found', 400)).to.equal('unsupported');
    expect(read('ERROR_WRITE: Could not write flash', 400)).to.equal('device-fault');
    expect(read('An update is already running', 400)).to.equal('busy');
    expect(read('Missing parameter in URL: hash', 400)).to.equal('bad-request');
    expect(read('Not authenticated', 401)).to.equal('unauthorised');
    expect(read('ERROR_MAGIC_BYTE', 500)).to.equal('device-fault');
  });

  it('is shown without the password', () => {
    const { said } = readUpload(plain('ERROR_ACTIVATE: secret', 400), ['secret']);
    expect(said).to.equal('ERROR_ACTIVATE: •••');
  });
});
