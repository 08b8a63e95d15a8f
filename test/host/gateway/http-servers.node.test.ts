import { expect } from 'chai';
import { HttpServers, questionBefore } from '../../../src/host/gateway/http-servers.ts';

const HTTP = { scheme: 'http', port: 8080 } as const;

describe('Where HTTP was answered', () => {
  it('is known by scheme, address and port, and forgotten after five minutes of silence', () => {
    let now = 0;
    const known = new HttpServers(() => now);
    expect(known.has(HTTP, '10.0.0.9')).to.equal(false);
    known.noteAnswer(HTTP, '10.0.0.9');
    expect(known.has(HTTP, '10.0.0.9')).to.equal(true);
    for (const other of [
      { ...HTTP, port: 11_211 },
      { ...HTTP, scheme: 'https' as const },
    ])
      expect(known.has(other, '10.0.0.9')).to.equal(false);
    expect(known.has(HTTP, '10.0.0.8')).to.equal(false);
    now = 200_000;
    known.noteAnswer(HTTP, '10.0.0.9');
    now = 499_999;
    expect(known.has(HTTP, '10.0.0.9')).to.equal(true);
    now = 500_000;
    expect(known.has(HTTP, '10.0.0.9')).to.equal(false);
  });

  it('is known of 1,024 places at most, those that answered last', () => {
    const known = new HttpServers(() => 0);
    for (let port = 1; port <= 1_024; port += 1) known.noteAnswer({ scheme: 'http', port }, '10.0.0.9');
    known.noteAnswer({ scheme: 'http', port: 1 }, '10.0.0.9');
    known.noteAnswer(HTTP, '10.0.0.9');
    expect([1, 2, 3, 8080].filter((port) => known.has({ scheme: 'http', port }, '10.0.0.9'))).to.deep.equal([
      1, 3, 8080,
    ]);
  });

  it('is asked for by the status beside what is posted', () => {
    const post = { ...HTTP, host: '10.0.0.9', method: 'POST', path: '/api/v1/ota/chunk?offset=4096' } as const;
    expect(questionBefore(post)).to.deep.equal({ ...post, method: 'GET', path: '/api/v1/ota/status' });
  });
});
