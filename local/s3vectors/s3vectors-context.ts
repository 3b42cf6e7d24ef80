import type { Cloud } from '../cloud.ts';
import type { Members, Permission } from '../gateway/service.ts';
import { VectorIndexes, type VectorIndex } from './vector-index.ts';
import { indexArnOf } from './vector-input.ts';
import { VectorTable } from './vector-table.ts';

/** What every operation works on. */
export class S3VectorsContext {
  readonly cloud: Cloud;
  readonly table: VectorTable;
  readonly indexes = new VectorIndexes();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.table = new VectorTable(cloud.store);
  }

  /** The index that a request names. @throws AwsError */
  index(input: Members): VectorIndex {
    return this.indexes.get(indexArnOf(input, this.cloud.region, this.cloud.accountId));
  }

  /** The right to do `action` on that index; GetVectors too, where more than keys and distances are asked for. */
  permissions(action: string, input: Members, readsVectors = false): readonly Permission[] {
    const resource = indexArnOf(input, this.cloud.region, this.cloud.accountId);
    const actions = readsVectors ? [action, 'GetVectors'] : [action];
    return actions.map((one) => ({ action: `s3vectors:${one}`, resource }));
  }
}
