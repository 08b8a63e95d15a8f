import { expect } from 'chai';
import { PassThrough, Writable } from 'node:stream';
import { hasReaderLeft, Output } from '../../../src/host/cli/output.ts';

/** As a full disk or a closed pipe answers. */
function refusing(code: string): Writable {
  return new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(`${code}: no`), { code })),
  });
}

describe('what a command prints', () => {
  it('goes out line by line, and is known to be written', async () => {
    const stream = new PassThrough();
    const output = new Output(stream);
    output.print('one');
    output.print('two\nthree');
    expect(await output.failure()).to.equal(null);
    // Not by `read()`, which gives all there is before Node 26, and one piece of it from there on.
    stream.end();
    expect((await stream.toArray()).join('')).to.equal('one\ntwo\nthree\n');
  });

  it('is known not to be written, with the system’s first error', async () => {
    const output = new Output(refusing('ENOSPC'));
    output.print('one');
    output.print('two');
    const failure = await output.failure();
    expect(failure?.message).to.equal('ENOSPC: no');
    expect(failure !== null && hasReaderLeft(failure)).to.equal(false);
  });

  it('is told apart where the reader has left', async () => {
    const output = new Output(refusing('EPIPE'));
    output.print('one');
    const failure = await output.failure();
    expect(failure !== null && hasReaderLeft(failure)).to.equal(true);
  });

  it('may be nothing', async () => {
    expect(await new Output(refusing('ENOSPC')).failure()).to.equal(null);
  });
});
