import { AwsError } from '../gateway/aws-error.ts';
import type { Metadata, MetadataFilter } from './metadata-filter.ts';
import { dotOf, normOf, QuantisedVectors } from './quantised-vectors.ts';
import type { VectorTable } from './vector-table.ts';

export type DistanceMetric = 'cosine' | 'euclidean';

/** An index as the template describes it. */
export interface IndexDescription {
  readonly arn: string;
  /** 1 to 4096. */
  readonly dimension: number;
  readonly metric: DistanceMetric;
  /** Metadata keys that come back but cannot be filtered by. */
  readonly nonFilterable: ReadonlySet<string>;
}

/** One hit. */
export interface Neighbour {
  readonly key: string;
  readonly distance: number;
  readonly metadata: Metadata;
}

// The bytes are coarse: this many times as many vectors as asked for, and at least this many, are compared exactly.
const CANDIDATES_PER_HIT = 4;
const LEAST_CANDIDATES = 50;

interface Slot {
  readonly id: number;
  readonly key: string;
  readonly metadata: Metadata;
}

/**
 * An index in memory: bytes for a fast scan of every vector, and metadata for exact filters; the candidates are then compared
 * with the vectors themselves. It finds what an exhaustive search would find, so it never returns fewer than there are.
 */
export class VectorIndex {
  readonly description: IndexDescription;
  readonly #table: VectorTable;
  readonly #vectors: QuantisedVectors;
  readonly #slots: Slot[] = [];
  readonly #slotByKey = new Map<string, number>();

  constructor(description: IndexDescription, table: VectorTable) {
    this.description = description;
    this.#table = table;
    this.#vectors = new QuantisedVectors(description.dimension);
    for (const { id, key, vector, metadata } of table.all(description.arn)) {
      if (vector.length !== description.dimension) {
        throw new Error(
          `the vector index ${description.arn} holds vectors of ${vector.length} dimensions and the template says ${description.dimension}; start once with --fresh`,
        );
      }
      this.#remember({ id, key, metadata }, vector);
    }
  }

  /** Call it inside `store.write`. */
  put(key: string, vector: Float32Array, metadata: Metadata): void {
    const id = this.#table.put(this.description.arn, key, vector, metadata);
    this.#remember({ id, key, metadata }, vector);
  }

  /** Call it inside `store.write`. */
  delete(key: string): void {
    this.#table.delete(this.description.arn, key);
    const slot = this.#slotByKey.get(key);
    const last = this.#slots.at(-1);
    if (slot === undefined || last === undefined) return;
    this.#vectors.remove(slot);
    this.#slots[slot] = last;
    this.#slotByKey.set(last.key, slot);
    this.#slots.length -= 1;
    this.#slotByKey.delete(key);
  }

  /** The `count` nearest vectors whose metadata the filter takes, nearest first. */
  nearest(query: Float32Array, count: number, filter: MetadataFilter | undefined): readonly Neighbour[] {
    return this.#candidates(query, Math.max(LEAST_CANDIDATES, count * CANDIDATES_PER_HIT), filter)
      .flatMap((slot) => {
        const stored = this.#table.getById(slot.id);
        return stored === undefined ? [] : [{ key: slot.key, metadata: slot.metadata, distance: this.#distance(query, stored.vector) }];
      })
      .toSorted((a, b) => a.distance - b.distance || (a.key < b.key ? -1 : 1))
      .slice(0, count);
  }

  #candidates(query: Float32Array, count: number, filter: MetadataFilter | undefined): readonly Slot[] {
    const { metric } = this.description;
    const found: { readonly slot: Slot; readonly distance: number }[] = [];
    let worst = Infinity;
    const queryNorm = normOf(query);
    this.#vectors.scan(query, (index, cosine, norm) => {
      const distance = metric === 'cosine' ? -cosine : norm * norm - 2 * norm * queryNorm * cosine;
      if (distance >= worst) return;
      const slot = this.#slots[index];
      // The filter is asked only of those that are near enough to count, which keeps it exact and cheap.
      if (slot === undefined || (filter !== undefined && !filter(slot.metadata))) return;
      found.push({ slot, distance });
      // Sorted now and then instead of kept in order.
      if (found.length >= count * 2) {
        found.sort((a, b) => a.distance - b.distance);
        found.length = count;
        worst = found.at(-1)?.distance ?? Infinity;
      }
    });
    return found
      .toSorted((a, b) => a.distance - b.distance)
      .slice(0, count)
      .map(({ slot }) => slot);
  }

  #distance(a: Float32Array, b: Float32Array): number {
    if (this.description.metric === 'cosine') return 1 - dotOf(a, b) / (normOf(a) * normOf(b));
    const difference = a.map((value, at) => value - (b[at] ?? 0));
    return normOf(difference);
  }

  #remember(slot: Slot, vector: Float32Array): void {
    const at = this.#slotByKey.get(slot.key) ?? this.#slots.length;
    this.#vectors.set(at, vector);
    this.#slots[at] = slot;
    this.#slotByKey.set(slot.key, at);
  }
}

/** The indexes of the deployed templates, by ARN. */
export class VectorIndexes {
  readonly #indexes = new Map<string, VectorIndex>();

  define(index: VectorIndex): void {
    this.#indexes.set(index.description.arn, index);
  }

  /** @throws AwsError NotFoundException */
  get(arn: string): VectorIndex {
    const index = this.#indexes.get(arn);
    if (index === undefined) throw new AwsError('NotFoundException', 'The specified index could not be found', 404);
    return index;
  }
}
