/**
 * What a host has for devices that take an image whole: a link for each dialect, and what it finds out for its pages,
 * which cannot ask most of them. It is handed to links as `LinkDeps.onHost`, so that no page loads its code.
 */
import { goesWhole, isLeftToHost } from '../../model/device/dialect.ts';
import type { OfHost } from '../link-deps.ts';
import { findEsphome } from '../esphome/find-esphome.ts';
import { EsphomeLink } from '../esphome/esphome-link.ts';
import { EsphomeWebLink } from '../esphome/web-link.ts';
import { EspotaLink, findEspota } from '../espota/espota-link.ts';
import { dialectOf } from '../target.ts';
import { isEsphomePort } from '../esphome/ports.ts';
import { ElegantLink, findElegant, findForm, FormLink } from '../form/forms.ts';
import { findOpenbeken, OpenbekenLink } from '../openbeken/openbeken-link.ts';
import { findPretty, PrettyLink } from '../pretty-ota/pretty-link.ts';
import { Sessions } from '../pretty-ota/sessions.ts';
import { askTasmota, TasmotaLink } from '../tasmota/tasmota-link.ts';
import { WledLink } from '../wled/wled-link.ts';
import { probeWhole } from './probes.ts';

const SESSIONS = new Sessions();

const LINKS: OfHost['links'] = {
  wled: (target, deps) => new WledLink(target, deps),
  esphome: (target, deps) => new EsphomeLink(target, deps),
  'esphome-web': (target, deps) => new EsphomeWebLink(target, deps),
  tasmota: (target, deps) => new TasmotaLink(target, deps),
  'elegant-ota': (target, deps) => new ElegantLink(target, deps),
  'pretty-ota': (target, deps) => new PrettyLink(target, deps, SESSIONS),
  openbeken: (target, deps) => new OpenbekenLink(target, deps),
  form: (target, deps) => new FormLink(target, deps),
  espota: (target, deps) => new EspotaLink(target, deps),
};

const PROBES: OfHost['probes'] = [
  { dialect: 'pretty-ota', ask: findPretty },
  // It answers Tasmota's question, too, so it is asked first.
  { dialect: 'openbeken', ask: findOpenbeken },
  { dialect: 'tasmota', ask: (...asked) => askTasmota(...asked) },
  { dialect: 'elegant-ota', ask: findElegant },
  { dialect: 'form', ask: findForm },
];

export const OF_HOST: OfHost = {
  links: LINKS,
  probes: PROBES,
  async find(target, deps, options) {
    const dialect = dialectOf(target);
    if (dialect === null) {
      // This only listens, while the others are asked, and counts last: many devices announce it that have more to
      // tell.
      const espota = findEspota(target, deps, options);
      espota.catch(() => undefined);
      const esphome = await findEsphome(target, deps, options);
      // HTTP would only disturb a device that speaks another protocol at this port.
      if (esphome !== null) return esphome;
      if (isEsphomePort(target.origin)) return espota;
      const found = await probeWhole(target, options, deps, PROBES);
      return found === 'nobody' || found === null ? espota : found;
    }
    if (!goesWhole(dialect) || !isLeftToHost(dialect)) return null;
    return { dialect, identity: await LINKS[dialect](target, deps).identify(options) };
  },
};
