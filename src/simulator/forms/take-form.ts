/** How a device takes an upload by a form: it is read as it comes, and its first file goes to the updater. */
import { ConnectionDropped } from '../power.ts';
import type { ArduinoUpdater } from './arduino-updater.ts';
import { FormBody, type FormPace } from '../whole/form-body.ts';
import type { Passing } from '../whole/simulated-whole.ts';

export interface Taking extends FormPace {
  readonly updater: ArduinoUpdater;
  readonly cleansUp: boolean;
  /**
   * Called when the first bytes of a file have come.
   *
   * @param field the field of the file
   * @param before the fields before it
   * @returns whether the file is written
   */
  readonly starts: (field: string, before: ReadonlyMap<string, string>) => boolean;
}

/** @returns whether a file came, and was written to its end */
export async function takeForm(passing: Passing, device: Taking): Promise<boolean> {
  const { updater, starts } = device;
  const form = FormBody.of(passing, device);
  if (form === null) return false;
  const fields = new Map<string, string>();
  let file: { readonly field: string; readonly isWritten: boolean } | null = null;
  try {
    for await (const { name, isFile, bytes } of form.parts()) {
      if (!isFile) fields.set(name, (fields.get(name) ?? '') + new TextDecoder().decode(bytes));
      if (!isFile || (file !== null && file.field !== name)) continue;
      file ??= { field: name, isWritten: starts(name, fields) };
      const arrived = await form.take(bytes);
      if (file.isWritten) updater.write(arrived);
      await form.breakIfDue();
    }
    if (!form.ended) throw new ConnectionDropped();
  } catch (error) {
    // The client is gone, or the power.
    if (file?.isWritten === true && device.cleansUp) updater.abort();
    throw error;
  }
  if (file?.isWritten === true) updater.end();
  return file?.isWritten === true;
}
