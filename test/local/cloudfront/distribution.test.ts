import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { request as httpRequest } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { createCloudFront, type CloudFront } from '../../../local/cloudfront/cloudfront.ts';
import { createS3 } from '../../../local/s3/s3.ts';
import { BareCloud } from '../s3/bare-cloud.ts';

const page = `<!doctype html><title>Pulpit</title>${'<p>In the beginning was the Word.</p>'.repeat(60)}`;
const objects: Record<string, { body: Buffer; type: string; cacheControl?: string }> = {
  'index.html': { body: Buffer.from(page), type: 'text/html', cacheControl: 'no-cache' },
  'assets/app-1a2b.js': {
    body: Buffer.from('export const word = 1;\n'.repeat(100)),
    type: 'text/javascript',
    cacheControl: 'max-age=31536000',
  },
  'sermons/one two/0/audio.mp3': { body: Buffer.alloc(2_000_000, 'a'), type: 'audio/mpeg' },
};
let asked: string[] = [];
let bare: BareCloud;
let cloudFront: CloudFront;

// What stands behind the API is another part's; here it tells what it was asked.
const httpApis = {
  handle: async ({ path, query, headers }: { path: string; query: string; headers: Readonly<Record<string, string>> }) => {
    asked.push(`${path}?${query}`);
    const body = Buffer.from(JSON.stringify({ path, query, host: headers['host'] }));
    return { status: path.includes('missing') ? 404 : 200, headers: { 'content-type': 'application/json' }, cookies: [], body };
  },
};

const rewrite = `function handler(event) { var r = event.request; if (!r.uri.split('/').pop().includes('.')) r.uri = '/index.html'; return r; }`;
const optimised = '658327ea-f89d-4fab-a63d-7e88639e58f6';
const disabled = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';

beforeEach(async () => {
  asked = [];
  bare = new BareCloud();
  bare.add(createS3(bare.cloud));
  for (const bucket of ['site-bucket', 'media-bucket']) await bare.deploy('AWS::S3::Bucket', bucket, {});
  for (const [key, { body, type, cacheControl }] of Object.entries(objects)) {
    const Bucket = key.startsWith('sermons/') ? 'media-bucket' : 'site-bucket';
    await bare.call('s3', 'PutObject', { Bucket, Key: key, Body: body, ContentType: type, CacheControl: cacheControl });
  }
  cloudFront = createCloudFront(bare.cloud, { port: 0, httpApis });
  const deploy = async (type: string, logicalId: string, properties: Record<string, unknown>) => {
    const provider = cloudFront.resources?.[type];
    if (provider === undefined) throw new Error(`no provider of ${type}`);
    return provider({ type, stackName: 'Service', logicalId, physicalName: `service-${logicalId}`.toLowerCase(), properties });
  };
  const { ref: functionArn } = await deploy('AWS::CloudFront::Function', 'Rewrite', {
    Name: 'rewrite',
    AutoPublish: true,
    FunctionCode: rewrite,
  });
  const { ref: cors } = await deploy('AWS::CloudFront::ResponseHeadersPolicy', 'Cors', {
    ResponseHeadersPolicyConfig: {
      Name: 'cors',
      CorsConfig: { AccessControlAllowOrigins: { Items: ['*'] }, AccessControlAllowMethods: { Items: ['GET'] }, OriginOverride: true },
      SecurityHeadersConfig: { ContentSecurityPolicy: { ContentSecurityPolicy: "default-src 'self'", Override: true } },
    },
  });
  await deploy('AWS::CloudFront::Distribution', 'Site', {
    DistributionConfig: {
      Enabled: true,
      DefaultRootObject: 'index.html',
      Origins: [
        { Id: 'site', DomainName: 'site-bucket.s3.us-east-1.amazonaws.com', S3OriginConfig: {}, OriginAccessControlId: 'oac' },
        { Id: 'media', DomainName: 'media-bucket.s3.us-east-1.amazonaws.com', S3OriginConfig: {}, OriginAccessControlId: 'oac' },
        { Id: 'api', DomainName: 'abc123.execute-api.us-east-1.amazonaws.com', CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } },
      ],
      DefaultCacheBehavior: {
        TargetOriginId: 'site',
        CachePolicyId: optimised,
        Compress: true,
        ViewerProtocolPolicy: 'redirect-to-https',
        ResponseHeadersPolicyId: cors,
        FunctionAssociations: [{ EventType: 'viewer-request', FunctionARN: functionArn }],
      },
      CacheBehaviors: [
        {
          PathPattern: 'sermons/*/*/*',
          TargetOriginId: 'media',
          CachePolicyId: optimised,
          Compress: true,
          ViewerProtocolPolicy: 'allow-all',
        },
        {
          PathPattern: '/v1/*',
          TargetOriginId: 'api',
          CachePolicyId: disabled,
          OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
          ViewerProtocolPolicy: 'allow-all',
        },
      ],
    },
  });
  await cloudFront.start?.();
});

afterEach(async () => {
  await cloudFront.stop?.();
  await bare.remove();
});

