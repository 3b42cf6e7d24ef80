import { join } from 'node:path';
import { Duration, Fn, Stack } from 'aws-cdk-lib';
import type * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { SERMONS_PREFIX } from '../lambda/shared/storage-keys.ts';
import { ORIGIN_HEADER } from '../lambda/shared/origin-header.ts';
import type { OriginSecret } from './origin-secret.ts';
import { acknowledge } from './permissions.ts';
import { ResponseHeaders } from './response-headers.ts';
import type { ServiceContext } from './service-context.ts';
import type { Settings } from './settings.ts';

export interface DeliveryProps extends ServiceContext {
  readonly httpApi: apigatewayv2.HttpApi;
  readonly originSecret: OriginSecret;
}

/** One address for listeners: the pages, the media below `sermons/` and the API below `v1/`. Same origin, so there is no CORS. */
export class Delivery extends Construct {
  readonly distribution: cloudfront.Distribution;

  constructor(scope: Construct, id: string, props: DeliveryProps) {
    super(scope, id);
    const { settings, storage } = props;
    const media = this.#bucketOrigin('Media', storage.media);
    const headers = new ResponseHeaders(this, 'Headers');
    this.distribution = new cloudfront.Distribution(this, 'Distribution', {
      // The number is here so that a new secret changes the distribution too: references alone are not resolved again.
      comment: `Pulpit, origin secret ${settings.originSecretNumber}`,
      defaultRootObject: 'index.html',
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      priceClass: cloudfront.PriceClass[priceClassNames[settings.priceClass]],
      // The class satisfies the interface, only not under exactOptionalPropertyTypes.
      logBucket: storage.accessLogs as s3.IBucket,
      logIncludesCookies: false,
      ...this.#addressOf(settings),
      ...(settings.webAclArn === undefined ? {} : { webAclId: settings.webAclArn }),
      defaultBehavior: {
        origin: this.#bucketOrigin('Site', storage.site),
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: this.#siteCachePolicy(),
        responseHeadersPolicy: headers.forPages,
        functionAssociations: [{ eventType: cloudfront.FunctionEventType.VIEWER_REQUEST, function: this.#createRewrite() }],
      },
      additionalBehaviors: {
        // Order matters: the first pattern that matches decides.
        [`${mediaPattern}.m3u8`]: this.#playlistBehaviour(media, headers),
        [mediaPattern]: this.#mediaBehaviour(media, headers),
        'v1/*': this.#apiBehaviour(props, headers),
      },
    });
    this.#acknowledgeChoices(settings);
    acknowledge(
      this.distribution,
      'StorageStack writes the policies of both buckets',
      '@aws-cdk/aws-cloudfront-origins:updateImportedBucketPolicyOac',
    );
  }

  /** A domain of the owner's, with its certificate; with it the owner also decides the TLS version. */
  #addressOf({ domainName, certificateArn }: Settings): Partial<cloudfront.DistributionProps> {
    if (domainName === undefined || certificateArn === undefined) return {};
    return {
      domainNames: [domainName],
      certificate: acm.Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
    };
  }

  #acknowledgeChoices({ certificateArn, webAclArn }: Settings): void {
    acknowledge(this.distribution, 'a public library, for listeners in every country', 'AwsSolutions-CFR1');
    if (webAclArn === undefined)
      acknowledge(
        this.distribution,
        'behind it are published files and an API that only reads and is throttled; a web ACL is a setting (webAclArn)',
        'AwsSolutions-CFR2',
      );
    if (certificateArn === undefined)
      acknowledge(
        this.distribution,
        "the default certificate decides the TLS version; with a domain of one's own (domainName) it is 1.2 and newer",
        'AwsSolutions-CFR4',
      );
  }

