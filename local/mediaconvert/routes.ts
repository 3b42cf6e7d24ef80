import { parseJsonObject, wireJson } from '../gateway/codecs/read-body.ts';
import { restJson, type RestRequest, type RestRoute } from '../gateway/codecs/rest-json.ts';
import type { Codec, Members } from '../gateway/service.ts';
import { toSdkNames, toWireNames } from './wire-names.ts';

// The version that stands in every path of the API.
const BASE = '/2017-08-29';

/** MediaConvert's protocol: restJson1 whose JSON names begin with small letters. */
export function mediaConvertCodec(): Codec {
  return restJson([
    route('POST', '/jobs', 'CreateJob', 201),
    route('GET', '/jobs', 'ListJobs', 200),
    route('GET', '/jobs/{Id}', 'GetJob', 200),
    route('DELETE', '/jobs/{Id}', 'CancelJob', 202),
    route('POST', '/probe', 'Probe', 200),
  ]);
}

function route(method: string, path: string, operation: string, status: number): RestRoute {
  return {
    method,
    path: BASE + path,
    operation,
    decode: ({ path: parameters, query, body }: RestRequest): Members => ({
      ...(toSdkNames({ ...Object.fromEntries(query), ...parseJsonObject(body) }) as Members),
      ...parameters,
    }),
    encode: (output) => ({ status, headers: { 'content-type': 'application/json' }, body: wireJson(toWireNames(output)) }),
  };
}
