/** What is said while a device's code is scanned, or its link is pasted. */

/** How far the camera is, or why there is none. */
export type Camera = 'asking' | 'looking' | 'not-secure' | 'none' | 'refused';

export const CAMERA_WORDS: Readonly<Record<Camera, string>> = {
  asking: 'Waiting for the camera. The browser may ask whether this page may use it.',
  looking: 'Point the camera at the code on the other phone.',
  'not-secure': 'The camera can’t be used here because this page isn’t encrypted. Paste the link instead.',
  none: 'There is no camera to use here. Paste the link instead.',
  refused: 'The browser doesn’t let this page use the camera. Allow it in the browser’s settings, or paste the link.',
};

export const CAMERA_PICTURE = 'Picture of the camera';
export const PASTE_LINK = 'Or paste the link';
export const USE_IT = 'Use it';
export const NO_DEVICE_CODE = 'This is not the code of a Moult device.';
export const NO_DEVICE_LINK = 'This is not a link to a device. Such a link has “#/add?” in it.';
