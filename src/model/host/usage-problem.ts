/** Why the arguments of the command line cannot be right. No token and no password is ever in one. */
import type { WrongAddress } from '../device/address-reading.ts';
import type { WrongLogin } from '../device/secrets/login.ts';
import type { WrongTokenHeader } from '../device/secrets/token-header.ts';
import type { BackupFileRefusal } from '../page/backup.ts';

export type LoginProblem =
  | { readonly kind: 'login-as-documented' }
  /** There is nothing in the environment variable. */
  | { readonly kind: 'no-password'; readonly variable: string }
  | { readonly kind: 'wrong-login'; readonly wrong: WrongLogin };

/** What is wrong with one device of a list. */
export type ListedProblem =
  | { readonly kind: 'wrong-address'; readonly wrong: WrongAddress }
  | { readonly kind: 'token-twice' | 'token-characters' | 'password-without-user' }
  | { readonly kind: 'no-such-variable'; readonly variable: string }
  | { readonly kind: 'wrong-header'; readonly wrong: WrongTokenHeader }
  | { readonly kind: 'no-such-chip'; readonly text: string; readonly known: readonly string[] }
  | LoginProblem;

/** What is wrong with a list of devices, or with a backup in its place. */
export type ListProblem =
  /** `said`: by the system. */
  | { readonly kind: 'not-read'; readonly said: string }
  | { readonly kind: 'too-large' | 'no-json' | 'tokens-open-to-others' | 'empty-backup' | 'tokens-sealed' }
  /** `at`: "3.token"; null where it is the list itself. */
  | { readonly kind: 'does-not-fit'; readonly at: string | null }
  /** Two names for the device at `place`. */
  | { readonly kind: 'device-twice'; readonly names: readonly [string, string]; readonly place: string }
  | { readonly kind: 'backup-refused'; readonly refusal: BackupFileRefusal }
  | { readonly kind: 'device'; readonly name: string; readonly problem: ListedProblem };

export type UsageProblem =
  /** `said`: by node:util's parseArgs. */
  | { readonly kind: 'arguments'; readonly said: string }
  | { readonly kind: 'no-such-command'; readonly command: string; readonly commands: readonly string[] }
  | {
      readonly kind: 'no-whole-number';
      readonly option: string;
      readonly text: string;
      readonly min: number;
      readonly max: number;
    }
  | { readonly kind: 'no-choice'; readonly option: string; readonly text: string; readonly choices: readonly string[] }
  | {
      readonly kind:
        | 'revoke-without-id'
        | 'inspect-without-file'
        | 'standard-input-twice'
        | 'token-as-argument'
        | 'password-as-argument'
        | 'push-without-file'
        | 'push-without-device'
        | 'agent-without-server'
        | 'agent-without-devices'
        | 'agent-without-folder'
        | 'two-server-tokens'
        | 'mqtt-login-in-address'
        | 'mqtt-password-without-user'
        | 'mqtt-without-folder';
    }
  /** Of the options `--host`, `--notify`, `--server` and `--mqtt`. */
  | {
      readonly kind: 'no-host-address' | 'no-notify-address' | 'no-server-address' | 'no-mqtt-address';
      readonly text: string;
    }
  /** It needs `--mqtt`, which is missing. */
  | { readonly kind: 'without-mqtt'; readonly option: string }
  /** Of the options `--mqtt-password-file` and `--mqtt-ca`. `said`: by the system. */
  | { readonly kind: 'mqtt-file-not-read'; readonly path: string; readonly said: string }
  | {
      readonly kind: 'mqtt-password-file-open' | 'mqtt-file-without-password' | 'mqtt-file-without-certificate';
      readonly path: string;
    }
  /** "22:00-05:00" */
  | { readonly kind: 'no-hours'; readonly text: string }
  /** A file with settings of an agent, or with its token. `said`: by the system; `at`: "devices". */
  | { readonly kind: 'settings-not-read' | 'token-not-read'; readonly path: string; readonly said: string }
  | { readonly kind: 'settings-not-fitting'; readonly path: string; readonly at: string | null }
  | { readonly kind: 'token-file-open' | 'token-file-without'; readonly path: string }
  /** Of a device of an agent. */
  | { readonly kind: 'no-controller-id' | 'controller-id-is-address' | 'no-server-token'; readonly name: string }
  | { readonly kind: 'controller-id-twice'; readonly names: readonly [string, string]; readonly controllerId: string }
  | { readonly kind: 'wrong-address'; readonly wrong: WrongAddress }
  | { readonly kind: 'no-such-variable'; readonly variable: string }
  /** Of the option `--token-header`. */
  | { readonly kind: 'wrong-header'; readonly wrong: WrongTokenHeader }
  /** It stands beside a list of devices, which says the same for each of them. */
  | { readonly kind: 'option-of-one-device'; readonly option: string }
  /** It stands beside a single device, and is about how a list is updated. */
  | { readonly kind: 'option-of-many'; readonly option: string }
  /** It stands beside a list, and is for one device only. */
  | { readonly kind: 'not-for-many'; readonly option: string }
  /** Of the option `--user`. */
  | { readonly kind: 'user'; readonly problem: LoginProblem }
  | { readonly kind: 'list'; readonly path: string; readonly problem: ListProblem }
  | { readonly kind: 'no-built-page'; readonly folder: string }
  | { readonly kind: 'one-port-for-two'; readonly port: number }
  | { readonly kind: 'port-of-simulated'; readonly port: number };
