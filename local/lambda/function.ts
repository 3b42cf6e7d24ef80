import type { AssetStore } from '../assembly/assets.ts';
import type { ResourceRequest } from '../assembly/resource-provider.ts';

/** One function as the template configures it. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  /** Folder of the code; undefined for a function that is deployed but never run here. */
  readonly codeFolder: string | undefined;
  readonly runtime: string;
  readonly handler: string;
  readonly roleArn: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly logFormat: 'Text' | 'JSON';
  /** Whether the function begins traces of its own. */
  readonly tracing: boolean;
  readonly deadLetterArn?: string;
}

/** The only runtime that is executed. */
export const RUNTIME = 'nodejs24.x';

// On one machine these change nothing: architecture, disk size, tags, network, layers (the bundles hold everything), recursion guard.
const WITHOUT_EFFECT = [
  'Architectures',
  'Description',
  'EphemeralStorage',
  'Layers',
  'RecursiveLoop',
  'ReservedConcurrentExecutions',
  'Tags',
  'VpcConfig',
];
const KNOWN = [
  'Code',
  'DeadLetterConfig',
  'Environment',
  'FunctionName',
  'Handler',
  'LoggingConfig',
  'MemorySize',
  'PackageType',
  'Role',
  'Runtime',
  'Timeout',
  'TracingConfig',
];

/**
 * Reads the properties of an `AWS::Lambda::Function`.
 * @throws Error for what the local cloud cannot run
 */
export function functionFrom(
  { logicalId, physicalName, properties }: ResourceRequest,
  place: { readonly region: string; readonly accountId: string; readonly assets: AssetStore },
): LambdaFunction {
  const unknown = Object.keys(properties).filter((property) => !KNOWN.includes(property) && !WITHOUT_EFFECT.includes(property));
  if (unknown.length > 0) throw new Error(`properties not supported by the local cloud: ${unknown.join(', ')}`);
  const name = String(properties['FunctionName'] ?? physicalName);
  const runtime = String(properties['Runtime'] ?? properties['PackageType']);
  const deadLetterArn: unknown = properties['DeadLetterConfig']?.TargetArn;
  return {
    name,
    arn: `arn:aws:lambda:${place.region}:${place.accountId}:function:${name}`,
    codeFolder: codeFolderOf(logicalId, runtime, properties['Code']?.S3Key, place.assets),
    runtime,
    handler: String(properties['Handler']),
    roleArn: String(properties['Role']),
    // Lambda's defaults.
    timeoutSeconds: Number(properties['Timeout'] ?? 3),
    memoryMb: Number(properties['MemorySize'] ?? 128),
    environment: properties['Environment']?.Variables ?? {},
    logGroup: String(properties['LoggingConfig']?.LogGroup ?? `/aws/lambda/${name}`),
    logFormat: properties['LoggingConfig']?.LogFormat === 'JSON' ? 'JSON' : 'Text',
    tracing: properties['TracingConfig']?.Mode === 'Active',
    ...(typeof deadLetterArn === 'string' && { deadLetterArn }),
  };
}

function codeFolderOf(logicalId: string, runtime: string, s3Key: unknown, assets: AssetStore): string | undefined {
  if (runtime === RUNTIME) {
    if (typeof s3Key !== 'string') throw new Error('its code is not a file asset; use Code.fromAsset');
    return assets.folder(s3Key);
  }
  // The provider of CDK's BucketDeployment, whose custom resource the local cloud carries out itself.
  if (runtime.startsWith('python') && logicalId.startsWith('CustomCDKBucketDeployment')) return undefined;
  throw new Error(`the runtime ${runtime} is not supported by the local cloud; use ${RUNTIME}`);
}
