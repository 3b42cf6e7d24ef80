import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      { readonly source: { readonly path: string }; readonly destinations: Readonly<Record<string, { readonly objectKey: string }>> }
    >
  >;
  readonly dockerImages?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly directory: string; readonly dockerFile?: string };
        readonly destinations: Readonly<Record<string, { readonly imageTag: string }>>;
      }
    >
  >;
}

/** A container image as the assembly holds it: a folder that `docker build` would take. */
export interface ImageAsset {
  readonly directory: string;
  readonly dockerFile: string;
}

/** Where the assembly keeps the files that templates refer to by S3 key or image tag. */
export class AssetStore {
  readonly #files = new Map<string, string>();
  readonly #images = new Map<string, ImageAsset>();

  /** Reads one stack's asset manifest, `<stack>.assets.json`. */
  load(assemblyFolder: string, manifestFile: string): void {
    const manifest = JSON.parse(readFileSync(join(assemblyFolder, manifestFile), 'utf8')) as AssetManifest;
    for (const { source, destinations } of Object.values(manifest.files ?? {})) {
      for (const { objectKey } of Object.values(destinations)) this.#files.set(objectKey, join(assemblyFolder, source.path));
    }
    for (const { source, destinations } of Object.values(manifest.dockerImages ?? {})) {
      const image = { directory: join(assemblyFolder, source.directory), dockerFile: source.dockerFile ?? 'Dockerfile' };
      for (const { imageTag } of Object.values(destinations)) this.#images.set(imageTag, image);
    }
  }

  /**
   * The folder (or single file) of a file asset.
   * @throws Error when the assembly holds no asset under this key
   */
  folder(s3Key: string): string {
    const path = this.#files.get(s3Key);
    if (path === undefined || !existsSync(path)) throw new Error(`the assembly has no file asset ${s3Key}; synthesize it again`);
    return path;
  }

  /**
   * The build folder of a container image, by the URI that the template names.
   * @throws Error when the assembly holds no such image
   */
  image(imageUri: string): ImageAsset {
    const image = this.#images.get(imageUri.slice(imageUri.lastIndexOf(':') + 1));
    if (image === undefined) throw new Error(`the assembly has no container image ${imageUri}; synthesize it again`);
    return image;
  }
}
