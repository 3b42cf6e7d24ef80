import { Duration } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';

/** What browsers are told with every answer: to trust nothing but this origin, and how long to keep what they got. */
export class ResponseHeaders extends Construct {
  readonly forPages: cloudfront.ResponseHeadersPolicy;
  readonly forMedia: cloudfront.ResponseHeadersPolicy;
  readonly forPlaylists: cloudfront.ResponseHeadersPolicy;
  readonly forAnswers: cloudfront.ResponseHeadersPolicy;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.forPages = this.#create('Pages', { contentSecurityPolicy: { contentSecurityPolicy: pagePolicy, override: true } });
    this.forMedia = this.#create('Media', {});
    this.forPlaylists = this.#create('Playlists', {}, 'public, max-age=60');
    this.forAnswers = this.#create('Answers', {
      contentSecurityPolicy: { contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'", override: true },
    });
  }

  #create(id: string, more: Partial<cloudfront.ResponseSecurityHeadersBehavior>, cacheControl?: string): cloudfront.ResponseHeadersPolicy {
    return new cloudfront.ResponseHeadersPolicy(this, id, {
      securityHeadersBehavior: {
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: cloudfront.HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: cloudfront.HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN, override: true },
        strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: true, override: true },
        ...more,
      },
      ...(cacheControl === undefined
        ? {}
        : { customHeadersBehavior: { customHeaders: [{ header: 'Cache-Control', value: cacheControl, override: true }] } }),
    });
  }
}

/** No inline script or style. hls.js works in a worker made from a blob and plays through a blob. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "worker-src 'self' blob:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');
