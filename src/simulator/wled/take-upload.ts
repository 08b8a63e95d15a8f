/**
 * How a WLED lamp takes an upload: a form, read as it comes. What it does with a half upload depends on its version.
 */
import { ConnectionDropped } from '../power.ts';
import type { Passing } from '../whole/simulated-whole.ts';
import type { WledBuild } from './metadata.ts';
import { FormBody, type FormPace } from '../whole/form-body.ts';
import type { WledOptions } from './options.ts';
import * as pages from './pages.ts';
import type { Upload, WledUpdater } from './wled-updater.ts';

/** The parts of the lamp that an upload can affect. */
export interface Taking extends Omit<FormPace, 'blockMs'> {
  readonly options: WledOptions;
  readonly updater: WledUpdater;
  readonly runs: WledBuild;
  /** Whether its PIN was entered, or it has none. */
  readonly isOpen: () => boolean;
  readonly restartSoon: () => void;
}

export async function takeUpload(passing: Passing, lamp: Taking): Promise<Response> {
  const { options, updater, runs } = lamp;
  if (!options.ota) return pages.notBuiltIn();
  const form = FormBody.of(passing, { ...lamp, blockMs: options.costs.programMsPerBlock });
  if (form === null) return pages.failed('Internal server fault');
  const appends = (options.halfUpload ?? usualHalf(runs.version)) === 'appended';
  let upload: Upload | null = null;
  let refusal: Response | null = null;
  let skips = false;
  try {
    for await (const { name, bytes } of form.parts()) {
      if (name === 'skipValidation') skips ||= new TextDecoder().decode(bytes) === '1';
      if (name !== 'update') continue;
      if (upload === null && refusal === null) {
        refusal = refusalAtFirst(lamp, appends);
        upload = refusal === null ? updater.begin(appends, !appends && !skips) : null;
        if (refusal === null && upload === null) refusal = pages.page(503, '', '');
      }
      const arrived = await form.take(bytes);
      if (upload !== null) updater.write(upload, arrived, runs);
      await form.breakIfDue();
    }
  } catch (error) {
    // The client or the power is gone: it depends on the version whether what was written stays.
    if (upload !== null && !appends) updater.abort();
    throw error;
  }
  if (refusal !== null) return refusal;
  if (upload === null || !form.ended) {
    if (!appends) updater.abort();
    throw new ConnectionDropped();
  }
  const why = updater.end(upload);
  if (why !== null) return pages.failed(appends ? 'Please check your file and retry!' : why);
  lamp.restartSoon();
  return pages.succeeded();
}

function refusalAtFirst({ options, isOpen }: Taking, appends: boolean): Response | null {
  // Older versions do not check the subnet.
  if (options.otherSubnet && !appends) return pages.accessDenied(pages.OTHER_SUBNET);
  if (!isOpen()) return pages.accessDenied(pages.PIN_WANTED);
  return options.otaLock ? pages.accessDenied(pages.OTA_LOCKED) : null;
}

/** Since 0.15.2 an upload is cleaned up where its client went away. */
function usualHalf(version: string): 'cleaned' | 'appended' {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map((part) => Number(part) || 0);
  return major > 0 || (minor === 15 && patch >= 2) ? 'cleaned' : 'appended';
}
