/** Devices that are simulated inside the page, so that a link is enough to try Moult. */

/** RFC 6761, 6.4: no name under `.invalid` ever leads anywhere, so that nothing meant for such a device leaves the page. */
const NAME = /\.simulated\.invalid(:\d+)?$/;

/** Whether the device lives in this tab only. It ends with the page, and so does what is remembered of it. */
export function isInTab(device: { readonly origin: string }): boolean {
  return NAME.test(device.origin);
}
