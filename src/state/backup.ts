/** Devices and groups as one file, to carry to another browser; and what such a file would change here. */
import type { Device } from '../model/device.ts';
import { isInTab } from '../model/in-tab.ts';
import type { DevicesState } from './device/devices.ts';
import { packed } from './device/secrets.ts';
import { rowProblemText } from '../words/device-list.ts';
import type { BackupPlan, BackupRefusal, BackupTools } from '../model/backup.ts';

export type ExportResult =
  | {
      readonly ok: true;
      readonly text: string;
      readonly devices: number;
      readonly tokens: number;
    }
  | { readonly ok: false; readonly message: string };

export type ReadResult =
  | { readonly ok: true; readonly plan: BackupPlan }
  | { readonly ok: false; readonly message: string; readonly wrongPassphrase: boolean };

export type ImportResult =
  | { readonly ok: true; readonly devices: number; readonly tokens: number }
  /** Something here changed since the file was read: what would change has to be shown anew. */
  | { readonly ok: false; readonly why: 'changed-meanwhile' };

export interface BackupParts {
  readonly tools: BackupTools;
  readonly devices: DevicesState;
}

export class BackupState {
  readonly #parts: BackupParts;
  /** The devices that each plan was made against. */
  readonly #basis = new WeakMap<BackupPlan, readonly Device[]>();

  constructor(parts: BackupParts) {
    this.#parts = parts;
  }

  /** All devices as the text of a file; with their tokens where a passphrase is given. */
  async export(passphrase: string | null): Promise<ExportResult> {
    const { tools, devices } = this.#parts;
    const saved = devices.$devices.get().filter((device) => !isInTab(device));
    const byDevice = new Map<string, string>();
    if (passphrase !== null) {
      for (const device of saved) {
        const { id } = device;
        // One "no" is enough: the file would be without tokens that were asked for.
        if (!(await devices.unlocked(id))) return { ok: false, message: EXPORT_WORDS.locked };
        const secret = packed(await devices.secrets(device));
        if (secret !== null) byDevice.set(id, secret);
      }
    }
    const written = await tools.write(saved, passphrase === null ? null : { byDevice, passphrase });
    if (written.ok) return { ok: true, text: written.text, devices: saved.length, tokens: byDevice.size };
    return { ok: false, message: EXPORT_WORDS[written.why] };
  }

  /** What a file would change here. Changes nothing. */
  async read(file: Blob, passphrase: string | null): Promise<ReadResult> {
    const basis = this.#parts.devices.$devices.get();
    const read = await this.#parts.tools.read(file, basis, passphrase);
    if (!read.ok) return { ok: false, message: refusalInWords(read), wrongPassphrase: read.why === 'wrong-passphrase' };
    this.#basis.set(read.plan, basis);
    return { ok: true, plan: read.plan };
  }

  /** Does what a plan says: all devices or none, and then their tokens. */
  async import(plan: BackupPlan): Promise<ImportResult> {
    const { devices } = this.#parts;
    // An update may have taught something about a device meanwhile, and the plan would undo it.
    if (devices.$devices.get() !== this.#basis.get(plan)) return { ok: false, why: 'changed-meanwhile' };
    const tokens = typeof plan.tokens === 'string' ? new Map<string, string>() : plan.tokens;
    const saved = [...plan.add, ...plan.change.map(({ after }) => after)];
    await devices.saveAll(saved, tokens);
    return { ok: true, devices: saved.length, tokens: tokens.size };
  }
}

const EXPORT_WORDS = {
  locked: 'The tokens are locked, and no file was made. Unlock them, or save without them.',
  'no-secure-context':
    'This page is not encrypted, so the browser cannot seal the tokens. Save without them, or open Moult over https.',
  'too-short': 'The passphrase needs at least 8 characters.',
} as const;

function refusalInWords(refusal: BackupRefusal): string {
  switch (refusal.why) {
    case 'too-large':
      return `This file is too large for a backup, which has at most ${refusal.limitBytes / 1024 / 1024} MB. It was not read.`;
    case 'not-json':
    case 'not-a-backup':
      return 'This file is no backup of Moult, and no list of devices. Nothing was changed.';
    case 'newer':
      return 'This file was made by a newer version of Moult. Nothing was changed. Load this page again for the new version.';
    case 'unsafe-keys':
      return 'This file holds something that no backup has. Nothing was changed. Do not trust where it came from.';
    case 'invalid':
      return `This file is damaged or was changed by hand, at “${refusal.where}”. Nothing was changed.`;
    case 'duplicate':
      return `This file has one address twice, at “${refusal.where}”. Nothing was changed.`;
    case 'other-address':
      return `This file shows one address and would send to another, at “${refusal.where}”. Nothing was changed. Do not trust where it came from.`;
    case 'row':
      return rowProblemText(refusal);
    case 'no-secure-context':
      return 'This page is not encrypted, so the browser cannot open the tokens. Import without them, or open Moult over https.';
    case 'wrong-passphrase':
      return 'This is not the passphrase the tokens were sealed with. Nothing was changed.';
    case 'damaged-tokens':
      return 'The tokens in this file are damaged. Nothing was changed. Import without them.';
  }
}
