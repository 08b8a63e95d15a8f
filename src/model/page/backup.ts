/** Backup files: what an import will do, why a file is refused, and who writes and reads them. */
import type { RowProblem } from '../device/device-list.ts';
import type { Device } from '../device/device.ts';

/** A device of a list that only names where its token or login is: in the environment, which no page reads. */
export interface NamedElsewhere {
  readonly name: string;
  readonly lacks: 'token' | 'login' | 'token-and-login';
}

/** What an import will do. Nothing is done until `add`, each `after`, and the tokens are saved. */
export interface BackupPlan {
  readonly add: readonly Device[];
  readonly change: readonly { readonly before: Device; readonly after: Device }[];
  /** Devices here that stay as they are: the file has the same, or does not have them. */
  readonly keep: readonly Device[];
  /**
   * By device id. `locked`: the file has tokens, and no passphrase was given; the rest can be imported without them.
   */
  readonly tokens: 'none' | 'locked' | ReadonlyMap<string, string>;
  /** Devices among those added that come without their secrets. Secrets that are kept here stay. */
  readonly without: readonly NamedElsewhere[];
}

/**
 * Why a file was refused, whole. `invalid`: does not fit the format, at `where` ("devices.3.name").
 * `newer`: made by a later version. `duplicate`: one address twice, at `where`. `other-address`: requests would go
 * elsewhere than the address says that people are shown, at `where`.
 */
export type BackupRefusal =
  | { readonly kind: 'too-large'; readonly limitBytes: number }
  | { readonly kind: 'not-json' | 'not-a-backup' | 'newer' | 'unsafe-keys' }
  | { readonly kind: 'invalid' | 'duplicate' | 'other-address'; readonly where: string }
  /** Of a list that a person wrote. */
  | { readonly kind: 'row'; readonly problem: RowProblem }
  | { readonly kind: 'no-secure-context' | 'wrong-passphrase' | 'damaged-tokens' };

/** Why the app's own file was refused. */
export type BackupFileRefusal = Exclude<BackupRefusal, { readonly kind: 'row' }>;

interface BackupRead {
  readonly kind: 'read';
  readonly plan: BackupPlan;
}

/** Reading the app's own file, or a list that a person wrote. */
export type ReadImportResult = BackupRead | BackupRefusal;

export type ReadBackupResult = BackupRead | BackupFileRefusal;

export interface BackupTokens {
  /** Tokens by device id; devices that are not in it go without. */
  readonly byDevice: ReadonlyMap<string, string>;
  readonly passphrase: string;
}

export type WriteBackupResult =
  { readonly kind: 'written'; readonly text: string } | { readonly kind: 'no-secure-context' | 'too-short' };

/** Why no file was made. `locked`: the tokens are, and the person left them so. */
export type ExportRefusal = Exclude<WriteBackupResult['kind'], 'written'> | 'locked';

/** Writes and reads backup files; loaded when first used. */
export interface BackupTools {
  write(devices: readonly Device[], tokens: BackupTokens | null): Promise<WriteBackupResult>;
  read(file: Blob, devices: readonly Device[], passphrase: string | null): Promise<ReadImportResult>;
}
