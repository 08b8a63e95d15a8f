/** Devices and groups as one file, to carry to another browser; and what such a file would change here. */
import type { Device } from '../model/device/device.ts';
import { isInTab } from '../model/page/in-tab.ts';
import type { DevicesState } from './device/devices.ts';
import { packed } from './device/secrets/secrets.ts';
import type { BackupPlan, BackupTools, ExportRefusal, ReadImportResult } from '../model/page/backup.ts';

export type ExportResult =
  | { readonly kind: 'written'; readonly text: string; readonly devices: number; readonly tokens: number }
  | { readonly kind: ExportRefusal };

export type ImportResult =
  | {
      readonly kind: 'imported';
      readonly devices: number;
      readonly tokens: number;
      readonly without: BackupPlan['without'];
    }
  /** Something here changed since the file was read: what would change has to be shown anew. */
  | { readonly kind: 'changed-meanwhile' };

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
        if (!(await devices.unlocked(id))) return { kind: 'locked' };
        const secret = packed(await devices.secrets(device));
        if (secret !== null) byDevice.set(id, secret);
      }
    }
    const written = await tools.write(saved, passphrase === null ? null : { byDevice, passphrase });
    return written.kind === 'written' ? { ...written, devices: saved.length, tokens: byDevice.size } : written;
  }

  /** What a file would change here. Changes nothing. */
  async read(file: Blob, passphrase: string | null): Promise<ReadImportResult> {
    const basis = this.#parts.devices.$devices.get();
    const read = await this.#parts.tools.read(file, basis, passphrase);
    if (read.kind === 'read') this.#basis.set(read.plan, basis);
    return read;
  }

  /** Does what a plan says: all devices or none, and then their tokens. */
  async import(plan: BackupPlan): Promise<ImportResult> {
    const { devices } = this.#parts;
    // An update may have taught something about a device meanwhile, and the plan would undo it.
    if (devices.$devices.get() !== this.#basis.get(plan)) return { kind: 'changed-meanwhile' };
    const tokens = typeof plan.tokens === 'string' ? new Map<string, string>() : plan.tokens;
    const saved = [...plan.add, ...plan.change.map(({ after }) => after)];
    await devices.saveAll(saved, tokens);
    return { kind: 'imported', devices: saved.length, tokens: tokens.size, without: plan.without };
  }
}
