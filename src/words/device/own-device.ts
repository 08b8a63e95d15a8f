/** What the device that served the page is called until it gets a name. */
export const OWN_DEVICE_NAME = 'This device';
