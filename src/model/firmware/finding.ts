/**
 * What was found of a file, or of a file and a device: a reason, and the facts that belong to it. The sentences are
 * made of these in words/firmware/findings.ts. What is kept in the library and in the history has this shape, so a change here
 * is a change of the database.
 */

/** Bytes and counts are whole numbers, chips are ids as image headers have them, revisions are major * 100 + minor. */
export type Finding =
  // Nothing is wrong: with the file by itself, or with the file on this device.
  | { readonly reason: 'ok'; readonly kind: 'whole'; readonly chipId: number | null; readonly size: number }
  | { readonly reason: 'ok'; readonly kind: 'fits'; readonly size: number }
  // It is something else.
  | { readonly reason: 'empty' }
  | { readonly reason: 'too-short'; readonly size: number }
  | { readonly reason: 'text'; readonly kind: 'web-page' | 'git-lfs' | 'json' | 'plain' }
  /** It begins with what a server or a program left, and no whole firmware follows. */
  | { readonly reason: 'text'; readonly kind: 'head-alone'; readonly head: ForeignHead }
  | { readonly reason: 'elf' }
  | { readonly reason: 'intel-hex' }
  | { readonly reason: 'partition-table' }
  | { readonly reason: 'otadata' }
  | { readonly reason: 'file-system' }
  | { readonly reason: 'nvs' }
  /** `deviceChipId` null: said of the file alone, or of a device that does not tell its chip. */
  | { readonly reason: 'esp8266'; readonly deviceChipId: number | null }
  /** For the boot loaders of Espressif's own SDK, which is updated in another way. */
  | { readonly reason: 'esp8266-sdk' }
  /** `at`: where it starts in the file. */
  | { readonly reason: 'bootloader'; readonly at: number }
  // It holds something else, or firmware beside something else.
  | { readonly reason: 'uf2'; readonly kind: 'too-much-memory' | 'nothing-known' }
  | { readonly reason: 'uf2'; readonly kind: 'holds'; readonly held: Held; readonly size: number }
  | { readonly reason: 'uf2-foreign' }
  /** An archive that is not read here. */
  | { readonly reason: 'compressed'; readonly kind: 'sealed'; readonly archive: SealedArchive }
  | { readonly reason: 'compressed'; readonly kind: 'nothing'; readonly form: ArchiveForm; readonly why: NothingFound }
  /** `name`: in the archive, where its files have names. */
  | {
      readonly reason: 'compressed';
      readonly kind: 'holds';
      readonly form: ArchiveForm;
      readonly held: Held;
      readonly name: string | null;
      readonly size: number;
    }
  | {
      readonly reason: 'merged';
      /** Whether it begins with the partition table and not with the bootloader. */
      readonly fromTable: boolean;
      /** Whole apps in it. */
      readonly apps: number;
      /** Label of the partition whose app is offered first, and that app's bytes. */
      readonly partition: string;
      readonly size: number;
    }
  | { readonly reason: 'merged-without-app' }
  | { readonly reason: 'trailing-image'; readonly kind: 'second-image' }
  /** Erased flash, or zeros, lie before the firmware. */
  | { readonly reason: 'trailing-image'; readonly kind: 'lead-in'; readonly at: number }
  | {
      readonly reason: 'trailing-image';
      readonly kind: 'foreign-head';
      readonly at: number;
      readonly head: ForeignHead;
      readonly size: number;
    }
  | { readonly reason: 'trailing-bytes'; readonly bytes: number }
  // It is not whole. `exact`: whether `bytes` is all that is missing, or the least.
  | { readonly reason: 'truncated'; readonly kind: 'bytes'; readonly bytes: number; readonly exact: boolean }
  | { readonly reason: 'truncated'; readonly kind: 'blocks'; readonly blocks: number }
  /** From some byte on there is nothing in it. */
  | {
      readonly reason: 'truncated';
      readonly kind: 'blank';
      readonly from: number;
      readonly filling: 'zeros' | 'erased';
    }
  | { readonly reason: 'truncated'; readonly kind: 'partition'; readonly partition: string }
  | { readonly reason: 'truncated'; readonly kind: 'behind-lead-in'; readonly at: number }
  | { readonly reason: 'damaged'; readonly kind: 'checksum' | 'line-endings' | 'characters' }
  | { readonly reason: 'damaged'; readonly kind: 'stray-bytes'; readonly bytes: number }
  | { readonly reason: 'hash-mismatch' }
  | {
      readonly reason: 'malformed';
      readonly kind: 'unknown' | 'structure' | 'not-on-pages' | 'starts-erased' | 'addresses';
    }
  | { readonly reason: 'maybe-encrypted' }
  // It lacks something.
  | { readonly reason: 'no-descriptor' }
  | { readonly reason: 'descriptor-required'; readonly chipId: number }
  | { readonly reason: 'no-hash' }
  | { readonly reason: 'no-micropython' }
  // It belongs to another firmware than the one the device runs. The person is asked, who may want just that.
  /** `product`: what the device runs. `file`: what the file is, as far as it says; `named`: its own product. */
  | { readonly reason: 'other-firmware'; readonly product: string; readonly file: 'micropython' | 'unnamed' }
  | { readonly reason: 'other-firmware'; readonly product: string; readonly file: 'named'; readonly named: string }
  /** What the file is built for, where the device tells nothing of its chip, and may start whatever it is sent. */
  | { readonly reason: 'chip-untold'; readonly chipId: number }
  /** Each build is for one device: the name in the device's build, and the one in the file. */
  | { readonly reason: 'other-node'; readonly device: string; readonly file: string }
  /**
   * A build that can do little more than take the next update. `minimal`: for devices with little flash (`flashBytes`: of
   * this one; null: not known). `safeboot`: for a partition of its own.
   */
  | {
      readonly reason: 'stopgap';
      readonly product: string;
      readonly build: 'minimal' | 'safeboot';
      readonly flashBytes: number | null;
    }
  /** Which build the device tells, and the file. */
  | { readonly reason: 'other-release'; readonly device: string; readonly file: string }
  /** `least`: "0.15.3"; `device`: its version. */
  | { readonly reason: 'installs-from'; readonly least: string; readonly device: string }
  | { readonly reason: 'signature-missing' }
  /** `required`: whether the device is known to take signed firmware only. */
  | { readonly reason: 'signature-malformed'; readonly required: boolean }
  | { readonly reason: 'secure-version'; readonly required: number; readonly stated: number }
  // It is for another chip. `deviceChipId` null: said of the file alone.
  | { readonly reason: 'wrong-chip'; readonly chipId: number; readonly deviceChipId: number }
  | { readonly reason: 'unknown-chip'; readonly chipId: number; readonly deviceChipId: number | null }
  | { readonly reason: 'chip-not-known'; readonly chipId: number }
  | { readonly reason: 'chip-revision'; readonly kind: 'at-least'; readonly chipId: number; readonly min: number }
  | {
      readonly reason: 'chip-revision';
      readonly kind: 'at-most';
      readonly chipId: number;
      readonly max: number;
      /** The newest that is known of this chip. */
      readonly newest: number;
    }
  | { readonly reason: 'chip-revision'; readonly kind: 'device-older'; readonly min: number; readonly device: number }
  | { readonly reason: 'chip-revision'; readonly kind: 'device-newer'; readonly max: number; readonly device: number }
  | { readonly reason: 'efuse-revision'; readonly kind: 'at-least' | 'at-most'; readonly revision: number }
  /** Built for another size of the whole flash. Both numbers are bytes. */
  | { readonly reason: 'flash-size'; readonly file: number; readonly device: number }
  // The device has no room for it. Both numbers are bytes.
  | { readonly reason: 'too-large'; readonly needed: number; readonly capacity: number }
  | { readonly reason: 'no-update-slot' }
  | { readonly reason: 'only-slot-runs' };

