/** How the page, its browser and the lists of the device keep the two apart. */
import { expect } from 'chai';
import { target } from '../given.ts';
import { OPAQUE, GIVEN_UP, WELL, FROM_LOCALHOST, answer, probesFor, findsEach, type Scene } from './reach-scene.ts';
import { diagnose } from './told.ts';

const HTTPS_NAME = 'https://ota.example.com';

describe('the connection doctor', () => {
  findsEach([
    ['no network', { online: false }, 'offline', 'try-again'],
    ['an https page in Firefox or Safari', { letsLocalHttp: false }, 'mixed-content', 'run-host'],
    ['the same with a gateway at hand', { letsLocalHttp: false, gateway: true }, 'mixed-content', 'use-gateway'],
    [
      'an https page and a public http device',
      { to: { origin: 'http://ota.example.com:8080' } },
      'mixed-content',
      'run-host',
    ],
    ['an http page from elsewhere', { page: 'http://moult.example' }, 'page-not-secure', 'open-in-tab'],
    ['permission not asked yet', { permission: 'prompt' }, 'permission-not-asked', 'allow-local-network'],
    ['permission denied', { permission: 'denied' }, 'permission-denied', 'site-settings'],
    ['the question was closed', { permissionAfter: 'prompt' }, 'permission-not-asked', 'allow-local-network'],
    ['the question was answered with Block', { permissionAfter: 'denied' }, 'permission-denied', 'site-settings'],
    ['the page’s own policy', { blocked: true }, 'blocked-by-policy', 'copy-policy'],
    ['the page’s own policy, with a gateway', { blocked: true, gateway: true }, 'blocked-by-policy', 'use-gateway'],
    ['no CORS', { probed: OPAQUE }, 'cors-missing', 'copy-cors-lines'],
    ['no CORS, with a gateway', { probed: OPAQUE, gateway: true }, 'cors-missing', 'use-gateway'],
    ['an origin that is not listed', { asked: answer('forbidden', 403) }, 'cors-missing', 'copy-cors-lines'],
    [
      'the same without the token',
      { probed: OPAQUE, withoutToken: answer('forbidden', 403) },
      'cors-missing',
      'copy-cors-lines',
    ],
    [
      'a header that is not listed',
      { probed: OPAQUE, withoutToken: answer('unauthorised', 401) },
      'header-missing',
      'copy-cors-lines',
    ],
    [
      'the same at a device that asks for no token',
      { probed: OPAQUE, withoutToken: WELL },
      'header-missing',
      'copy-cors-lines',
    ],
    ['a host that is not trusted', { asked: answer('wrong-host', 400) }, 'untrusted-host', 'copy-host-lines'],
    [
      'the same, heard without the token',
      { probed: OPAQUE, withoutToken: answer('wrong-host', 400) },
      'untrusted-host',
      'copy-host-lines',
    ],
    [
      'from an http page on the LAN, of which the permission says nothing',
      { page: 'http://192.168.1.9:6685', permission: 'denied' },
      'port-closed',
      'edit-device',
    ],
    [
      'an https page and a public https device',
      { letsLocalHttp: false, to: { origin: HTTPS_NAME } },
      'certificate',
      'open-in-tab',
    ],
    ['from localhost', { ...FROM_LOCALHOST }, 'port-closed', 'edit-device'],
    [
      'from localhost in Firefox',
      { ...FROM_LOCALHOST, letsLocalHttp: false, probed: OPAQUE },
      'cors-missing',
      'copy-cors-lines',
    ],
    [
      'from an http page on the LAN',
      { page: 'http://192.168.1.9:6685', permission: 'denied', probed: OPAQUE },
      'cors-missing',
      'copy-cors-lines',
    ],
    [
      'from the device itself, that is off',
      { page: 'http://192.168.1.50:8080', permission: 'prompt' },
      'port-closed',
      'edit-device',
    ],
    [
      'from the device itself, that is off, by its name over https',
      { page: HTTPS_NAME, to: { origin: HTTPS_NAME }, permission: 'prompt', probed: GIVEN_UP },
      'no-such-name',
      'edit-device',
    ],
    [
      'from the device itself, that answers late',
      { page: 'http://192.168.1.50:8080', probed: OPAQUE },
      'busy',
      'try-again',
    ],
    [
      'to loopback without network',
      { ...FROM_LOCALHOST, online: false, to: { origin: 'http://127.0.0.1:8080' } },
      'port-closed',
      'edit-device',
    ],
    [
      'to loopback from an https page',
      { letsLocalHttp: false, to: { origin: 'http://localhost:8080' } },
      'port-closed',
      'edit-device',
    ],
  ]);

  it('sends nothing where it knows beforehand, so that the browser does not ask for permission', async () => {
    const known: readonly Scene[] = [
      { online: false },
      { letsLocalHttp: false },
      { page: 'http://moult.example' },
      { permission: 'prompt' },
      { permission: 'denied' },
    ];
    for (const scene of known) {
      const { probes, tried } = probesFor(scene);
      await diagnose(target(scene.to), probes);
      expect(tried).to.deep.equal([]);
    }
  });

  it('sends nothing more where the page’s own policy is in the way', async () => {
    const { probes, tried } = probesFor({ blocked: true });
    await diagnose(target({ dialect: 'shipped' }), probes);
    expect(tried).to.deep.equal(['ask token-header']);
  });

  it('sees that the page’s own policy blocked a redirect, which only the last request follows', async () => {
    const { probes, tried } = probesFor({});
    const blockedByPolicy = async () => tried.some((each) => each.startsWith('probe'));
    expect((await diagnose(target(), { ...probes, blockedByPolicy })).kind).to.equal('blocked-by-policy');
  });

  it('gives the lines for this page and this dialect', async () => {
    const scene: Scene = { probed: OPAQUE, to: { dialect: 'shipped' } };
    const { remedy } = await diagnose(target(scene.to), probesFor(scene).probes);
    if (remedy.kind !== 'copy-cors-lines') throw new Error(remedy.kind);
    expect(remedy.text).to.include('allow_origins=["https://moult.example"]').and.not.include('Authorization');
  });

  it('says that the name may be missing in the list of hosts, where that looks like a missing page', async () => {
    const { sentence, remedy } = await diagnose(target(), probesFor({ probed: OPAQUE }).probes);
    expect(sentence).to.contain('If it has a list of trusted hosts, that may lack 192.168.1.50 and 192.168.1.50:8080.');
    if (remedy.kind !== 'copy-cors-lines') throw new Error(remedy.kind);
    expect(remedy.text).to.match(
      /\n# If the program has a TrustedHostMiddleware, .*:\n# "192\.168\.1\.50", "192\.168\.1\.50:8080"$/,
    );
  });

  it('does not take a device without a status for one that lacks CORS', async () => {
    const unread: Scene = { probed: OPAQUE };
    const { sentence } = await diagnose(target(), probesFor(unread).probes);
    expect(sentence).to.contain('no status to read');
    const shipped = await diagnose(target({ dialect: 'shipped' }), probesFor(unread).probes);
    expect(shipped.sentence).not.to.contain('no status');
  });
});
