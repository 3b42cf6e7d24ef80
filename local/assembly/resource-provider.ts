/** A template resource whose intrinsics are resolved. */
export interface ResourceRequest {
  readonly type: string;
  readonly stackName: string;
  readonly logicalId: string;
  /** The name to use where the template gives none: stable across restarts, unique in the local account, at most 63 characters of a-z, 0-9 and -. */
  readonly physicalName: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a resource's properties are shaped by its CloudFormation schema
  readonly properties: Readonly<Record<string, any>>;
}

/** What `Ref` and `Fn::GetAtt` give for a deployed resource. */
export interface DeployedResource {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * Deploys one resource of one type. It runs at every start with the template's current properties, so it must be
 * idempotent: configuration lives in memory and comes from the template, data lives in the store.
 */
export type ResourceProvider = (request: ResourceRequest) => DeployedResource | Promise<DeployedResource>;

/** Providers by CloudFormation type. */
export type ResourceProviders = Readonly<Record<string, ResourceProvider>>;
