/** What is said above the cards, and where there are none. */

export const UPDATE_MANY = 'Update many';
export const NO_DEVICE = 'No device yet';
export const WHAT_A_DEVICE_IS =
  'Add an ESP32 that runs ViperHTTP, a WLED lamp, a Tasmota plug, or another device that takes updates over Wi-Fi. You need its address, and its token or password if it has one. Both are kept in this browser.';
export const IMPORT_MANY = 'Import a list or a backup, under “More”';
export const TRY_SIMULATED = 'Try it with a simulated device';
/** On the page that a device serves itself. */
export const LOAD_AGAIN_FOR_DEVICE = 'Reload the page to get its device back.';
