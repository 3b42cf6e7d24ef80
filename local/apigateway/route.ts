import { decoded } from './event.ts';

/** A route of an HTTP API. */
export interface Route {
  /** `$default`, or a method or ANY, a space and a path: `GET /v1/sermons/{id}`, `ANY /{proxy+}`. */
  readonly key: string;
  readonly integrationId: string;
}

export interface MatchedRoute {
  readonly route: Route;
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** The route that a request goes to: the most specific path first, an exact method before ANY, `$default` last. */
export function matchRoute(routes: readonly Route[], method: string, path: string): MatchedRoute | undefined {
  const matches = routes.flatMap((route) => {
    const match = matchOne(route, method, path);
    return match === undefined ? [] : [match];
  });
  return matches.toSorted((a, b) => b.weight.localeCompare(a.weight))[0];
}

function matchOne(route: Route, method: string, path: string): (MatchedRoute & { weight: string }) | undefined {
  if (route.key === '$default') return { route, pathParameters: {}, weight: '' };
  const [routeMethod = '', routePath = ''] = route.key.split(' ');
  if (routeMethod !== 'ANY' && routeMethod !== method) return undefined;
  const wanted = routePath.split('/').slice(1);
  const given = path.split('/').slice(1);
  const pathParameters: Record<string, string> = {};
  // One letter a segment, later in the alphabet the more specific: d fixed, c variable, b greedy.
  let weight = '';
  for (const [index, segment] of wanted.entries()) {
    const value = given[index];
    const name = /^\{(.+?)\+?\}$/.exec(segment)?.[1];
    if (segment.endsWith('+}') && name !== undefined) {
      if (value === undefined || value === '') return undefined;
      pathParameters[name] = given.slice(index).map(decoded).join('/');
      return { route, pathParameters, weight: `${weight}b${methodWeight(routeMethod)}` };
    }
    if (value === undefined || (name === undefined ? value !== segment : value === '')) return undefined;
    if (name !== undefined) pathParameters[name] = decoded(value);
    weight += name === undefined ? 'd' : 'c';
  }
  return given.length === wanted.length ? { route, pathParameters, weight: `${weight}${methodWeight(routeMethod)}` } : undefined;
}

function methodWeight(routeMethod: string): string {
  return routeMethod === 'ANY' ? '0' : '1';
}
