import type { HttpApis } from '../../apigateway/http-apis.ts';
import type { Origin } from '../edge-message.ts';

/** An HTTP API as origin, called in this process under the host name that it has on AWS. */
export function httpApiOrigin(apis: HttpApis, domainName: string, originPath: string): Origin {
  return async ({ method, path, query, headers, body, viewerIp }) => {
    const {
      status,
      headers: sent,
      cookies,
      body: answer,
    } = await apis.handle({
      method,
      path: `${originPath}${path}`,
      query,
      headers: { ...headers, host: domainName, 'x-forwarded-for': viewerIp },
      body,
      sourceIp: viewerIp,
    });
    // 304 and 204 have no body, and a length of 0 would overwrite the one that the viewer keeps.
    const all = status === 304 || status === 204 ? sent : { ...sent, 'content-length': String(answer.byteLength) };
    return { status, headers: cookies.length === 0 ? all : { ...all, 'set-cookie': cookies }, body: answer };
  };
}
