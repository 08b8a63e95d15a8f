/**
 * How a Tasmota device takes an upload: a form, read as it comes. It keeps the error of one upload, which the next one
 * gets.
 */
import { ConnectionDropped } from '../power.ts';
import { FormBody, type FormPace } from '../whole/form-body.ts';
import type { Passing } from '../whole/simulated-whole.ts';
import { ERRORS, type TasmotaFlash } from './flash.ts';

/** What stays in memory between requests. */
export interface UploadState {
  /** The number of the error, until a page has told it; 0: none. With an error nothing is written. */
  error: number;
  /** What the last page that was opened is for. Before any was opened, an upload is not written. */
  expects: 'firmware' | 'settings' | 'nothing';
}

export interface Taking extends FormPace {
  readonly flash: TasmotaFlash;
  readonly state: UploadState;
}

/** Reads the whole upload; the result is in the state. */
export async function takeUpload(passing: Passing, device: Taking): Promise<void> {
  const { flash, state } = device;
  const form = FormBody.of(passing, device);
  if (form === null) return;
  const size = Number(new URL(passing.request.url).searchParams.get('fsz') ?? 0);
  try {
    for await (const { isFile, bytes } of form.parts()) {
      if (!isFile || bytes.length === 0) continue;
      const isFirst = form.taken === 0;
      const arrived = await form.take(bytes);
      if (state.error === 0) state.error = write(device, arrived, isFirst ? size : null);
      await form.breakIfDue();
    }
    if (!form.ended) throw new ConnectionDropped();
  } catch (error) {
    // After a reset nothing is left of it.
    if (passing.power.isOn) {
      flash.abort();
      // The client is gone. Where no byte of the file came, no error is kept.
      if (form.taken > 0) state.error = ERRORS.aborted;
    }
    throw error;
  }
  if (state.error !== 0) flash.abort();
  else if (state.expects === 'settings') state.error = ERRORS.invalid;
  else state.error = await flash.end();
}

/** @param size of the whole file, with its first bytes; null: these are not the first */
function write({ flash, state }: Taking, bytes: Uint8Array, size: number | null): number {
  if (state.expects === 'settings') return 0;
  if (state.expects === 'nothing') return ERRORS.space;
  const begun = size === null ? 0 : flash.begin(bytes[0] ?? 0, size);
  return begun === 0 ? flash.write(bytes) : begun;
}
