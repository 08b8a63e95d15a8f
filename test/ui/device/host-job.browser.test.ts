import { expect } from 'chai';
import { http, HttpResponse } from 'msw';
import type { Job, JobStanding } from '../../../src/model/jobs/job.ts';
import type { UpdateState } from '../../../src/model/update/update-state.ts';
import { all, press, until } from '../finding.ts';
import { useOpenPage, useWorker } from '../opened.ts';
import { ADDRESS } from '../page.ts';
import { ended, NOW, savedDevice, writing } from '../../state/given.ts';

const REF = { id: '1'.repeat(32), key: 'A'.repeat(22) };
const HOST = { gateway: true, discover: false, simulated: [], jobs: true };

describe('A card whose update the host runs', () => {
  const worker = useWorker();
  const page = useOpenPage({ host: HOST });
  let tell: (update: UpdateState, standing: JobStanding) => void = () => undefined;
  const orders: unknown[] = [];

  beforeEach(async () => {
    orders.length = 0;
    const device = await savedDevice(page.app.devices, { address: ADDRESS });
    const { name, origin, prefix, protocol, dialect, tokenHeader, chipId } = device;
    const jobOf = (update: UpdateState, standing: JobStanding): Job => ({
      ...{ id: REF.id, standing, update, by: 'Chrome on Linux', goesOnByItself: false, keepsSecrets: false },
      device: { name, origin, prefix, protocol, dialect, tokenHeader, chipId },
      plan: { restart: true, overruled: [], takeOver: null, beginAgain: false },
      firmware: { sha256: 'c'.repeat(64), size: 8, name: 'kitchen.bin', version: '1.4.2', project: null },
      ...{ createdAt: NOW, startedAt: NOW, endedAt: standing.kind === 'ended' ? NOW + 1 : null },
    });
    let sequence = 0;
    worker.resetHandlers(
      http.post('/jobs/events', () => {
        const encoder = new TextEncoder();
        const body = new ReadableStream<Uint8Array>({
          start(controller) {
            tell = (update, standing) => {
              const event = { kind: 'job', host: 'h', sequence: (sequence += 1), job: jobOf(update, standing) };
              controller.enqueue(encoder.encode(`id: h-${sequence}\ndata: ${JSON.stringify(event)}\n\n`));
            };
            tell(writing, { kind: 'running' });
          },
        });
        return new HttpResponse(body, { headers: { 'Content-Type': 'text/event-stream' } });
      }),
      http.post(`/jobs/${REF.id}`, async ({ request }) => {
        orders.push(await request.json());
        return HttpResponse.json({ job: jobOf(writing, { kind: 'paused' }) });
      }),
    );
    page.jobKeys.set(device.id, { ...REF, toldAt: null });
    await page.app.jobs.load();
    await until('the update', () => page.app.updates.$update(device.id).get().kind === 'running');
  });

  const text = (): string => all('update-progress')[0]?.shadowRoot?.textContent ?? '';

  it('says that the host does it, and obeys the card’s button', async () => {
    await until('the line', () => text().includes('The host is doing this. You can close the page.'));
    expect(text()).not.to.contain('Keep this page open');
    await press('Pause');
    await until('the order', () => orders.length === 1);
    expect(orders).to.deep.equal([{ kind: 'pause' }]);
  });

  it('says how it ended', async () => {
    const outcome = ended();
    tell(outcome, { kind: 'ended', outcome });
    const [card] = all('device-card');
    await until('the end', () => card?.shadowRoot?.querySelector('[role=status]')?.textContent.includes('Updated'));
  });
});
