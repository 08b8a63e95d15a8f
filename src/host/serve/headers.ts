/** Security headers of everything the host serves. */

/** A style sheet or script that stands in the page itself, named by its hash: `'sha256-…'`. */
interface PageSources {
  readonly style?: string;
  readonly script?: string;
}

/**
 * The policy of the app and its files. Devices have any address, so `connect-src` is as wide as http; in return no
 * script but ours runs, and Trusted Types keep text from becoming markup: `lit-html` is Lit's policy, `moult` and
 * `moult-hash` are ours (they make the addresses of the service worker and of the worker that hashes). `blob:` and
 * `data:` images are pictures the page draws itself (QR codes).
 */
export function contentSecurityPolicy({ style, script }: PageSources = {}): string {
  return [
    "default-src 'none'",
    `script-src 'self'${script === undefined ? '' : ` ${script}`}`,
    `style-src 'self'${style === undefined ? '' : ` ${style}`}`,
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "media-src 'self' blob:",
    "connect-src 'self' http: https:",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html moult moult-hash',
  ].join('; ');
}

/** What a device says through the gateway is data: in a window of its own it may load nothing and run nothing. */
export const INERT_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

/**
 * What the app uses: a camera for QR codes, its own copy buttons, the wake lock. Sharing and the local network, which it
 * uses, too, are left to their default, which is `self` as well: Chromium does not know the one on every system, and has
 * renamed the other.
 */
const USED = ['camera', 'clipboard-write', 'screen-wake-lock'];

/**
 * The other features that this policy covers in Chromium, as far as its version 143 on Linux knows them, too: it warns
 * of every other name, on each page. What is not named keeps its default, which is `self`: no script but ours could use
 * it, and no frame. Client hints and cross-origin isolation are not named, and neither are the Privacy Sandbox's
 * features that Chromium has removed again: they need a script of an advertiser's, which no page of ours has.
 */
const UNUSED = [
  ...['accelerometer', 'gyroscope', 'magnetometer', 'compute-pressure', 'geolocation'],
  ...['hid', 'midi', 'serial', 'usb', 'gamepad', 'xr-spatial-tracking', 'microphone'],
  ...['autoplay', 'display-capture', 'captured-surface-control', 'encrypted-media', 'picture-in-picture'],
  ...['fullscreen', 'window-management', 'keyboard-map', 'clipboard-read'],
  ...['publickey-credentials-get', 'publickey-credentials-create', 'otp-credentials', 'identity-credentials-get'],
  ...['digital-credentials-get', 'payment', 'storage-access', 'local-fonts'],
  ...['private-state-token-issuance', 'private-state-token-redemption', 'browsing-topics'],
  ...['language-detector', 'translator', 'summarizer', 'on-device-speech-recognition'],
  ...['idle-detection', 'aria-notify', 'deferred-fetch', 'deferred-fetch-minimal', 'sync-xhr', 'unload'],
];

const PERMISSIONS = [...USED.map((feature) => `${feature}=(self)`), ...UNUSED.map((feature) => `${feature}=()`)];

/** On every answer, whatever it is. HSTS is left out: the http page must stay reachable on the same address. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy(),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': PERMISSIONS.join(', '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  // For browsers that do not know frame-ancestors.
  'X-Frame-Options': 'DENY',
};
