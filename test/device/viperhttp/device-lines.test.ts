import { expect } from 'chai';
import {
  corsLines,
  hostHint,
  hostLines,
  hostsOf,
  loopLines,
  setupLines,
  updateLines,
  type LinesFor,
} from '../../../src/device/viperhttp/device-lines.ts';
import { asPrepared } from '../../../src/simulator/server/cors.ts';

/** The keywords that published ViperHTTP takes; any other is a TypeError, and the program ends at its start. */
const CORS_KEYWORDS = [
  'allow_credentials',
  'allow_headers',
  'allow_methods',
  'allow_origins',
  'max_age',
  'priority',
] as const;
const HOST_KEYWORDS = ['allowed_hosts', 'enabled', 'priority'];
/** The keywords of `app.run` that concern us. */
const RUN_KEYWORDS = [
  'port',
  'https',
  'tls_cert_path',
  'tls_key_path',
  'ota',
  'ota_prefix',
  'ota_token',
  'ota_token_header',
];

const ASKED: LinesFor = {
  pageOrigin: 'http://localhost:6685',
  token: 'c0ffee',
  protocol: 'automatic',
  tokenHeader: 'X-OTA-Token',
  address: '192.168.1.50',
  prefix: '/ota',
};

function lines(changes: Partial<LinesFor> = {}): string {
  return setupLines({ ...ASKED, ...changes });
}

/** The keywords passed to `name` in these lines; our own calls have no brackets in their strings. */
function keywords(text: string, name: string): string[] {
  const call = new RegExp(`${name}\\(([^()]*)\\)\\s*(?:#.*)?$`, 'm').exec(text)?.[1] ?? '';
  return [...call.matchAll(/(\w+)=/g)].map(([, word = '']) => word);
}

const setups: readonly Partial<LinesFor>[] = [
  {},
  { protocol: 'shipped', tokenHeader: 'X-Key' },
  { protocol: 'documented', tokenHeader: 'X-Key' },
  { address: 'https://esp32.local', prefix: '/api/fw', tokenHeader: 'X-Key' },
];

