import { GetObjectCommand, type S3Client, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { IMMUTABLE, readText, writeText } from '../shared/stored-objects.ts';
import { TAG_BYTES } from './first-timestamp.ts';
import type { MediaPlaylist } from './media-playlist.ts';
import { parseMediaPlaylist, variantUris } from './media-playlist.ts';
import type { MeasuredSegment } from './bandwidth.ts';

/** A rendition as MediaConvert wrote it. */
export interface StoredRendition {
  /** Name of its playlist, below the stream's prefix. */
  readonly uri: string;
  readonly playlist: MediaPlaylist;
  readonly segments: readonly MeasuredSegment[];
}

/** Small files written at once; each is a request of its own. */
const PARALLEL_WRITES = 16;

/** The files of one stream in S3. */
export class StreamFiles {
  readonly #s3: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  /** @param prefix such as `sermons/<sermonId>/<version>/<revision>/hls/` */
  constructor(s3: S3Client, bucket: string, prefix: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  /** Reads the playlists that MediaConvert wrote, and the sizes of their segments. @throws Error when one is missing */
  async renditions(multivariantKey: string): Promise<readonly StoredRendition[]> {
    const sizes = await this.#sizes();
    const uris = variantUris(await readText(this.#s3, { bucket: this.#bucket, key: multivariantKey }));
    if (uris.length === 0) throw new Error(`${multivariantKey} names no renditions; transcode the sermon again`);
    return Promise.all(
      uris.map(async (uri) => {
        const playlist = parseMediaPlaylist(await readText(this.#s3, this.#place(uri)));
        const segments = playlist.segments.map((segment) => ({
          durationSeconds: segment.durationSeconds,
          sizeBytes: sizeOf(sizes, segment.uri),
        }));
        return { uri, playlist, segments };
      }),
    );
  }

  /** The first bytes of a segment. */
  async head(uri: string): Promise<Uint8Array> {
    const { bucket, key } = this.#place(uri);
    const { Body: body } = await this.#s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=0-${TAG_BYTES - 1}` }));
    return (await body?.transformToByteArray()) ?? new Uint8Array();
  }

  /** Writes files that never change: each run has a prefix of its own. */
  async write(files: readonly { readonly name: string; readonly text: string }[], contentType: string): Promise<void> {
    for (let first = 0; first < files.length; first += PARALLEL_WRITES) {
      const some = files.slice(first, first + PARALLEL_WRITES);
      await Promise.all(
        some.map(({ name, text }) => writeText(this.#s3, this.#place(name), text, { contentType, cacheControl: IMMUTABLE })),
      );
    }
  }

  #place(name: string): { readonly bucket: string; readonly key: string } {
    return { bucket: this.#bucket, key: `${this.#prefix}${name}` };
  }

  async #sizes(): Promise<ReadonlyMap<string, number>> {
    const sizes = new Map<string, number>();
    for await (const { Contents: objects = [] } of paginateListObjectsV2(
      { client: this.#s3 },
      { Bucket: this.#bucket, Prefix: this.#prefix },
    )) {
      for (const { Key: key, Size: size } of objects)
        if (key !== undefined && size !== undefined) sizes.set(key.slice(this.#prefix.length), size);
    }
    return sizes;
  }
}

function sizeOf(sizes: ReadonlyMap<string, number>, uri: string): number {
  const size = sizes.get(uri);
  if (size === undefined) throw new Error(`segment ${uri} is named in a playlist and not stored; transcode the sermon again`);
  return size;
}
