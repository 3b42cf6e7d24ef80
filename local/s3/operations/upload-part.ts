import { AwsError } from '../../gateway/aws-error.ts';
import type { Members, Operation } from '../../gateway/service.ts';
import { storeBody, writeWithBody, type StoredBody } from '../object-body.ts';
import type { S3Context } from '../s3-context.ts';
import { arnOf, quoted } from '../s3-input.ts';
import type { Part } from '../upload-table.ts';
import { findUpload } from './multipart-upload.ts';

// S3's limit on parts of one upload.
const LARGEST_PART_NUMBER = 10_000;

/** UploadPart. */
export function uploadPart(context: S3Context): Operation {
  return {
    permissions: (input) => [{ action: 's3:PutObject', resource: arnOf(input['Bucket'], input['Key']) }],
    async run(input) {
      findUpload(context, input);
      partNumberOf(input);
      const part = savePart(context, input, await storeBody(context, input['Body']));
      const checksums = Object.entries(input).filter(([name]) => /^Checksum(CRC32|SHA1|SHA256)$/.test(name));
      return { ETag: quoted(part.etag), ...Object.fromEntries(checksums) };
    },
  };
}

function savePart(context: S3Context, input: Members, body: StoredBody): Part {
  return writeWithBody(context, body, () => {
    // Asked again: the upload may have been completed or aborted while the body came in.
    const { uploadId } = findUpload(context, input);
    return context.uploads.addPart(uploadId, partNumberOf(input), body.md5, [body.piece]);
  });
}

function partNumberOf(input: Members): number {
  const partNumber = Number(input['PartNumber']);
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > LARGEST_PART_NUMBER) {
    throw new AwsError('InvalidArgument', `Part number must be an integer between 1 and ${LARGEST_PART_NUMBER}, inclusive`, 400, {
      ArgumentName: 'partNumber',
      ArgumentValue: String(input['PartNumber']),
    });
  }
  return partNumber;
}
