/** What the app's state needs of the window and of the host that served the page. `page/` implements it. */

/** Keeps two tabs (or two runs) off one device. */
export interface DeviceLock {
  /**
   * @param key `placeOf` the device
   * @returns how to release it, or null where somebody else holds it
   */
  acquire(key: string): Promise<(() => void) | null>;
}

/** Keeps the screen on while any update is under way, and warns before the page is left. */
export interface Busy {
  set(busy: boolean): void;
}

/** A simulated device, with what it takes to update it. */
export interface SimulatedDevice {
  readonly name: string;
  /** "http://127.0.0.1:8081" */
  readonly address: string;
  readonly token: string;
}

/** Devices that are simulated in the page's own tab, and firmware to send them. */
export interface TabSimulator {
  readonly members: readonly SimulatedDevice[];
  readonly sample: () => Uint8Array<ArrayBuffer>;
}

/** `GET /moult.json`: what the host that served this page offers besides it. */
export interface HostOffers {
  /** Whether it has a gateway for this client, which may have to be paired first. */
  readonly gateway: boolean;
  /** Whether it can look for devices on the network. */
  readonly discover: boolean;
  /** Only for a browser on the host's own machine; empty for all others. */
  readonly simulated: readonly SimulatedDevice[];
  /** Whether this browser has to be paired before the host does anything for it. Absent: a host that asks for none. */
  readonly pairing?: 'not-needed' | 'paired' | 'needed';
  /** Null or absent where it keeps to its own machine. */
  readonly lan?: HostOnLan | null;
  /** Whether it runs updates for this client, as jobs (docs/host-jobs.md). Absent: it does not. */
  readonly jobs?: boolean;
  /** Whether a rollout server's agent runs in it, which this client may look at. Absent: none does. */
  readonly agent?: boolean;
}

/** Where phones find the host, best address first, and its certificate's SHA-256 ("AB:CD:…"). */
export interface HostOnLan {
  /** "http://192.168.1.5:6685/": how to trust it. */
  readonly plain: readonly string[];
  readonly fingerprint: string;
}

/** What is needed of a `File`. */
export interface ChosenFile {
  readonly name: string;
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A file as it is now on the disk. */
export interface FileNow extends ChosenFile {
  /** Milliseconds since 1970. */
  readonly lastModified: number;
}

/** A file that the person lets the page look at again. */
export interface WatchableFile {
  readonly name: string;
  /** Rejects where it is not there just now, or may not be read any more. */
  look(): Promise<FileNow>;
  /** Resolves when it is time for another look; rejects with the signal's reason when it aborts. */
  nextLook(signal: AbortSignal): Promise<void>;
}

/** The files that a browser lets a page look at again. */
export interface WatchableFiles {
  canWatch(): boolean;
  /** Lets the person choose a file; null where none was chosen. Only from a tap. */
  pick(): Promise<WatchableFile | null>;
  /** The file that is kept from an earlier visit; null where there is none, or another tab watches it. */
  kept(): Promise<KeptFile | null>;
  /** Keeps a file over a reload, in place of another. */
  keep(file: WatchableFile, sendTo: string | null): Promise<void>;
  forget(): Promise<void>;
}

/** A file that was watched in an earlier visit. */
export interface KeptFile {
  readonly name: string;
  /** The device that new builds went to; null: none. */
  readonly sendTo: string | null;
  /** Whether it may be looked at without asking the person again. */
  readonly isAllowed: boolean;
  /** May have the browser ask the person, so that it works only from a tap. Null where the person said no. */
  open(): Promise<WatchableFile | null>;
}

/** What is kept of it. The handle is opaque to all but the page's own files. */
export interface KeptHandle {
  readonly handle: FileSystemHandleLike;
  readonly sendTo: string | null;
}

/** What every room may know of a `FileSystemFileHandle`. */
export interface FileSystemHandleLike {
  readonly kind: 'file' | 'directory';
  readonly name: string;
}

/** Where a handle is kept. Nothing here rejects. */
export interface KeptHandles {
  read(): Promise<KeptHandle | null>;
  write(kept: KeptHandle): Promise<void>;
  clear(): Promise<void>;
}

/** A browser that is paired with the host. */
export interface PairedBrowser {
  readonly id: string;
  /** "Chrome on Android" */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly pairedAt: number;
}

/** The page's own `fetch`, with its key. */
export type HostFetch = (url: string, init?: RequestInit) => Promise<Response>;

/** The key that this browser was paired with the page's host for. */
export interface PairingKey {
  /** Called when the host does nothing for this browser any more. */
  refused: () => void;
  /**
   * Reads the key again: a locked vault gives none before it is unlocked, and another tab may have paired this browser
   * since.
   */
  load(): Promise<void>;
  keep(key: string): Promise<void>;
  /** The page's own `fetch`, with the key on what goes to its host. */
  readonly fetch: HostFetch;
}

/** What is asked of the page's host about pairing. Nothing here rejects. */
export interface PairCalls {
  /** The key for a code; or why there is none. */
  readonly pair: (code: string, ask: HostFetch) => Promise<Paired>;
  /** A code for another browser; null where this one may not make any, or none is needed. */
  readonly newCode: (ask: HostFetch) => Promise<string | null>;
  /** Who is paired; null where this page is not told. Only the host's own machine is. */
  readonly pairedBrowsers: (ask: HostFetch) => Promise<readonly PairedBrowser[] | null>;
  /** Resolves once it is no longer paired, or the host was not reached: the list tells which. */
  readonly revoke: (id: string, ask: HostFetch) => Promise<void>;
}

/** `full`: as many browsers are paired as may be. `not-kept`: the host could not write it down. */
export type WhyNotPaired = 'wrong-code' | 'too-often' | 'full' | 'not-kept' | 'no-answer';

export type Paired = { readonly kind: 'paired'; readonly key: string } | { readonly kind: WhyNotPaired };
