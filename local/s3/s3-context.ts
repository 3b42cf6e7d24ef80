import type { Cloud } from '../cloud.ts';
import { BlobLifetimes } from './blob-lifetimes.ts';
import { Buckets } from './buckets.ts';
import { ObjectTable } from './object-table.ts';
import { UploadTable } from './upload-table.ts';

/** What every S3 operation works on. */
export interface S3Context {
  readonly cloud: Cloud;
  readonly buckets: Buckets;
  readonly objects: ObjectTable;
  readonly uploads: UploadTable;
  readonly lifetimes: BlobLifetimes;
}

/** Opens the tables and removes the blobs that a crash left without an object; S3 alone keeps blobs. */
export function createContext(cloud: Cloud): S3Context {
  const lifetimes = new BlobLifetimes(cloud.store.blobs);
  const objects = new ObjectTable(cloud.store, lifetimes);
  const uploads = new UploadTable(cloud.store, objects);
  cloud.store.blobs.sweep((blob) => objects.holds(blob));
  return { cloud, buckets: new Buckets(), objects, uploads, lifetimes };
}
