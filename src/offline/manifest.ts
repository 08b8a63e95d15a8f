/** The web app manifest. Addresses are relative to it, so that the page can live below any path. */
import type { ManifestOptions } from 'vite-plugin-pwa';
import { SHARE_PLACE } from './request-kind.ts';

/** `--paper` in light (src/ui/kit/style/tokens.ts): the window's first colour, before any of ours is drawn. */
const PAPER = '#f6f4ef';

/** Files of a firmware; phones know no better type for them than "some bytes". */
const FIRMWARE_TYPES = { 'application/octet-stream': ['.bin', '.uf2'] };

const screenshot = (
  name: string,
  label: string,
  form_factor: 'narrow' | 'wide',
): ManifestOptions['screenshots'][number] => ({
  src: `screenshots/${name}.png`,
  // Two device pixels for each of the page's; tools/screenshots.ts takes them so.
  sizes: form_factor === 'narrow' ? '780x1560' : '2560x1600',
  type: 'image/png',
  form_factor,
  label,
});

export const manifest: Partial<ManifestOptions> = {
  // Stays the same for ever: it is what makes a newer version the same app.
  id: './',
  name: 'Moult',
  short_name: 'Moult',
  description:
    'Firmware updates over the air for ESP devices: ViperHTTP boards, WLED, Tasmota, ESPHome, Arduino sketches.',
  lang: 'en',
  dir: 'ltr',
  start_url: './',
  scope: './',
  display: 'standalone',
  display_override: ['standalone', 'minimal-ui'],
  orientation: 'any',
  background_color: PAPER,
  theme_color: PAPER,
  categories: ['utilities', 'developer', 'productivity'],
  icons: [
    { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
    { src: 'icons/icon-192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
    { src: 'icons/icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
    { src: 'icons/maskable-192.png', sizes: '192x192', type: 'image/png', purpose: 'maskable' },
    { src: 'icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    { src: 'icons/monochrome-512.png', sizes: '512x512', type: 'image/png', purpose: 'monochrome' },
  ],
  screenshots: [
    screenshot('devices-phone', 'A device while it is being updated', 'narrow'),
    screenshot('firmware-phone', 'What is inside a firmware file', 'narrow'),
    screenshot('devices-wide', 'Firmware on the left, devices on the right', 'wide'),
  ],
  shortcuts: [
    { name: 'Devices', url: './#/devices', icons: [{ src: 'icons/icon-192.png', sizes: '192x192' }] },
    { name: 'Firmware', url: './#/firmware', icons: [{ src: 'icons/icon-192.png', sizes: '192x192' }] },
    { name: 'History', url: './#/history', icons: [{ src: 'icons/icon-192.png', sizes: '192x192' }] },
  ],
  // A second launch must not load the page again: an update may be running in it.
  launch_handler: { client_mode: ['focus-existing', 'auto'] },
  share_target: {
    action: `./${SHARE_PLACE}`,
    method: 'POST',
    enctype: 'multipart/form-data',
    params: {
      files: [{ name: 'firmware', accept: [...Object.keys(FIRMWARE_TYPES), ...Object.values(FIRMWARE_TYPES).flat()] }],
    },
  },
  file_handlers: [{ action: './', accept: FIRMWARE_TYPES }],
};
