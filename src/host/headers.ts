/** Security headers of everything the host serves. */

/** A style sheet or script that stands in the page itself, named by its hash: `'sha256-…'`. */
interface PageSources {
  readonly style?: string;
}

/**
 * The policy of the app and its files. Devices have any address, so `connect-src` is as wide as http; in return no
 * script but ours runs, and Trusted Types keep text from becoming markup: `lit-html` is Lit's policy, `moult` is ours
 * (it makes the service worker's URL). `blob:` and `data:` images are pictures the page draws itself (QR codes).
 */
export function contentSecurityPolicy({ style }: PageSources = {}): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
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
    'trusted-types lit-html moult',
  ].join('; ');
}

/** What a device says through the gateway is data: in a window of its own it may load nothing and run nothing. */
export const INERT_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

/** What the app uses (a camera for QR codes, the wake lock, the devices' network, its own copy buttons); all else is off. */
const PERMISSIONS = [
  'camera=(self)',
  'clipboard-write=(self)',
  'clipboard-read=(self)',
  'screen-wake-lock=(self)',
  'local-network-access=(self)',
  'local-network=(self)',
  'loopback-network=(self)',
  ...['accelerometer', 'autoplay', 'browsing-topics', 'display-capture', 'encrypted-media', 'fullscreen'],
  ...['geolocation', 'gyroscope', 'hid', 'idle-detection', 'magnetometer', 'microphone', 'midi', 'payment'],
  ...['picture-in-picture', 'publickey-credentials-get', 'serial', 'usb', 'xr-spatial-tracking'],
].map((feature) => (feature.includes('=') ? feature : `${feature}=()`));

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
