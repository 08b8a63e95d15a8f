import { traitsOf } from '../../model/device/dialect.ts';
import { lacksMicroPython } from '../../model/firmware/inspection.ts';
import type { DevicesState } from '../device/devices.ts';
import type { Firmware } from '../firmware/firmware.ts';
import type { QuestionsState } from '../questions.ts';
import { firmwareName } from '../update/update-view.ts';

/** Whether the file may go out, though a device may not run ViperHTTP after it. Asked once for all of them. */
export async function mayEndViperHttp(
  firmware: Firmware,
  ids: readonly string[],
  {
    devices,
    questions,
  }: { readonly devices: Pick<DevicesState, 'find'>; readonly questions: Pick<QuestionsState, 'ask'> },
): Promise<boolean> {
  if (!lacksMicroPython(firmware.inspection)) return true;
  const runIt = ids.filter(
    (id) => (traitsOf(devices.find(id)?.dialect ?? null)?.runs ?? 'MicroPython') === 'MicroPython',
  );
  if (runIt.length === 0) return true;
  const { name } = firmwareName(firmware);
  return questions.ask({ kind: 'rollout', firmware: name, devices: runIt.length, doubt: { kind: 'no-micropython' } });
}
