/** The one thing in a browser that tells how much of a request has gone. */
import type { Upload } from '../model/device/upload.ts';

/**
 * Sends by `XMLHttpRequest`. What it tells was handed to the browser's socket; some hundred kilobytes may still wait there.
 * From another origin the browser asks the device first (a preflight).
 */
export const uploadByXhr: Upload = ({ method = 'POST', url, contentType, headers = {}, parts, signal, onSent }) =>
  new Promise((resolve, reject) => {
    const fail = (): void => reject(new TypeError('no answer'));
    if (signal.aborted) {
      fail();
      return;
    }
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    signal.addEventListener('abort', abort, { once: true });
    request.upload.addEventListener('progress', ({ loaded }) => onSent(loaded));
    request.addEventListener('load', () => {
      // It follows a redirect unasked: then it is not who was asked that has answered.
      if (request.responseURL !== url) fail();
      else {
        const contentTypeOf = request.getResponseHeader('content-type');
        resolve({ status: request.status, contentType: contentTypeOf, text: request.responseText });
      }
    });
    for (const end of ['error', 'abort', 'timeout'] as const) request.addEventListener(end, fail);
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));
    request.open(method, url);
    request.setRequestHeader('Content-Type', contentType);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.send(new Blob([...parts]));
  });