  /** The bucket by its attributes: its own stack wrote the policy, and a construct of that stack would be given another. */
  #bucketOrigin(id: string, bucket: s3.Bucket): cloudfront.IOrigin {
    const imported = s3.Bucket.fromBucketAttributes(this, id, {
      bucketArn: bucket.bucketArn,
      bucketRegionalDomainName: bucket.bucketRegionalDomainName,
    });
    return origins.S3BucketOrigin.withOriginAccessControl(imported);
  }

  /** A version's files never change, so they may be kept for a year. Audio does not compress; captions and transcripts do. */
  #mediaBehaviour(origin: cloudfront.IOrigin, headers: ResponseHeaders): cloudfront.BehaviorOptions {
    return {
      origin,
      viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: new cloudfront.CachePolicy(this, 'VersionedMedia', {
        comment: 'Files that never change',
        // Only a default: a refusal must not be kept as long as the file that comes later.
        minTtl: Duration.seconds(0),
        defaultTtl: Duration.days(365),
        maxTtl: Duration.days(365),
        enableAcceptEncodingGzip: true,
        enableAcceptEncodingBrotli: true,
      }),
      responseHeadersPolicy: headers.forMedia,
    };
  }

  /** Short, because Package stream may write a playlist again; no brotli, which native HLS players are not known to accept. */
  #playlistBehaviour(origin: cloudfront.IOrigin, headers: ResponseHeaders): cloudfront.BehaviorOptions {
    return {
      origin,
      viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: new cloudfront.CachePolicy(this, 'Playlists', {
        comment: 'Playlists, which may be written again',
        minTtl: Duration.seconds(0),
        defaultTtl: Duration.minutes(1),
        maxTtl: Duration.minutes(5),
        enableAcceptEncodingGzip: true,
        enableAcceptEncodingBrotli: false,
      }),
      responseHeadersPolicy: headers.forPlaylists,
    };
  }

  /** Every page is index.html. An error page would do that too, but for the whole distribution: the API's errors would turn into pages. */
  #createRewrite(): cloudfront.Function {
    return new cloudfront.Function(this, 'RewriteToIndex', {
      comment: 'Pages of the site are all index.html',
      runtime: cloudfront.FunctionRuntime.JS_2_0,
      code: cloudfront.FunctionCode.fromFile({ filePath: join(import.meta.dirname, '..', 'web', 'edge', 'rewrite-to-index.js') }),
    });
  }

  #siteCachePolicy(): cloudfront.CachePolicy {
    return new cloudfront.CachePolicy(this, 'Pages', {
      comment: 'As long as each file says of itself',
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.minutes(1),
      maxTtl: Duration.days(365),
      enableAcceptEncodingGzip: true,
      enableAcceptEncodingBrotli: true,
    });
  }

  #apiBehaviour({ httpApi, originSecret }: DeliveryProps, headers: ResponseHeaders): cloudfront.BehaviorOptions {
    const { region, urlSuffix } = Stack.of(this);
    return {
      origin: new origins.HttpOrigin(Fn.join('.', [httpApi.apiId, 'execute-api', region, urlSuffix]), {
        // Instead of origin access control, which HTTP APIs do not have. CloudFront replaces what a viewer sends under this name.
        customHeaders: { [ORIGIN_HEADER]: originSecret.value },
      }),
      viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
      cachePolicy: new cloudfront.CachePolicy(this, 'Answers', {
        comment: 'As long as each answer says of itself, and not at all by default',
        minTtl: Duration.seconds(0),
        defaultTtl: Duration.seconds(0),
        maxTtl: Duration.days(1),
        queryStringBehavior: cloudfront.CacheQueryStringBehavior.all(),
        enableAcceptEncodingGzip: true,
        enableAcceptEncodingBrotli: true,
      }),
      // Not the Host header: the HTTP API answers only to its own.
      originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      responseHeadersPolicy: headers.forAnswers,
    };
  }

  /** Percentage of answers with a status of 500 or more. CloudFront measures in us-east-1 only, wherever the stacks are. */
  metricServerErrorRate(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/CloudFront',
      metricName: '5xxErrorRate',
      dimensionsMap: { DistributionId: this.distribution.distributionId, Region: 'Global' },
      statistic: cloudwatch.Stats.AVERAGE,
      ...options,
    });
  }
}

const priceClassNames = { 100: 'PRICE_CLASS_100', 200: 'PRICE_CLASS_200', All: 'PRICE_CLASS_ALL' } as const;

/** `sermons/{sermonId}/{version}/{revision}/…`; the page of a sermon, `/sermons/{sermonId}`, is the site's. */
const mediaPattern = `${SERMONS_PREFIX}*/*/*/*`;
