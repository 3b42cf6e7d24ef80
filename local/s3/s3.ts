import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cloud, CloudPart } from '../cloud.ts';
import type { Operation, Service } from '../gateway/service.ts';
import { bucketPolicyProvider, bucketProvider } from './bucket-provider.ts';
import { bucketDeploymentProvider } from './bucket-deployment.ts';
import { Cors } from './codec/cors.ts';
import { restXml } from './codec/rest-xml.ts';
import { listBuckets } from './operations/list-buckets.ts';
import { completeMultipartUpload } from './operations/complete-multipart-upload.ts';
import { copyObject } from './operations/copy-object.ts';
import { deleteObject } from './operations/delete-object.ts';
import { getObject, headObject } from './operations/get-object.ts';
import { listObjectsV2 } from './operations/list-objects-v2.ts';
import { abortMultipartUpload, createMultipartUpload } from './operations/multipart-upload.ts';
import { putObject } from './operations/put-object.ts';
import { uploadPart } from './operations/upload-part.ts';
import { createContext, type S3Context } from './s3-context.ts';

export interface S3Part extends CloudPart {
  readonly service: Service;
  /** Answers a CORS preflight for one of the buckets, before authentication; false when it is for somebody else. */
  preflight(request: IncomingMessage, response: ServerResponse): boolean;
}

/** S3: objects on disk, their rows and events in one transaction. */
export function createS3(cloud: Cloud): S3Part {
  const context = createContext(cloud);
  const cors = new Cors(context.buckets);
  return {
    resources: {
      'AWS::S3::Bucket': bucketProvider(context),
      'AWS::S3::BucketPolicy': bucketPolicyProvider(context),
      'Custom::CDKBucketDeployment': bucketDeploymentProvider(context),
    },
    service: {
      signingName: 's3',
      codec: restXml((request, response) => cors.addHeaders(request, response)),
      operations: operations(context),
    },
    preflight: (request, response) => cors.preflight(request, response),
  };
}

function operations(context: S3Context): Readonly<Record<string, Operation>> {
  return {
    ListBuckets: listBuckets(context),
    PutObject: putObject(context),
    GetObject: getObject(context),
    HeadObject: headObject(context),
    DeleteObject: deleteObject(context),
    CopyObject: copyObject(context),
    ListObjectsV2: listObjectsV2(context),
    CreateMultipartUpload: createMultipartUpload(context),
    UploadPart: uploadPart(context),
    CompleteMultipartUpload: completeMultipartUpload(context),
    AbortMultipartUpload: abortMultipartUpload(context),
  };
}
