/** A Tasmota device over real sockets: as a job of the host, and as a command. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { push } from '../../../../src/host/cli/push/push.ts';
import { PushWarnings } from '../../../../src/host/cli/push/push-warnings.ts';
import { OwnJobs } from '../../../../src/host/jobs/own-jobs.ts';
import type { CreateJob } from '../../../../src/model/jobs/job-requests.ts';
import { servePlug } from '../../../../src/simulator/node/tasmota-server.ts';
import { withTasmota } from '../../../../src/simulator/tasmota/build.ts';
import type { TasmotaOptions } from '../../../../src/simulator/tasmota/options.ts';
import { SimulatedTasmota } from '../../../../src/simulator/tasmota/simulated-tasmota.ts';
import { UpdateControls } from '../../../../src/update/controls.ts';
import { buildApp, resealed } from '../../../firmware/image-builder.ts';
import { hasEnded, hashOf, jobFor, JobPage, outcomeOf } from '../job-host.ts';
import { hostOf, useClosing } from '../../closing.ts';

const APP = buildApp({ python: false, strings: ['.'.repeat(600)], sizeBytes: 400_000, date: '', time: '' });
const NEW = { version: '15.2.0', variant: 'tasmota32', builtAt: '2026-07-24T19:38:07' };
const FIRMWARE = resealed(withTasmota(APP, NEW));
const LOGIN = { user: 'admin', password: 'pass word' };

describe('a Tasmota device over real sockets', () => {
  const closing = useClosing();

  async function served(options: Partial<TasmotaOptions>): Promise<{ plug: SimulatedTasmota; origin: string }> {
    const plug = new SimulatedTasmota({ awayMs: 50, ...options });
    const { origin, close } = await servePlug(plug, { port: 0 });
    closing.push(close);
    return { plug, origin };
  }

  async function job(origin: string, more: Partial<CreateJob> = {}) {
    const host = await hostOf(closing);
    const page = new JobPage(host.port);
    const { device, ...asked } = jobFor(origin, FIRMWARE, { secrets: { token: null, login: LOGIN }, ...more });
    const whole = { ...asked, device: { ...device, protocol: 'tasmota', dialect: 'tasmota' } } as const;
    await page.create(FIRMWARE, whole);
    return { page, asked: whole, ended: await page.until(whole, hasEnded) };
  }

  it('runs the file at the end of a job, with the password that it asks for, and from its own page', async () => {
    const { plug, origin } = await served({ password: LOGIN.password, wantsReferer: true });
    const { asked, ended } = await job(origin);
    expect(outcomeOf(ended)).to.equal('updated');
    expect(ended.update).to.include({ by: 'identity', dialect: 'tasmota' });
    expect(hashOf(plug.runningImage)).to.equal(asked.firmware.sha256);
    expect(JSON.stringify(ended)).to.not.include(LOGIN.password);
    expect(plug.requests.map(({ path }) => path).join(' ')).to.not.match(/pass|admin/);
  });

  it('starts safeboot for a job where it has one partition', async () => {
    const { plug, origin } = await served({ layout: 'safeboot', language: 'de' });
    const { ended } = await job(origin);
    expect(outcomeOf(ended)).to.equal('updated');
    expect(plug.restarts).to.equal(2);
  });

  it('gets not a byte of the file with a wrong password', async () => {
    const { plug, origin } = await served({ password: 'another' });
    const { ended } = await job(origin);
    expect(ended.update).to.include({ outcome: 'failed', code: 'unauthorised', oldFirmware: 'runs' });
    // So that the message can say what the device asks for.
    expect(ended.update).to.include({ dialect: 'tasmota' });
    expect(plug.requests.filter(({ method }) => method === 'POST')).to.deep.equal([]);
  });

  it('is carried for no page, but for jobs', async () => {
    const { plug, origin } = await served({});
    const host = await hostOf(closing);
    const page = new JobPage(host.port);
    const before = plug.requests.length;
    for (const path of ['/cm?cmnd=Status%200', '/cm?cmnd=Restart%201', '/up', '/u3', '/u4?u4=fct&api=', '/u2?fsz=1']) {
      const carried = await page.ask(`/device/http/127.0.0.1:${new URL(origin).port}${path}`, {
        ...{ method: 'GET', headers: { 'x-moult': '1' } },
      });
      expect(carried.status, path).to.equal(404);
    }
    expect(plug.requests.length).to.equal(before);
  });

  async function pushed(origin: string, lines: string[] = []) {
    const folder = mkdtempSync(join(tmpdir(), 'moult-plug-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    return push({
      ...{ bytes: FIRMWARE, fileName: 'tasmota32.bin', name: 'Plug', restart: true, controls: new UpdateControls() },
      target: {
        ...{ origin, prefix: '/ota', protocol: 'tasmota', dialect: null, tokenHeader: 'X-OTA-Token' },
        // As MOULT_TOKEN has it.
        ...{ token: LOGIN.password, login: null },
      },
      jobs: OwnJobs.open(folder, () => undefined),
      warnings: new PushWarnings((line) => void lines.push(line)),
      onState: () => undefined,
    });
  }

  it('is updated by a command, which says before that its old firmware is overwritten', async () => {
    const { plug, origin } = await served({ layout: 'safeboot', password: LOGIN.password });
    const lines: string[] = [];
    const { outcome, words } = await pushed(origin, lines);
    expect(outcome).to.include({ outcome: 'updated' });
    expect(words.detail).to.equal('Plug restarted and runs Tasmota 15.2.0 (tasmota32) now, as the file said.');
    expect(lines.join('\n')).to.match(/^Plug: It has room for one firmware: .* its old firmware is overwritten/);
    expect(plug.build).to.deep.equal(NEW);
  });

  it('waits in safeboot where the file does not start, and that is said', async () => {
    const { origin } = await served({ layout: 'safeboot', boots: () => false });
    const { outcome, words } = await pushed(origin);
    expect(outcome).to.include({ outcome: 'failed', code: 'stand-in-runs', oldFirmware: 'set-aside' });
    expect(words.detail).to.match(
      /restarted into safeboot, and not into the new firmware\. Plug waits in safeboot for a file/,
    );
  });
});
