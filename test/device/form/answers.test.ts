import { expect } from 'chai';
import { readFormAnswer } from '../../../src/device/form/answers.ts';
import { parseAnswer } from '../../../src/device/answer.ts';
import { UpdateError } from '../../../src/model/update/update-error.ts';
import { SUCCESS } from '../../../src/simulator/forms/pages.ts';

function means(status: number, text: string, contentType = 'text/plain'): string {
  try {
    return readFormAnswer(parseAnswer(status, text, false, contentType), ['secret']).kind;
  } catch (error) {
    if (!(error instanceof UpdateError)) throw error;
    return error.code;
  }
}

describe('what a device with a form says of an upload', () => {
  it('is a yes only in words that are known for one', () => {
    for (const yes of ['OK', 'ok\n', 'Success', 'Update Success! Rebooting...', SUCCESS, '<h1>Update: OK!</h1>'])
      expect(means(200, yes), yes).to.equal('taken');
    for (const other of [
      '',
      'Fertig',
      'Thank you',
      '{}',
      'OKAY then',
      'Upload received',
      'The update is not a success?',
    ])
      expect(means(200, other), other).to.not.equal('taken');
  });

  it('is a judgement of the image where its updater made one, whatever the status', () => {
    for (const no of [
      'Update error: ERROR[7]: Wrong Magic Byte',
      'Update error: Could Not Activate The Firmware',
      'MD5 Check Failed',
      'Update error: ERROR[10]: Magic byte is not 0xE9',
      'Update error: Signature verification failed',
    ]) {
      expect(means(200, no), no).to.equal('refused');
      expect(means(400, no), no).to.equal('refused');
    }
  });

  it('is another kind of no where it speaks of space, of the page, or gives no reason', () => {
    expect(means(200, 'Update error: Not Enough Space')).to.equal('too-large');
    expect(means(200, 'Update error: Wrong origin received!')).to.equal('forbidden');
    expect(means(200, 'FAIL')).to.equal('device-fault');
    expect(means(500, 'FAIL')).to.equal('device-fault');
    expect(means(200, 'Update error: No Error')).to.equal('device-fault');
    expect(means(400, 'ERROR[14]: Update already running')).to.equal('half-left');
    expect(means(401, '')).to.equal('unauthorised');
    expect(means(404, 'Not found')).to.equal('no-route');
  });

  it('is neither yes nor no in other words, or in the page of another server', () => {
    expect(means(200, 'Fertig, starte neu')).to.equal('garbled');
    expect(means(200, `<title>Router</title>${'.'.repeat(9_000)} OK`, 'text/html')).to.equal('web-page');
    expect(means(200, '<script>var ok="OK"; var no="FAIL"</script>', 'text/html')).to.equal('web-page');
  });

  it('shows no secret', () => {
    const answer = parseAnswer(200, 'Update error: secret is wrong', false, 'text/plain');
    expect(() => readFormAnswer(answer, ['secret']))
      .to.throw(UpdateError)
      .with.property('said', 'Update error: ••• is wrong');
  });
});
