import { SecretValue } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge, allow } from './permissions.ts';
import type { PulpitFunction } from './pulpit-function.ts';
import type { Settings } from './settings.ts';

/** What CloudFront shows the API, so that nobody gets around the distribution: its caches, its limits and its web ACL. */
export class OriginSecret extends Construct {
  /** For the distribution, which resolves it at deployment; the template holds a reference only. */
  readonly value: string;
  readonly #secret: secretsmanager.Secret;

  constructor(scope: Construct, id: string, { originSecretNumber }: Settings) {
    super(scope, id);
    this.#secret = new secretsmanager.Secret(this, 'Resource', {
      description: 'Pulpit: what CloudFront shows the API',
      // Changing the recipe is what makes CloudFormation generate another value, and the length changes nothing else.
      generateSecretString: { excludePunctuation: true, passwordLength: 48 + originSecretNumber },
    });
    this.value = SecretValue.secretsManager(this.#secret.secretArn).unsafeUnwrap();
    acknowledge(
      this.#secret,
      'rotated by the setting originSecretNumber: on a schedule the distribution, which learns the value at deployment only, would fall behind',
      'AwsSolutions-SMG4',
    );
  }

  get arn(): string {
    return this.#secret.secretArn;
  }

  /** Lets a function read the secret, its current and its previous value. */
  allowReading(reader: PulpitFunction): void {
    allow(reader.role, { actions: ['secretsmanager:GetSecretValue'], resources: [this.arn] });
  }
}
