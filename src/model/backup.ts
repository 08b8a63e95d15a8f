/** Backup files: what an import will do, why a file is refused, and who writes and reads them. */
import type { RowProblem } from './device-list.ts';
import type { Device } from './device.ts';

/** A device of a list that only names where its token or login is: in the environment, which no page reads. */
export interface NamedElsewhere {
  readonly name: string;
  readonly lacks: 'token' | 'login' | 'token-and-login';
}

/** What an import will do. Nothing is done until it is saved. */
export interface BackupPlan {
  readonly add: readonly Device[];
  readonly change: readonly { readonly before: Device; readonly after: Device }[];
  /** Devices here that stay as they are: the file has them just so, or not at all. */
  readonly keep: readonly Device[];
  /** By device id. `locked`: the file has tokens, and no passphrase was given. */
  readonly tokens: 'none' | 'locked' | ReadonlyMap<string, string>;
  /** Of those that are added. What is kept here of a device stays. */
  readonly without: readonly NamedElsewhere[];
}

/** Why a file was refused, whole. */
export type BackupRefusal =
  | { readonly ok: false; readonly why: 'too-large'; readonly limitBytes: number }
  | { readonly ok: false; readonly why: 'not-json' | 'not-a-backup' | 'newer' | 'unsafe-keys' }
  | { readonly ok: false; readonly why: 'invalid' | 'duplicate' | 'other-address'; readonly where: string }
  /** Of a list that a person wrote. */
  | ({ readonly ok: false; readonly why: 'row' } & RowProblem)
  | { readonly ok: false; readonly why: 'no-secure-context' | 'wrong-passphrase' | 'damaged-tokens' };

/** Why no file was made. `locked`: the tokens are, and the person left them so. */
export type ExportRefusal = 'locked' | 'no-secure-context' | 'too-short';

/** Writes and reads backup files; loaded when first used. */
export interface BackupTools {
  write(
    devices: readonly Device[],
    tokens: { readonly byDevice: ReadonlyMap<string, string>; readonly passphrase: string } | null,
  ): Promise<
    | { readonly ok: true; readonly text: string }
    | { readonly ok: false; readonly why: Exclude<ExportRefusal, 'locked'> }
  >;
  read(
    file: Blob,
    devices: readonly Device[],
    passphrase: string | null,
  ): Promise<{ readonly ok: true; readonly plan: BackupPlan } | BackupRefusal>;
}
