/** What a device tells of itself to anyone: `GET /openapi.json` and `GET /docs`, on by default (`auto_docs`). */
import { json } from '../answers.ts';

export interface DocsOptions {
  /** The app's name, as its author chose it. */
  readonly title: string;
  /** The app's version, which an update over the air does not change. */
  readonly version: string;
  /** Empty: it has none. */
  readonly description: string;
}

/** The defaults of an app. The last letter of "API" is missing in the published build. */
export const DEFAULT_DOCS: DocsOptions = { title: 'ViperHTTP AP', version: '1.0.0', description: '' };

/** A route as the description lists it. */
export interface DescribedRoute {
  readonly method: string;
  /** With `{name}` for a part that can be anything. */
  readonly path: string;
  /** Default: the first part of the path. */
  readonly tag?: string;
  readonly summary?: string;
}

export function openApi({ title, version, description }: DocsOptions, routes: readonly DescribedRoute[]): Response {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  const response = json({
    openapi: '3.0.3',
    info: { title, version, ...(description === '' ? {} : { description }) },
    paths,
    components: { schemas: {} },
    'x-viperhttp': { generator: 'viperhttp_autodocs', route_count: Object.keys(paths).length },
  });
  response.headers.set('Cache-Control', 'no-store');
  return response;
}

function operation({ method, path, tag, summary }: DescribedRoute): unknown {
  const [first = ''] = path.split('/').filter((part) => part !== '');
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  return {
    operationId: [method.toLowerCase(), ...(first === '' ? ['root'] : path.split(/\W+/))]
      .filter((word) => word !== '')
      .join('_'),
    tags: [tag ?? (first === '' ? 'root' : first)],
    responses: { 200: { description: 'Successful Response' }, 422: { description: 'Validation Error' } },
    ...(summary === undefined ? {} : { summary }),
    ...(parameters.length === 0 ? {} : { parameters }),
  };
}

/** The documentation page. The published one draws the description with a script; here it only has to exist. */
export function docsPage({ title }: DocsOptions): Response {
  const safe = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const page = `<!doctype html>\n<html lang="en">\n<title>${safe}</title>\n<a href="/openapi.json">OpenAPI</a>\n`;
  return new Response(page, { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
}
