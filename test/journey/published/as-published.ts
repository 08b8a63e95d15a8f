/** What a device as it is published has seen of an update: asked by the journeys for what once went wrong with it. */
import { expect } from 'chai';
import type { LoggedRequest } from '../../../src/simulator/request-log.ts';
import type { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { buildApp } from '../../firmware/image-builder.ts';

/** A small program with the runtime around it. */
export const IMAGE_BYTES = 600_000;
/** The first update of a device, and the next one. */
export const FIRST = buildApp({ sizeBytes: IMAGE_BYTES, version: '1.4.2' });
export const SECOND = buildApp({ sizeBytes: IMAGE_BYTES, version: '1.5.0', seed: 2 });

/** A documented session without a request ends after so long: sooner than the page asks again, which it does every ten seconds. */
export const SESSION_MS = 8_000;

/** Chunks of 3,072 bytes, which fit the request of every client with its headers. */
export const MOST_CHUNKS = 196;
/** A new device is asked what fits: once by one size too many, once more at most. */
export const REFUSED_BY_A_NEW_DEVICE = 2;

/** A word that says that it went well. No device without updates may ever be told one. */
export const SAYS_WELL = /Accepted|Updated|took|Ready/;
/** Words that say that no device is there. */
export const SAYS_OFF = /\boff\b|out of range|Nothing answers|No HTTP answer/;

const isChunk = ({ method, path }: LoggedRequest): boolean => method === 'POST' && /\/(write|chunk)(\?|$)/.test(path);

/** Its requests with a chunk, from the one at `from` on. */
export function chunksOf({ requests }: SimulatedDevice, from = 0): readonly LoggedRequest[] {
  return requests.slice(from).filter(isChunk);
}

/** How often a browser asked whether a page may send a chunk. */
export function preflightsOfChunks({ requests }: SimulatedDevice): number {
  return requests.filter(({ method, path }) => method === 'OPTIONS' && /\/(write|chunk)(\?|$)/.test(path)).length;
}

/** Nothing was written, no session is open, and it was not restarted. */
export function expectUntouched(device: SimulatedDevice): void {
  expect(device.session).to.equal(null);
  expect(device.writeLog).to.deep.equal([]);
  expect(device.blocksErased).to.equal(0);
  expect(device.restarts).to.equal(0);
}

/** The chunks since the request at `from` are about as many as fit, and no more than `refused` of them failed. */
export function expectChunksThatFit(device: SimulatedDevice, refused: number, from = 0): void {
  const chunks = chunksOf(device, from);
  const failed = chunks.filter(({ status }) => status !== 200);
  expect(failed.map(({ bytes, status }) => ({ bytes, status })).length, 'failed chunks').to.be.at.most(refused);
  expect(chunks.length - failed.length, 'chunks').to.be.within(1, MOST_CHUNKS);
  expect(device.bytesProgrammedTwice).to.equal(0);
}

/** Every `Authorization` that the device hears from now on. */
export function authorizationsOf(device: SimulatedDevice): readonly string[] {
  const heard: string[] = [];
  const receive = device.receive.bind(device);
  device.receive = (request, ...rest) => {
    for (const [name, value] of request.headers) if (name.toLowerCase() === 'authorization') heard.push(value);
    return receive(request, ...rest);
  };
  return heard;
}