/** A plain request: fetch would decode the body and hide the encoding. */
async function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; headers: Record<string, unknown>; body: Buffer }>();
  const request = httpRequest(`${cloudFront.siteUrl}${path}`, { method, headers }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }));
  });
  request.on('error', reject);
  request.end();
  return promise;
}

test('a page inside the site is index.html, and a missing file is refused as S3 refuses who may not list', async () => {
  expect((await get('/')).body.toString()).toBe(page);
  expect((await get('/sermons/in-the-beginning-0a1b2c3d')).body.toString()).toBe(page);
  const missing = await get('/assets/gone.js');
  expect(missing).toMatchObject({ status: 403, headers: { 'content-type': 'application/xml' } });
  expect(missing.body.toString()).toContain('<Code>AccessDenied</Code>');
});

test('a text asset is compressed for who accepts it, kept under its own key, and its ETag becomes weak', async () => {
  const first = await get('/assets/app-1a2b.js', { 'accept-encoding': 'gzip' });
  expect(first.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding', 'x-cache': 'Miss from cloudfront' });
  expect(gunzipSync(first.body)).toEqual(objects['assets/app-1a2b.js']?.body);
  expect(String(first.headers['etag'])).toMatch(/^W\//);
  expect((await get('/assets/app-1a2b.js', { 'accept-encoding': 'gzip, deflate' })).headers['x-cache']).toBe('Hit from cloudfront');
  expect((await get('/assets/app-1a2b.js', { 'accept-encoding': 'br;q=1, gzip' })).headers['content-encoding']).toBe('br');
  expect((await get('/assets/app-1a2b.js')).headers['content-encoding']).toBeUndefined();
});

test('a viewer that has the object is told so, in the cache and past it', async () => {
  const { headers } = await get('/assets/app-1a2b.js', { 'accept-encoding': 'gzip' });
  for (const path of ['/assets/app-1a2b.js', '/assets/app-1a2b.js']) {
    const again = await get(path, { 'accept-encoding': 'gzip', 'if-none-match': String(headers['etag']) });
    expect(again).toMatchObject({ status: 304 });
    expect(again.body.byteLength).toBe(0);
  }
});

test('ranges reach the recording, and the type of audio stays uncompressed', async () => {
  const part = await get('/sermons/one%20two/0/audio.mp3', { range: 'bytes=10-19', 'accept-encoding': 'gzip' });
  expect(part).toMatchObject({ status: 206, headers: { 'content-range': 'bytes 10-19/2000000', 'content-length': '10' } });
  expect((await get('/assets/app-1a2b.js', { range: 'bytes=0-5' })).status).toBe(206);
  const head = await get('/sermons/one%20two/0/audio.mp3', {}, 'HEAD');
  expect(head).toMatchObject({ status: 200, headers: { 'content-length': '2000000' } });
});

test('the API gets its own host and the whole query, is not kept, and its errors stay errors', async () => {
  const answer = await get('/v1/search?q=living%20water&view=moments');
  expect(JSON.parse(answer.body.toString())).toEqual({
    path: '/v1/search',
    query: 'q=living%20water&view=moments',
    host: 'abc123.execute-api.us-east-1.amazonaws.com',
  });
  await get('/v1/search?q=living%20water&view=moments');
  expect(asked).toHaveLength(2);
  expect(await get('/v1/missing')).toMatchObject({
    status: 404,
    headers: { 'content-type': 'application/json', 'x-cache': 'Error from cloudfront' },
  });
  expect((await get('/v1/sermons', {}, 'DELETE')).status).toBe(403);
});

test('the headers policy speaks to every viewer, and of origins only to those that name one', async () => {
  const plain = await get('/');
  expect(plain.headers['content-security-policy']).toBe("default-src 'self'");
  expect(plain.headers['access-control-allow-origin']).toBeUndefined();
  expect((await get('/', { origin: 'https://church.example' })).headers['access-control-allow-origin']).toBe('*');
});

test('an unknown policy is refused by its id', () => {
  const provider = cloudFront.resources?.['AWS::CloudFront::Distribution'];
  const properties = {
    DistributionConfig: {
      Enabled: true,
      Origins: [{ Id: 'site', DomainName: 'site.s3.us-east-1.amazonaws.com' }],
      DefaultCacheBehavior: { TargetOriginId: 'site', CachePolicyId: 'not-a-policy' },
    },
  };
  const request = {
    type: 'AWS::CloudFront::Distribution',
    stackName: 'Service',
    logicalId: 'Site',
    physicalName: 'service-site',
    properties,
  };
  expect(() => provider?.(request)).toThrow('cache policy not-a-policy');
});

test('a taken port is one clear sentence', async () => {
  const port = Number(new URL(cloudFront.siteUrl).port);
  const second = createCloudFront(bare.cloud, { port, httpApis });
  await expect(Promise.resolve(second.start?.())).rejects.toThrow(
    `port ${port} is in use; stop the other program or set PULPIT_SITE_PORT to a free port`,
  );
});

test('a viewer cannot fill the memory: a body past the limit is refused with an answer', async () => {
  const refused = await fetch(cloudFront.siteUrl, { method: 'POST', body: Buffer.alloc(33 * 1024 * 1024) });
  expect(refused.status).toBe(413);
});
