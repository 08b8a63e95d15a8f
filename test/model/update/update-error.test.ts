import { expect } from 'chai';
import { UpdateError } from '../../../src/model/update/update-error.ts';

describe('the error of the update room', () => {
  it('names its code, and knows nothing that it was not given', () => {
    const error = new UpdateError('silent');
    expect(error).to.be.instanceOf(Error);
    expect(error).to.include({
      name: 'UpdateError',
      message: 'silent',
      code: 'silent',
      status: null,
      said: null,
      retryAfterMs: null,
      byOtherServer: false,
    });
    expect(error.cause).to.equal(undefined);
  });

  it('keeps the status, the words of the device, how long it wants to be left alone, and the cause', () => {
    const cause = new TypeError('Failed to fetch');
    const error = new UpdateError('busy', { status: 503, said: 'later', retryAfterMs: 3000, cause });
    expect(error).to.include({ message: 'busy (503)', status: 503, said: 'later', retryAfterMs: 3000 });
    expect(error.cause).to.equal(cause);
  });

  it('keeps whose answer it was where its code is changed', () => {
    const error = new UpdateError('unauthorised', { status: 401, byOtherServer: true });
    expect(error.as('web-page')).to.include({ code: 'web-page', status: 401, byOtherServer: true, cause: error });
  });
});