/** Why the verdict is what it is: stable names, for programs and for the documentation. */
export type ReasonCode = Finding['reason'];

/** A finding as an earlier version kept it: its sentence, of which the facts are not known. It is shown as it was written. */
export interface Written {
  readonly reason: ReasonCode;
  readonly text: string;
}

/** What is found now, or was found by an earlier version. */
export type Found = Finding | Written;

/** What a server or a program left at the front of a file. */
export type ForeignHead = 'form-head' | 'server-answer' | 'web-page';

/** Archives that are read here. */
export type ArchiveForm = 'gzip' | 'zip';

/** Archives that are not read here, and only named. */
export type SealedArchive = 'tar' | 'xz' | '7z' | 'rar' | 'bzip2' | 'zstandard' | 'lz4' | 'lzip' | 'cabinet';

/**
 * What a file inside another file is. Only `app` is sent; the next four are looked into, the last three are only named.
 */
export type Held =
  | { readonly kind: 'app' | 'full-flash' | 'led-in' | 'uf2' | 'archive' | 'esp8266' | 'bootloader' }
  | { readonly kind: 'sealed'; readonly archive: SealedArchive };

/** Why nothing was found in an archive. */
export type NothingFound =
  | { readonly kind: 'damaged' | 'encrypted' | 'unknown-method' | 'no-firmware' | 'too-much-memory' }
  | { readonly kind: 'too-large'; readonly limitBytes: number }
  /** The rest of its files was not looked at. */
  | { readonly kind: 'not-among-looked-at'; readonly lookedAt: number; readonly files: number };
