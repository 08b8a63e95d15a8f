/** A simulated Tasmota device, tested by its answers alone, without the `device` room. */
import { expect } from 'chai';
import { tasmotaImage } from '../../../src/simulator/tasmota/build.ts';
import type { TasmotaOptions } from '../../../src/simulator/tasmota/options.ts';
import { SimulatedTasmota } from '../../../src/simulator/tasmota/simulated-tasmota.ts';
import { FakeClock } from '../../update/scripted/fake-clock.ts';

const IMAGE = tasmotaImage({ version: '15.2.0', variant: 'tasmota32', builtAt: '2026-07-24T19:38:07' }, 5_000);

function device(options: Partial<TasmotaOptions> = {}) {
  const clock = new FakeClock();
  const one = new SimulatedTasmota({ clock, ...options });
  const get = (path: string, headers: Record<string, string> = {}) =>
    one.handle(new Request(`http://plug${path}`, { headers }));
  /** As its page does: the upload page has to be opened first. */
  const upload = async (image: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}, first = '/up') => {
    if (first !== '') await get(first, headers);
    const form = new FormData();
    form.set('u2', new Blob([image]), 'a.bin');
    return one.handle(new Request(`http://plug/u2?fsz=${image.length}`, { method: 'POST', body: form, headers }));
  };
  return { one, clock, get, upload };
}

const admin = (password: string) => ({ Authorization: `Basic ${btoa(`admin:${password}`)}` });

describe('A simulated Tasmota device', () => {
  it('tells all of its status or one part', async () => {
    const { get } = device();
    const all = (await (await get('/cm?cmnd=Status%200')).json()) as Record<string, unknown>;
    expect(Object.keys(all)).to.include.members(['Status', 'StatusPRM', 'StatusFWR', 'StatusMEM', 'StatusNET']);
    const one = await get('/cm?cmnd=status%202');
    expect(Object.keys((await one.json()) as object)).to.deep.equal(['StatusFWR']);
    expect(one.headers.get('server')).to.equal('Tasmota/15.1.0 (ESP32-D0WD-V3)');
  });

  it('takes an image, restarts by itself and runs it', async () => {
    const { one, clock, upload } = device();
    const answer = await upload(IMAGE);
    expect([answer.status, await answer.text()].join(' ')).to.match(/^200 .*location\.href='\.'.*Successful/s);
    expect(one.build?.version).to.equal('15.1.0');
    await clock.pass(1_000);
    expect(one.away).to.equal(true);
    await clock.pass(2_000);
    expect([one.away, one.build?.version, one.restarts]).to.deep.equal([false, '15.2.0', 1]);
  });

  it('reports a refusal with 200, and forgets it then', async () => {
    const { one, upload } = device({ language: 'de' });
    const answer = await upload(new Uint8Array(IMAGE).fill(0, 0, 1));
    expect(answer.status).to.equal(200);
    expect(await answer.text())
      .to.match(/misslungen<\/font><\/b><br><br>Keine Firmware</)
      .and.not.contain('location.href');
    expect([one.keptError, one.restarts]).to.deep.equal([0, 0]);
  });

  it('gives the error of an upload that broke off to the next one', async () => {
    const { one, upload, get } = device();
    one.fault = ({ route, nth }) => (route === 'upload' && nth === 1 ? { kind: 'drop', when: { bytes: 100 } } : null);
    expect(await upload(IMAGE).catch(() => 'gone')).to.equal('gone');
    expect(await (await upload(IMAGE)).text()).to.contain('Upload aborted');
    expect(await (await upload(IMAGE)).text()).to.contain('Successful');
    expect(one.keptError).to.equal(0);
    // Without one, that page restarts it.
    expect(await (await get('/u3')).text()).to.contain('Successful');
  });

  it('expects no file, or a settings file, where no page or the settings page was opened last', async () => {
    const { upload } = device();
    expect(await (await upload(IMAGE, {}, '')).text()).to.contain('Not enough space');
    expect(await (await upload(IMAGE, {}, '/rs')).text()).to.contain('File invalid');
    expect(await (await upload(IMAGE)).text()).to.contain('Successful');
  });

  it('asks for the password: for pages through the library, for commands without a challenge', async () => {
    const { get, one, upload } = device({ password: 'secret' });
    const page = await get('/up');
    expect([page.status, page.headers.get('www-authenticate')]).to.deep.equal([401, 'Basic realm="Login Required"']);
    const command = await get('/cm?cmnd=Status%202');
    expect([command.status, command.headers.get('www-authenticate')]).to.deep.equal([401, null]);
    expect(Object.keys((await command.json()) as object)).to.deep.equal(['WARNING']);
    expect((await get('/cm?cmnd=Status%202', admin('secret'))).status).to.equal(200);
    expect((await upload(IMAGE)).status).to.equal(401);
    expect(one.restarts).to.equal(0);
    expect((await upload(IMAGE, admin('secret'))).status).to.equal(200);
  });

  it('gives no answer to the page of another origin, where that is set', async () => {
    const { get } = device({ wantsReferer: true });
    expect(await get('/up').catch(() => 'none')).to.equal('none');
    expect((await get('/up', { Referer: 'http://plug/' })).status).to.equal(200);
  });

  it('takes an image only in safeboot where it has one partition, and goes back where nothing was written', async () => {
    const { one, get, upload, clock } = device({ layout: 'safeboot' });
    expect(await (await get('/up')).text()).to.contain('return upl(this)');
    expect(await (await upload(IMAGE)).text()).to.contain('Not enough space');
    expect(await (await get('/u4?u4=fct&api=')).text()).to.equal('false');
    await clock.pass(3_000);
    expect(one.build?.variant).to.equal('safeboot');
    expect(await (await get('/u4?u4=fct&api=')).text()).to.equal('true');
    expect(await (await get('/u4?u4=ota&api=')).text()).to.equal('false');
    await clock.pass(3_000);
    expect(one.build?.variant).to.equal('tasmota32');
    await get('/u4?u4=fct&api=');
    await clock.pass(3_000);
    await upload(IMAGE);
    await clock.pass(4_000);
    expect(one.build?.version).to.equal('15.2.0');
    expect(await (await device().get('/u4?u4=fct&api=')).text()).to.equal('none');
  });

  it('waits in safeboot once an upload has begun to go over its app', async () => {
    const { one, get, upload, clock } = device({ layout: 'safeboot' });
    await get('/u4?u4=fct&api=');
    await clock.pass(3_000);
    one.fault = ({ route }) => (route === 'upload' ? { kind: 'drop', when: { bytes: 2_000 } } : null);
    await upload(IMAGE).catch(() => undefined);
    one.restart(0);
    expect(one.build?.variant).to.equal('safeboot');
  });

  it('unpacks gzip, checks nothing, and has no other image to go back to, as an ESP8266', async () => {
    const { one, upload, clock } = device({ layout: 'esp8266', hardware: 'ESP8266EX', isWhole: () => false });
    const packed = new Blob([IMAGE]).stream().pipeThrough(new CompressionStream('gzip'));
    const answer = await upload(new Uint8Array(await new Response(packed).arrayBuffer()));
    expect(await answer.text()).to.contain('Successful');
    await clock.pass(4_000);
    expect(one.build?.version).to.equal('15.2.0');
    expect(one.runningImage).to.deep.equal(IMAGE);
  });
});
