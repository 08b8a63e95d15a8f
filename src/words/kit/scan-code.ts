/** What is said while a device's code is scanned, or its link is pasted. */

/** How far the camera is, or why there is none. */
export type Camera = 'asking' | 'looking' | 'not-secure' | 'none' | 'refused';

export const CAMERA_WORDS: Readonly<Record<Camera, string>> = {
  asking: 'Waiting for the camera. The browser may ask whether this page may use it.',
  looking: 'Hold the code of the other phone in front of the camera.',
  'not-secure': 'The camera cannot be used here: this page is not encrypted. Paste the link instead.',
  none: 'No camera can be used here. Paste the link instead.',
  refused: 'The browser does not let this page use the camera. Allow it in the browser’s settings, or paste the link.',
};

export const CAMERA_PICTURE = 'Picture of the camera';
export const PASTE_LINK = 'Or paste the link';
export const USE_IT = 'Use it';
export const NO_DEVICE_CODE = 'This code is not of a device in Moult.';
export const NO_DEVICE_LINK = 'This is no link to a device. It has “#/add?” in it.';
