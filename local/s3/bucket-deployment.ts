import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ResourceProvider } from '../assembly/resource-provider.ts';
import { glob } from '../gateway/iam/glob.ts';
import type { Members, Principal } from '../gateway/service.ts';
import { contentTypeOf } from './content-types.ts';
import { putObject } from './operations/put-object.ts';
import type { S3Context } from './s3-context.ts';

const DEPLOYMENT: Principal = { kind: 'service', name: 'cloudformation.amazonaws.com' };

/**
 * Deploys CDK's BucketDeployment without its provider function: copies the assets' files into the bucket, as `aws s3 sync`
 * with the same filters and metadata would. Files that lie there already are left alone. Invalidating a distribution is not
 * needed: it starts with an empty cache.
 * @throws Error for `prune`, which the local cloud does not do
 */
export function bucketDeploymentProvider(context: S3Context): ResourceProvider {
  return async ({ properties, physicalName }) => {
    if (String(properties['Prune'] ?? 'true') === 'true') {
      throw new Error('a BucketDeployment wants to prune, which the local cloud does not do; set prune: false');
    }
    const bucket = String(properties['DestinationBucketName']);
    const prefix = String(properties['DestinationBucketKeyPrefix'] ?? '').replace(/^\/|\/$/g, '');
    const sources = (properties['SourceObjectKeys'] ?? []) as readonly string[];
    const markers = (properties['SourceMarkers'] ?? []) as readonly Readonly<Record<string, string>>[];
    const wanted = filter(properties);
    for (const [index, source] of sources.entries()) {
      for (const { name, path } of filesOf(context.cloud.assets.folder(source))) {
        if (!wanted(name)) continue;
        const body = fillMarkers(readFileSync(path), markers[index] ?? {});
        await putUnlessSame(context, bucket, prefix === '' ? name : `${prefix}/${name}`, body, attributes(properties, name));
      }
    }
    return { ref: physicalName, attributes: { DestinationBucketArn: `arn:aws:s3:::${bucket}` } };
  };
}

async function putUnlessSame(context: S3Context, bucket: string, key: string, body: Buffer, wanted: Members): Promise<void> {
  const current = context.objects.latest(bucket, key);
  const same = current !== undefined && !current.isDeleteMarker && current.etag === createHash('md5').update(body).digest('hex');
  if (same && isDeepStrictEqual(current.attributes, wanted)) return;
  await putObject(context).run({ Bucket: bucket, Key: key, Body: body, ...wanted }, DEPLOYMENT);
}

/** Excludes first, then includes, the last match winning, as the provider passes them to `aws s3 sync`. */
function filter(properties: Members): (name: string) => boolean {
  const excluded = ((properties['Exclude'] ?? []) as readonly string[]).map((pattern) => glob(pattern));
  const included = ((properties['Include'] ?? []) as readonly string[]).map((pattern) => glob(pattern));
  return (name) => !excluded.some((pattern) => pattern.test(name)) || included.some((pattern) => pattern.test(name));
}

function attributes(properties: Members, name: string): Members {
  const system = (properties['SystemMetadata'] ?? {}) as Readonly<Record<string, string>>;
  const members: Members = { ContentType: system['content-type'] ?? contentTypeOf(name) };
  if (system['cache-control'] !== undefined) members['CacheControl'] = system['cache-control'];
  if (system['content-disposition'] !== undefined) members['ContentDisposition'] = system['content-disposition'];
  if (system['content-encoding'] !== undefined) members['ContentEncoding'] = system['content-encoding'];
  if (system['content-language'] !== undefined) members['ContentLanguage'] = system['content-language'];
  if (properties['UserMetadata'] !== undefined) members['Metadata'] = properties['UserMetadata'] as unknown;
  return members;
}

/** Values that were not known when the assembly was written stand as markers in generated files. */
function fillMarkers(body: Buffer, markers: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(markers);
  if (entries.length === 0) return body;
  return Buffer.from(entries.reduce((text, [marker, value]) => text.replaceAll(marker, value), body.toString('utf8')));
}

function filesOf(source: string): readonly { readonly name: string; readonly path: string }[] {
  if (!statSync(source).isDirectory()) return [{ name: basename(source), path: source }];
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: relative(source, path).split(sep).join('/'), path }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
