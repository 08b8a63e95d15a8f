/** What can go wrong with an upload to a Tasmota device, for `tasmota-matrix.node.test.ts`. */
import { onEveryOf, onNthOf, type WholeFault } from '../../../../src/simulator/whole/faults.ts';
import { tasmotaImage } from '../../../../src/simulator/tasmota/build.ts';
import { NEW, OLD, type TasmotaWorld, type TasmotaWorldOptions } from './tasmota-world.ts';
import { brokenConnections, byScript, HALF, NOT_SEEN, notSeenAfter, PRESSED, type Trouble } from '../trouble.ts';
import { IMAGE_BYTES } from '../whole-world.ts';

type TasmotaTrouble = Trouble<TasmotaWorld, TasmotaWorldOptions>;

const atUpload = (fault: WholeFault) => byScript<TasmotaWorld>(onNthOf('upload', 1, fault));
const atEveryUpload = (fault: WholeFault) => byScript<TasmotaWorld>(onEveryOf('upload', fault));

/** Another client began an upload and went away. */
async function brokenOff({ device, clock }: TasmotaWorld): Promise<void> {
  const leaving = new AbortController();
  const head = '--x\r\nContent-Disposition: form-data; name="u2"; filename="a"\r\n\r\n';
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(head));
      controller.enqueue(new Uint8Array(100).fill(0xe9));
    },
    pull: () => leaving.abort(),
  });
  const request = new Request('http://device/u2?fsz=1000', {
    ...{ method: 'POST', headers: { 'Content-Type': 'multipart/form-data; boundary=x' } },
    ...{ body, duplex: 'half', signal: leaving.signal },
  });
  await device.handle(request).catch(() => undefined);
  await clock.pass(1);
  if (device.keptError === 0) throw new Error('no error is kept');
}

export const TASMOTA_TROUBLES = {
  nothing: {},
  ...brokenConnections(atUpload, atEveryUpload),
  'another server’s page': atUpload({ kind: 'garbage' }),
  'busy, once': atUpload({ kind: 'status', status: 503 }),
  busy: atEveryUpload({ kind: 'status', status: 503 }),
  'a fault of its own': atUpload({ kind: 'status', status: 500 }),
  'the right password': { given: { password: 'pass word', saved: { user: '', password: 'pass word' } } },
  'the password as a token': { given: { password: 'secret', token: 'secret' } },
  'wrong password': { given: { password: 'secret', token: 'other' } },
  'no password': { given: { password: 'secret' } },
  'wants to be asked by its own page': { given: { wantsReferer: true } },
  'no space': { given: { slotBytes: 32 * 1024, programKilobytes: 20 } },
  'wrong magic': { given: { image: new Uint8Array(tasmotaImage(NEW, IMAGE_BYTES)).fill(0, 0, 1) } },
  'image check fails': atUpload({ kind: 'corrupt', at: IMAGE_BYTES / 2 }),
  'image check fails each time, in German': {
    given: { language: 'de' },
    ...atEveryUpload({ kind: 'corrupt', at: IMAGE_BYTES / 2 }),
  },
  'in German': { given: { language: 'de' } },
  'dropped at half, in German': { given: { language: 'de' }, ...atUpload({ kind: 'drop', when: HALF }) },
  'another client’s upload broke off': { arrange: brokenOff },
  'another client’s upload broke off, in German': { given: { language: 'de' }, arrange: brokenOff },
  'it says yes and stays as it is': { given: { losesRestart: true } },
  ...NOT_SEEN,
  ...notSeenAfter(atUpload({ kind: 'drop', when: 'after' })),
  'same build': { given: { file: OLD } },
  'answer lost, same build': { given: { file: OLD }, ...atUpload({ kind: 'drop', when: 'after' }) },
  'a file that says too little': {
    given: { inspection: { tells: { product: 'Tasmota', version: null, release: null, installsFrom: null } } },
  },
  'safeboot does not start': { given: { startsSafeboot: false } },
  ...PRESSED,
} as const satisfies Readonly<Record<string, TasmotaTrouble>>;

export type TasmotaTroubleName = keyof typeof TASMOTA_TROUBLES;