describe('the lines that a person puts on the device', () => {
  it('let this page in, turn updates on, and keep the program running', () => {
    expect(lines()).to.equal(
      [
        'import asyncio',
        'from viperhttp import middleware as mw',
        '',
        'app.add_middleware(',
        '    mw.CORSMiddleware,',
        '    allow_origins=["http://localhost:6685"],',
        '    allow_methods=["GET", "POST"],',
        '    allow_headers=["Authorization", "Content-Type", "X-OTA-Token"],',
        '    max_age=600,',
        ')',
        '',
        'app.run(port=8080, ota=True, ota_token="c0ffee")',
        'asyncio.get_event_loop().run_forever()  # app.run(…) returns at once: this answers, and never ends',
      ].join('\n'),
    );
  });

  it('turn updates on, or keep the program running, by themselves', () => {
    const all = lines().split('\n');
    const [run, loop] = all.slice(-2);
    expect(updateLines(ASKED).split('\n')).to.deep.equal(['import asyncio', '', run, loop]);
    const where = '# Below app.run(…), as the last line:';
    expect(loopLines().split('\n')).to.deep.equal(['import asyncio', '', where, loop]);
  });

  for (const changes of setups) {
    describe(`for ${JSON.stringify(changes)}`, () => {
      const text = lines(changes);

      it('use no keyword that ViperHTTP does not take', () => {
        expect(CORS_KEYWORDS).to.include.members(keywords(text, 'add_middleware'));
        expect(keywords(text, 'add_middleware')).to.include.members([
          'allow_origins',
          'allow_methods',
          'allow_headers',
        ]);
        expect(RUN_KEYWORDS).to.include.members(keywords(text, 'app\\.run'));
        expect(keywords(text, 'app\\.run')).to.include.members(['port', 'ota', 'ota_token']);
      });

      it('import what they use before they use it', () => {
        for (const [name, statement] of [
          ['mw.', 'from viperhttp import middleware as mw'],
          ['asyncio.', 'import asyncio'],
        ] as const) {
          expect(text).to.contain(`${statement}\n`);
          expect(text.indexOf(`${statement}\n`)).to.be.lessThan(text.indexOf(name));
        }
      });

      it('add CORS before the server starts, and end in the loop', () => {
        const rows = text.split('\n');
        const at = (start: string): number => rows.findIndex((row) => row.startsWith(start));
        expect(at('app.add_middleware(')).to.be.within(0, at('app.run(') - 1);
        expect(at('asyncio.get_event_loop().run_forever()')).to.equal(rows.length - 1);
      });
    });
  }

  it('are what a simulated device is set up with', () => {
    const { headers, maxAgeSeconds } = asPrepared('*');
    expect(lines().split('\n')).to.include.members([
      `    allow_headers=[${headers.map((name) => `"${name}"`).join(', ')}],`,
      `    max_age=${maxAgeSeconds},`,
    ]);
  });

  it('use the port, the path and the header that the device has', () => {
    expect(lines({ address: '192.168.1.50:81' })).to.contain('app.run(port=81, ota=True, ota_token="c0ffee")');
    expect(lines({ address: 'http://esp32.local:80' })).to.contain('app.run(port=80, ');
    expect(lines({ address: 'esp32.local/fw', tokenHeader: 'X-Key' })).to.contain(
      'app.run(port=8080, ota=True, ota_token="c0ffee", ota_prefix="/fw", ota_token_header="X-Key")',
    );
    expect(lines({ prefix: 'api/fw/' })).to.contain('ota_token="c0ffee", ota_prefix="/api/fw")');
    // A slash at the end of the address is no path.
    expect(lines({ address: 'esp32.local/', prefix: '/fw' })).to.contain('ota_prefix="/fw"');
    expect(lines({ address: 'https://esp32.local:8443' })).to.contain(
      'app.run(port=8443, https=True, tls_cert_path="…", tls_key_path="…", ota=True, ota_token="c0ffee")',
    );
    expect(lines({ address: 'https://esp32.local:443' })).to.contain('app.run(port=443, https=True, ');
  });

  it('are the usual ones while the address or the path cannot be read', () => {
    for (const address of ['', 'no such place', 'http://']) expect(lines({ address }), address).to.equal(lines());
    expect(lines({ prefix: 'a b' })).to.equal(lines());
  });

  it('list only the header that the dialect reads', () => {
    expect(corsLines('http://a', 'shipped', 'X-Key')).to.include('allow_headers=["Content-Type", "X-Key"]');
    expect(corsLines('http://a', 'documented', 'X-Key')).to.include('allow_headers=["Authorization", "Content-Type"]');
    expect(corsLines('http://a', null, 'X-Key')).to.include('allow_headers=["Authorization", "Content-Type", "X-Key"]');
    expect(lines({ protocol: 'documented', tokenHeader: 'X-Key' })).not.to.contain('X-Key');
    expect(lines({ protocol: 'shipped' })).not.to.contain('Authorization');
    expect(lines({ protocol: 'shipped', withLogin: true })).to.contain('"Authorization"');
  });

  it('say of CORS alone where it goes, and that there can be only one list', () => {
    const text = corsLines('https://moult.example', null, 'X-OTA-Token');
    expect(CORS_KEYWORDS).to.include.members(keywords(text, 'add_middleware'));
    expect(text).to.match(
      /^from viperhttp import middleware as mw\n\n# Above app\.run\(…\).*\napp\.add_middleware\(\n/,
    );
    expect(text).to.contain('    allow_origins=["https://moult.example"],\n');
  });

  it('escape what Python would read differently', () => {
    expect(lines({ token: 'a"b\\c\n' })).to.contain('ota_token="a\\"b\\\\c\\n")');
  });

  it('list the host with and without its port', () => {
    expect(hostLines('http://esp32.local:8080')).to.match(/\n"esp32\.local",\n"esp32\.local:8080",$/);
    expect(hostLines('http://esp32.local')).to.match(/\n"esp32\.local",$/);
    expect(hostsOf('http://esp32.local')).to.deep.equal(['esp32.local']);
  });

  it('go into the list of hosts that there is, since a second one would shut out what is in the first', () => {
    const text = hostLines('http://esp32.local:8080');
    expect(text).to.match(
      /^# Into the list that the program has: .*\n# A second TrustedHostMiddleware would replace it/,
    );
    // Nothing in them runs by itself.
    for (const line of text.split('\n')) expect(line).to.match(/^(#.*|"[^"]+",)$/);
    expect(HOST_KEYWORDS).to.include.members(keywords(text, 'add_middleware'));
  });

  it('mention the list of hosts where it is not known whether there is one', () => {
    for (const line of hostHint('http://esp32.local:8080').split('\n')) expect(line).to.match(/^# /);
    expect(hostHint('http://esp32.local:8080')).to.contain('"esp32.local", "esp32.local:8080"');
  });
});
