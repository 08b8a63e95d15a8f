import { expect } from 'chai';
import { raw } from '../test-host.ts';
import { useHosts, get } from './serve-host.ts';

describe('the host', () => {
  const start = useHosts();

  describe('on this machine', () => {
    const everything = [
      '/',
      '/assets/app-1234.js',
      '/moult.json',
      '/nothing-here',
      '/%',
      '/device/http/x',
      '/discover',
    ];

    for (const path of everything) {
      it(`puts its security headers on ${path}`, async () => {
        const { headers } = await get(await start(), path);
        expect(headers['content-security-policy'])
          .to.contain("default-src 'none'")
          .and.contain("frame-ancestors 'none'");
        expect(headers).to.include({
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
          'cross-origin-opener-policy': 'same-origin',
        });
        expect(headers['permissions-policy']).to.contain('camera=(self)').and.contain('geolocation=()');
      });
    }

    it('holds the page to Trusted Types and to its own scripts, and lets it reach any device', async () => {
      const policy = String((await get(await start(), '/')).headers['content-security-policy']);
      const directives = new Map(
        policy.split('; ').map((one) => [one.split(' ')[0], one.split(' ').slice(1).join(' ')]),
      );
      expect(directives.get('script-src')).to.equal("'self'");
      expect(directives.get('connect-src')).to.equal("'self' http: https:");
      expect(directives.get('require-trusted-types-for')).to.equal("'script'");
      expect(directives.get('trusted-types')).to.equal('lit-html moult moult-hash');
      expect(policy).not.to.contain('unsafe').and.not.to.contain('upgrade-insecure-requests');
    });

    it('leaves on what the page uses, switches off what Chromium knows, and names nothing else', async () => {
      const policy = String((await get(await start(), '/')).headers['permissions-policy']);
      const features = new Map(policy.split(', ').map((one) => [one.split('=')[0] ?? '', one.split('=')[1] ?? '']));
      const on = [...features].filter(([, who]) => who !== '()');
      expect(on.map(([feature]) => feature)).to.have.members([...['camera', 'clipboard-write', 'screen-wake-lock']]);
      expect(new Set(on.map(([, who]) => who))).to.deep.equal(new Set(['(self)']));
      // Asked of Chromium 156: `document.featurePolicy.allowedFeatures()` on a page without this header.
      const known = [
        ...['local-fonts', 'window-management', 'storage-access', 'gamepad', 'compute-pressure'],
        ...['otp-credentials', 'clipboard-read', 'keyboard-map', 'translator', 'unload', 'sync-xhr', 'microphone'],
        ...[
          'publickey-credentials-create',
          'identity-credentials-get',
          'private-state-token-issuance',
          'deferred-fetch',
        ],
      ];
      expect(known.filter((feature) => features.get(feature) !== '()')).to.deep.equal([]);
      // Chromium has taken these out, and complains of them on every page.
      const gone = ['private-aggregation', 'attribution-reporting', 'join-ad-interest-group', 'run-ad-auction'];
      for (const feature of [...gone, 'shared-storage', 'shared-storage-select-url'])
        expect(features.has(feature), feature).to.equal(false);
      // Chromium 143 on Linux does not know these, and warns of them on every page. Their default is `self`, so leaving them
      // out takes nothing from the page.
      const unknown = ['bluetooth', 'web-share', 'speaker-selection', 'local-network', 'loopback-network'];
      const onTrial = ['media-playback-while-not-visible', 'digital-credentials-create', 'language-model'];
      for (const feature of [...unknown, ...onTrial]) expect(features.has(feature), feature).to.equal(false);
    });

    it('puts them on answers to what is no proper request, too', async () => {
      const host = await start();
      const own = `Host: localhost:${host.port}\r\n`;
      for (const [status, request] of [
        [400, 'BREW / HTTP/1.1\r\n\r\n'],
        [421, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
        [417, `GET / HTTP/1.1\r\n${own}Expect: nonsense\r\nConnection: close\r\n\r\n`],
        [431, `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${own}\r\n`],
      ] as const) {
        const text = await raw(host.port, request);
        const what = request.slice(0, 40);
        expect(text, what).to.match(new RegExp(`^HTTP/1\\.1 ${status} `));
        for (const name of ['content-security-policy', 'x-content-type-options', 'permissions-policy']) {
          expect(text, what).to.match(new RegExp(`^${name}: `, 'im'));
        }
      }
    });
  });
});
