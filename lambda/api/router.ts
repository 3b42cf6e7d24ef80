import { HttpError, Router } from '@aws-lambda-powertools/event-handler/http';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { SermonRow, SermonStatus } from '../shared/catalogue-rows.ts';
import { cacheableJson } from './cacheable.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { LibraryPosition } from './library.ts';
import { limitFrom, queryFrom, statusesFrom, viewFrom } from './parameters.ts';
import { Problem, problemResponse } from './problems.ts';
import type { SearchRequest, SearchResult } from './search.ts';
import { publishedRun, sermonDetail, sermonItem } from './sermon-views.ts';

/** What the routes need of the outside. */
export interface ApiPorts {
  readonly list: (statuses: readonly SermonStatus[], after: LibraryPosition | undefined, limit: number) => Promise<readonly SermonRow[]>;
  readonly sermon: (sermonId: string) => Promise<SermonRow | undefined>;
  /** transcript.json of a published run. */
  readonly transcript: (run: NonNullable<ReturnType<typeof publishedRun>>) => Promise<string>;
  readonly search: (request: SearchRequest) => Promise<SearchResult>;
  readonly logger: {
    readonly error: (message: string, error: Error) => void;
    readonly warn: (message: string) => void;
    readonly debug: (message: string) => void;
  };
}

/** A sermon changes seldom, but whoever has just uploaded one looks again and again. */
const SERMON_SECONDS = 2;
/** A transcript changes only when a newer version is published. */
const TRANSCRIPT_SECONDS = 60;
const SEARCH_SECONDS = 10;
/** Beyond this nobody reads on, and each page costs all that come before it. */
const DEEPEST_OFFSET = 500;

/** A route to read from; tools look with HEAD before they load. */
const reading = (path: `/${string}`) => ({ path, method: ['GET' as const, 'HEAD' as const] });

/** The API's routes. */
export function createRouter(ports: ApiPorts): Router {
  const router = new Router({ logger: { ...ports.logger, info: () => undefined } });
  router.route(({ req }) => listSermons(req, ports), reading('/v1/sermons'));
  router.route(({ req, params }) => showSermon(req, params['id'] ?? '', ports), reading('/v1/sermons/:id'));
  router.route(({ req, params }) => showTranscript(req, params['id'] ?? '', ports), reading('/v1/sermons/:id/transcript'));
  router.route(({ req }) => search(req, ports), reading('/v1/search'));
  // One handler for all: the router's own answers are no problem documents.
  router.errorHandler([Error], async (error, { req }) => problemResponse(problemOf(error, ports), new URL(req.url).pathname));
  return router;
}

/** Answers a request. To HEAD, what GET would be answered but for the body (RFC 9110, 9.3.2). */
export async function answerRequest(
  router: Router,
  event: APIGatewayProxyEventV2,
  context: Context,
): Promise<APIGatewayProxyStructuredResultV2> {
  const answered = await router.resolve(event, context);
  return event.requestContext.http.method === 'HEAD' ? { ...answered, body: '', isBase64Encoded: false } : answered;
}

async function listSermons(request: Request, ports: ApiPorts): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const statuses = statusesFrom(searchParams);
  const limit = limitFrom(searchParams);
  const filters = `sermons ${statuses.join(' ')}`;
  const rows = await ports.list(statuses, libraryPosition(searchParams.get('cursor'), filters), limit + 1);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const next = last === undefined ? null : encodeCursor({ listedAt: last.listedAt, sermonId: last.sermonId }, filters);
  return cacheableJson(request, JSON.stringify({ items: page.map(sermonItem), next }), SERMON_SECONDS);
}

function libraryPosition(cursor: string | null, filters: string): LibraryPosition | undefined {
  if (cursor === null) return undefined;
  const { listedAt, sermonId } = decodeCursor(cursor, filters);
  return { listedAt: String(listedAt), sermonId: String(sermonId) };
}

async function showSermon(request: Request, sermonId: string, ports: ApiPorts): Promise<Response> {
  return cacheableJson(request, JSON.stringify(sermonDetail(await findSermon(sermonId, ports))), SERMON_SECONDS);
}

async function showTranscript(request: Request, sermonId: string, ports: ApiPorts): Promise<Response> {
  const row = await findSermon(sermonId, ports);
  const run = publishedRun(row);
  if (run === undefined)
    throw new Problem(404, 'No transcript', `sermon ${sermonId} is not published yet; ask again when its status is published`);
  if (row.hasSpeech !== true)
    throw new Problem(404, 'No transcript', `sermon ${sermonId} has no transcript, because no speech was found in it`);
  return cacheableJson(request, await ports.transcript(run), TRANSCRIPT_SECONDS);
}

async function findSermon(sermonId: string, ports: ApiPorts): Promise<SermonRow> {
  const row = await ports.sermon(sermonId);
  if (row === undefined || row.status === 'removed')
    throw new Problem(404, 'No such sermon', `there is no sermon ${JSON.stringify(sermonId.slice(0, 100))}; see /v1/sermons`);
  return row;
}

async function search(request: Request, ports: ApiPorts): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const [query, view, limit] = [queryFrom(searchParams), viewFrom(searchParams), limitFrom(searchParams)];
  const filters = `search ${view} ${query}`;
  const cursor = searchParams.get('cursor');
  const offset =
    cursor === null ? 0 : Math.min(DEEPEST_OFFSET, Math.max(0, Math.trunc(Number(decodeCursor(cursor, filters)['offset']) || 0)));
  const { items, nextOffset, degraded } = await ports.search({ query, view, offset, limit });
  const next = nextOffset === undefined || nextOffset > DEEPEST_OFFSET ? null : encodeCursor({ offset: nextOffset }, filters);
  // An answer without meaning is not kept: the next one may be whole.
  return cacheableJson(
    request,
    JSON.stringify({ items, next, ...(degraded === undefined ? {} : { degraded }) }),
    degraded === undefined ? SEARCH_SECONDS : 0,
  );
}

function problemOf(error: Error, { logger }: ApiPorts): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HttpError && error.statusCode === 404)
    return new Problem(
      404,
      'No such address',
      'the API has /v1/sermons, /v1/sermons/{id}, /v1/sermons/{id}/transcript and /v1/search, all to GET or HEAD',
    );
  if (error instanceof HttpError && error.statusCode < 500) return new Problem(error.statusCode, 'Bad request', error.message);
  // A broken percent-encoding in a path is the client's.
  if (error instanceof URIError) return new Problem(400, 'Bad request', 'the address has a broken percent-encoding; encode it again');
  logger.error('request failed', error);
  return new Problem(500, 'Internal error', 'something went wrong here; try again in a minute');
}
