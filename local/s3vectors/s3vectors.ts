import type { ResourceProvider } from '../assembly/resource-provider.ts';
import type { Cloud, CloudPart } from '../cloud.ts';
import { restJson } from '../gateway/codecs/rest-json.ts';
import type { Service } from '../gateway/service.ts';
import { putVectors } from './put-vectors.ts';
import { queryVectors } from './query-vectors.ts';
import { deleteVectors, getVectors, listVectors } from './read-vectors.ts';
import { S3VectorsContext } from './s3vectors-context.ts';
import { VectorIndex } from './vector-index.ts';

/** S3 Vectors: rows in the store, searched exhaustively in memory. */
export function createS3Vectors(cloud: Cloud): CloudPart & { readonly service: Service } {
  const context = new S3VectorsContext(cloud);
  const operations = {
    PutVectors: putVectors(context),
    QueryVectors: queryVectors(context),
    GetVectors: getVectors(context),
    ListVectors: listVectors(context),
    DeleteVectors: deleteVectors(context),
  };
  return {
    resources: {
      'AWS::S3Vectors::VectorBucket': vectorBucketProvider(context),
      'AWS::S3Vectors::Index': indexProvider(context),
      // Resource policies are not evaluated (docs/limits.md).
      'AWS::S3Vectors::VectorBucketPolicy': ({ physicalName }) => ({ ref: physicalName }),
    },
    service: {
      signingName: 's3vectors',
      codec: restJson(Object.keys(operations).map((operation) => ({ method: 'POST', path: `/${operation}`, operation }))),
      operations,
    },
  };
}

function vectorBucketProvider({ cloud }: S3VectorsContext): ResourceProvider {
  return ({ properties, physicalName }) => {
    const name = String(properties['VectorBucketName'] ?? physicalName);
    const arn = `arn:aws:s3vectors:${cloud.region}:${cloud.accountId}:bucket/${name}`;
    return { ref: arn, attributes: { VectorBucketArn: arn, VectorBucketName: name } };
  };
}

function indexProvider({ cloud, indexes, table }: S3VectorsContext): ResourceProvider {
  return ({ properties, physicalName }) => {
    const bucketArn =
      properties['VectorBucketArn'] ??
      `arn:aws:s3vectors:${cloud.region}:${cloud.accountId}:bucket/${String(properties['VectorBucketName'])}`;
    const arn = `${String(bucketArn)}/index/${String(properties['IndexName'] ?? physicalName)}`;
    const metric = String(properties['DistanceMetric']);
    if (metric !== 'cosine' && metric !== 'euclidean')
      throw new Error(`the vector index ${arn} has the metric ${metric}; it must be cosine or euclidean`);
    const nonFilterable = new Set((properties['MetadataConfiguration']?.['NonFilterableMetadataKeys'] ?? []) as readonly string[]);
    indexes.define(new VectorIndex({ arn, dimension: Number(properties['Dimension']), metric, nonFilterable }, table));
    return { ref: arn, attributes: { IndexArn: arn } };
  };
}
