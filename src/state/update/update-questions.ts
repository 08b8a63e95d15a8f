/** What a person is asked before an update is sent all the same. */
import type { Device } from '../../model/device/device.ts';
import type { ReasonCode } from '../../model/firmware/finding.ts';
import { firmwareName, type FailedView } from './update-view.ts';
import type { StartOptions } from './start-options.ts';
import type { UpdatesParts } from './updates-parts.ts';

/**
 * Whether to overwrite the session that the device holds for somebody else.
 * @returns what to start then; null: nothing
 */
export async function askToTakeOver(
  device: Device,
  { state, firmware }: FailedView,
  { questions }: Pick<UpdatesParts, 'questions'>,
): Promise<StartOptions | null> {
  const session = state.otherSession;
  const id = session?.id;
  // A session without an id cannot be told from the next one, so nothing may be agreed about it.
  if (!session || typeof id !== 'string') return null;
  if (!(await questions.ask({ kind: 'take-over', device, session }))) return null;
  return { sha256: firmware.sha256, takeOver: id };
}

/**
 * Asks for the device's name, once for each reason that the file on the screen does not fit it: the person may know
 * better.
 * @returns what to start then; null: nothing
 */
export async function askToOverrule(
  device: Device,
  { firmware: files, fits, questions }: Pick<UpdatesParts, 'firmware' | 'fits' | 'questions'>,
): Promise<StartOptions | null> {
  const { firmware } = files;
  if (firmware === null) return null;
  const overruled: ReasonCode[] = [];
  for (;;) {
    const { misfit } = fits.between(device, firmware, overruled);
    if (misfit === null) break;
    if (!misfit.canOverrule) return null;
    const { name } = firmwareName(firmware);
    if (!(await questions.ask({ kind: 'overrule', device, firmware: name, finding: misfit.finding }))) return null;
    overruled.push(misfit.finding.reason);
  }
  if (files.firmware !== firmware) return null;
  // Kept, so that it can go on after a reload.
  await files.keepChosen();
  return { sha256: firmware.sha256, overruled };
}

/** What was refused on the host is started there again, whatever file is on the screen here. */
export async function askToOverruleOnHost(
  device: Device,
  { state, firmware }: FailedView,
  { host, questions }: Pick<UpdatesParts, 'host' | 'questions'>,
): Promise<void> {
  const finding = state.judgement?.finding;
  if (finding === undefined) return;
  if (!(await questions.ask({ kind: 'overrule', device, firmware: firmware.name, finding }))) return;
  await host?.again(device.id, { overruled: [finding.reason] });
}
