import { expect } from 'chai';
import { controlRoute } from '../../../src/device/viperhttp/control.ts';
import { readTarget } from '../../../src/host/gateway/target.ts';

describe('the path of a gateway request', () => {
  it('names scheme, host, port and what the device is asked', () => {
    expect(readTarget('POST', '/device/http/192.168.1.50:8080/ota/chunk?offset=4096')).to.deep.equal({
      kind: 'target',
      target: { scheme: 'http', host: '192.168.1.50', port: 8080, method: 'POST', path: '/ota/chunk?offset=4096' },
    });
  });

  it('takes names, IPv6 in brackets, https and longer prefixes', () => {
    for (const [url, host] of [
      ['/device/https/Esp32.Local:443/ota/status', 'esp32.local'],
      ['/device/http/[fd00::5]:8080/ota/status', 'fd00::5'],
      ['/device/http/esp32:80/api/v1/ota/status', 'esp32'],
    ] as const) {
      const read = readTarget('GET', url);
      expect(read.kind === 'target' && read.target.host, url).to.equal(host);
    }
  });

  for (const [method, routes] of [
    ['GET', ['status']],
    ['POST', ['begin', 'chunk', 'write', 'finalize', 'abort', 'mark-valid']],
  ] as const) {
    for (const route of routes) {
      it(`carries ${method} of ${route}, and no other method`, () => {
        const url = `/device/http/10.0.0.9:8080/ota/${route}`;
        expect(readTarget(method, url).kind).to.equal('target');
        for (const other of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'HEAD', 'get'].filter(
          (m) => m !== method,
        )) {
          expect(readTarget(other, url), other).to.deep.equal({ kind: 'wrong-method', allow: method });
        }
      });
    }
  }

  it('carries what a device tells of itself, by GET alone', () => {
    const url = '/device/http/10.0.0.9:8080/openapi.json';
    const read = readTarget('GET', url);
    expect(read.kind === 'target' && read.target).to.include({ method: 'GET', path: '/openapi.json' });
    expect(readTarget('POST', url)).to.deep.equal({ kind: 'wrong-method', allow: 'GET' });
  });

  it('carries a path that cannot exist, by either method that the app uses', () => {
    for (const path of ['/ota/no-such-route-0a1b2c3d4e5f', '/api/v1/ota/no-such-route-000000000000']) {
      const url = `/device/http/10.0.0.9:8080${path}`;
      for (const method of ['GET', 'POST'] as const) {
        const read = readTarget(method, url);
        expect(read.kind === 'target' && read.target, path).to.include({ method, path });
      }
      expect(readTarget('PUT', url).kind, path).not.to.equal('target');
    }
  });

  it('carries the very path that the app makes up', () => {
    expect(readTarget('GET', `/device/http/10.0.0.9:8080/ota${controlRoute()}`).kind).to.equal('target');
  });

  const strange = [
    '/device/http/10.0.0.9:8080/openapi.json?refresh=1',
    '/device/http/10.0.0.9:8080/ota/openapi.json',
    '/device/http/10.0.0.9:8080/docs',
    '/device/http/10.0.0.9:8080/no-such-route-0a1b2c3d4e5f',
    '/device/http/10.0.0.9:8080/ota/no-such-route-0a1b2c3d4e5',
    '/device/http/10.0.0.9:8080/ota/no-such-route-0a1b2c3d4e5f6',
    '/device/http/10.0.0.9:8080/ota/no-such-route-0A1B2C3D4E5F',
    '/device/http/10.0.0.9:8080/ota/no-such-route-0a1b2c3d4e5f?x',
    '/device/http/10.0.0.9:8080/ota/',
    '/device/http/10.0.0.9:8080/',
    '/device/http/10.0.0.9:8080',
    '/device/http/10.0.0.9:8080/ota/upload',
    '/device/http/10.0.0.9:8080/ota/constructor',
    '/device/http/10.0.0.9:8080/ota/status/',
    '/device/http/10.0.0.9:8080/status',
    '/device/http/10.0.0.9:8080//status',
    '/device/http/10.0.0.9:8080/../status',
    '/device/http/10.0.0.9:8080/ota/../status',
    '/device/http/10.0.0.9:8080/ota/./status',
    '/device/http/10.0.0.9:8080/ota%2fstatus',
    '/device/http/10.0.0.9:8080/%2e%2e/status',
    '/device/http/10.0.0.9:8080/ota%252f/status',
    '/device/http/10.0.0.9:8080/ota\\status',
    '/device/http/10.0.0.9:8080/ota/status?token=abc',
    '/device/http/10.0.0.9:8080/ota/status?',
    '/device/http/10.0.0.9:8080/ota/status#x',
    '/device/http/10.0.0.9/ota/status',
    '/device/http/10.0.0.9:0/ota/status',
    '/device/http/10.0.0.9:65536/ota/status',
    '/device/ftp/10.0.0.9:8080/ota/status',
    '/device/http/user@10.0.0.9:8080/ota/status',
    '/device/http/10.0.0.9:8080@evil.example/ota/status',
    '/device/http/2130706433:8080/ota/status',
    '/device/http/0x7f.1:8080/ota/status',
    '/device/http/0x7f000001:8080/ota/status',
    '/device/http/127.1:8080/ota/status',
    '/device/http/010.0.0.1:8080/ota/status',
    '/device/http/[::1%25eth0]:8080/ota/status',
    '/device/http/[10.0.0.9]:8080/ota/status',
    '/device/http/-x:8080/ota/status',
    '/device/http/a..b:8080/ota/status',
    '/device/http/..:8080/ota/status',
    '/device/http/10.0.0.9:8080/ota/status\r\nX: y',
    'http://10.0.0.9:8080/ota/status',
    '/Device/http/10.0.0.9:8080/ota/status',
  ];
  for (const url of strange) {
    it(`refuses ${JSON.stringify(url)}`, () => {
      expect(readTarget('GET', url)).to.deep.include({ kind: 'no-such-path' });
    });
  }

  it('takes a query at chunk alone, and only an offset', () => {
    const chunk = '/device/http/10.0.0.9:8080/ota/chunk';
    expect(readTarget('POST', `${chunk}?offset=0`).kind).to.equal('target');
    for (const query of ['offset=', 'offset=-1', 'offset=1&token=x', 'token=x', 'offset=1e3', 'offset=12345678901']) {
      expect(readTarget('POST', `${chunk}?${query}`).kind, query).not.to.equal('target');
    }
  });

  it('lets a job sign in where a device says, and hides none of the routes that have a method of their own', () => {
    const asked = (method: string, path: string, by: 'job' | 'page') =>
      readTarget(method, `/device/http/192.168.1.50:80${path}`, by).kind;
    for (const path of ['/login', '/my/sign-in']) {
      expect(asked('POST', path, 'job'), path).to.equal('target');
      expect(asked('GET', path, 'job'), path).to.equal('wrong-method');
      expect(asked('POST', path, 'page'), path).to.equal('no-such-path');
    }
    for (const path of ['/login?user=x', '/a/../b', '/a//b', '/a.b', '/%61', '/a/b/c/d/e'])
      expect(asked('POST', path, 'job'), path).to.equal('no-such-path');
    expect(asked('GET', '/ota/status', 'job')).to.equal('target');
    expect(asked('POST', '/ota/status', 'job')).to.equal('wrong-method');
    expect(asked('POST', '/prettyota/queryInfo', 'job')).to.equal('wrong-method');
  });
});
