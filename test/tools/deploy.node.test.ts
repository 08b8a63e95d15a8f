/** The unit and the Dockerfile in docs/deploy say what is so: paths, scripts, options, ports. */
import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { SERVE_FACTS, SERVE_OPTIONS } from '../../src/host/cli/serve-command.ts';

const read = (path: string): string => readFileSync(path, 'utf8');
const UNIT = read('docs/deploy/moult.service');
const DOCKERFILE = read('docs/deploy/Dockerfile');
const PAGE = read('docs/running-as-a-service.md');
const { scripts, bin, version } = JSON.parse(read('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly bin: { readonly moult: string };
  readonly version: string;
};

/** Every value of a directive, in order. */
function valuesOf(directive: string): readonly string[] {
  return [...UNIT.matchAll(new RegExp(`^${directive}=(.*)$`, 'gm'))].map(([, value = '']) => value);
}

/** The arguments of an instruction in the form of a list. */
function listOf(instruction: string): readonly string[] {
  const [, list = 'null'] = new RegExp(`^${instruction} (\\[.*\\])$`, 'm').exec(DOCKERFILE) ?? [];
  return JSON.parse(list) as readonly string[];
}

function holdOptions(args: readonly string[]): void {
  const given = args.filter((arg) => arg.startsWith('--')).map((arg) => arg.slice(2));
  expect(given).not.to.be.empty;
  expect(Object.keys(SERVE_OPTIONS)).to.include.members(given);
}

describe('the unit for systemd', () => {
  it('starts the host with options that it knows, in the folder that is its own', () => {
    const [command = '', serve, ...args] = (valuesOf('ExecStart')[0] ?? '').split(' ');
    expect(Object.keys(bin)).to.include(command.split('/').at(-1));
    expect(serve).to.equal('serve');
    holdOptions(args);
    const [folder = ''] = valuesOf('StateDirectory');
    expect(args).to.include.members(['--data', `%S/${folder}`]);
    expect(valuesOf('StateDirectoryMode')).to.deep.equal(['0700']);
  });

  for (const [directive, value] of [
    ['DynamicUser', 'yes'],
    ['NoNewPrivileges', 'yes'],
    ['ProtectSystem', 'strict'],
    ['ProtectHome', 'yes'],
    ['CapabilityBoundingSet', ''],
    ['AmbientCapabilities', ''],
    ['IPAddressDeny', 'any'],
    ['UMask', '0077'],
    // Without it Node is ended at its first call that is filtered.
    ['SystemCallErrorNumber', 'EPERM'],
  ] as const) {
    it(`gives it no more than it needs: ${directive}=${value}`, () => {
      expect(valuesOf(directive)).to.deep.equal([value]);
    });
  }

  it('leaves Node what it cannot do without', () => {
    expect(UNIT).not.to.match(/^(MemoryDenyWriteExecute|PrivateNetwork|ProcSubset)=/m);
    expect(valuesOf('RestrictAddressFamilies').join(' ').split(' ')).to.include.members([
      'AF_INET',
      'AF_INET6',
      'AF_NETLINK',
    ]);
  });
});

describe('the Dockerfile', () => {
  it('copies what is there, and what a build makes', () => {
    const copied = [...DOCKERFILE.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, paths = '']) =>
      paths.split(' '),
    );
    expect(copied).to.include('package-lock.json');
    for (const path of copied) expect(existsSync(path), path).to.equal(true);
    const made = [...DOCKERFILE.matchAll(/^COPY --from=build (.*) \S+$/gm)].flatMap(([, paths = '']) =>
      paths.split(' '),
    );
    const names = made.map((path) => path.replace('/moult/', ''));
    expect(names).to.have.members(['package.json', 'CHANGELOG.md', 'node_modules', 'dist']);
  });

  it('runs scripts that there are, on the Node that the project is made with', () => {
    for (const [, script = ''] of DOCKERFILE.matchAll(/npm run (\S+)/g)) expect(scripts).to.have.property(script);
    const bases = [...DOCKERFILE.matchAll(/^FROM node:(\d+)-/gm)].map(([, major]) => major);
    expect(bases).to.deep.equal([read('.nvmrc').trim(), read('.nvmrc').trim()]);
  });

  it('starts the command without root’s rights, with options that it knows, in its volume', () => {
    expect(listOf('ENTRYPOINT')).to.deep.equal(['node', bin.moult]);
    const [serve, ...args] = listOf('CMD');
    expect(serve).to.equal('serve');
    holdOptions(args);
    const [, volume] = /^VOLUME (\S+)$/m.exec(DOCKERFILE) ?? [];
    expect(args).to.deep.equal(['--data', volume]);
    const last = DOCKERFILE.slice(DOCKERFILE.lastIndexOf('FROM '));
    expect(/^USER (\S+)$/m.exec(last)?.[1])
      .to.be.a('string')
      .and.not.to.equal('root');
  });

  it('asks the host at its own port whether it is alive', () => {
    const [, , script = ''] = /^HEALTHCHECK .* CMD (\[.*\])$/m.exec(DOCKERFILE)?.[1]?.match(/"(?:[^"\\]|\\.)*"/g) ?? [];
    expect(script).to.include(`http://localhost:${SERVE_FACTS.port}/healthz`);
  });

  it('takes neither libraries nor builds of the machine that it is built on', () => {
    const ignored = read('docs/deploy/Dockerfile.dockerignore').split('\n');
    expect(ignored).to.include.members(['node_modules', 'dist', '.git']);
  });
});

describe('the page about both', () => {
  it('names files that are there, and this version', () => {
    for (const [, path = ''] of PAGE.matchAll(/\]\((?!https?:)([^)#]+)/g))
      expect(existsSync(`docs/${path}`), path).to.equal(true);
    for (const [path] of PAGE.matchAll(/docs\/deploy\/[\w.]+/g)) expect(existsSync(path), path).to.equal(true);
    expect(PAGE).to.include(`moult-${version}.tgz`);
    expect(PAGE).to.include(`http://localhost:${SERVE_FACTS.port}`);
  });
});
