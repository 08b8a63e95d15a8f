/** A request to a device, and an answer to it that stalls. */
import type { DeviceRequest } from '../../src/device/device-request.ts';

export const STATUS: DeviceRequest = { kind: 'status', method: 'GET', route: '/status', credentials: 'both' };

/** A body that gives `parts` and then nothing more, without an end. */
export function stalled(
  parts: readonly Uint8Array[],
  onCancel: () => void = () => undefined,
): ReadableStream<Uint8Array> {
  const left = [...parts];
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const part = left.shift();
        if (part !== undefined) controller.enqueue(part);
      },
      cancel: onCancel,
    },
    { highWaterMark: 0 },
  );
}
