/** Sending a whole image in one request: what the page does with `XMLHttpRequest`, and the host with its own sockets. */

export interface UploadRequest {
  /** Absent: POST. */
  readonly method?: 'PUT';
  readonly url: string;
  readonly contentType: string;
  /** What else goes along, from a host alone: the answer to a challenge, `Origin`, `Referer`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent, in this order; none of it is copied before it has to be. */
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
  readonly signal: AbortSignal;
  /** Told how many bytes of all parts were handed to the connection so far. */
  readonly onSent: (bytes: number) => void;
}

export interface UploadResponse {
  readonly status: number;
  readonly contentType: string | null;
  readonly text: string;
}

/** One request. Rejects for every reason with one error, as `fetch` does, and follows nothing. */
export type Upload = (request: UploadRequest) => Promise<UploadResponse>;
