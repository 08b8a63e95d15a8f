import { productOf } from '../../model/firmware/fit.ts';
import { lacksMicroPython } from '../../model/firmware/inspection.ts';
import type { DevicesState } from '../device/devices.ts';
import type { Firmware } from '../firmware/chosen.ts';
import type { QuestionsState } from '../questions.ts';
import { firmwareName } from '../update/update-view.ts';

/**
 * Whether the file may go out, though a device may not run ViperHTTP after it. Asked once for all of them, by name.
 *
 * @param ids all devices of the rollout
 */
export async function mayEndViperHttp(
  { inspection, ...file }: Firmware,
  ids: readonly string[],
  {
    devices,
    questions,
  }: { readonly devices: Pick<DevicesState, 'find'>; readonly questions: Pick<QuestionsState, 'ask'> },
): Promise<boolean> {
  if (!lacksMicroPython(inspection)) return true;
  const all = ids.flatMap((id) => devices.find(id) ?? []);
  const names = all.flatMap(({ dialect, name }) => (productOf(dialect) === 'MicroPython' ? [name] : []));
  if (names.length === 0) return true;
  const { name } = firmwareName({ ...file, inspection });
  const product = inspection.tells?.product ?? null;
  const doubt = { kind: 'no-micropython', names, product } as const;
  return questions.ask({ kind: 'rollout', firmware: name, devices: all.length, doubt });
}
