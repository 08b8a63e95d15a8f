/** What a simulated Tasmota device is asked for. */
export type TasmotaRoute =
  'command' | 'upgrade-page' | 'restore-page' | 'upload' | 'upload-done' | 'partition' | 'unknown';
