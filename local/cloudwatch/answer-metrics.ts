import type { HttpApis } from '../apigateway/http-apis.ts';
import type { Observability } from '../observability/observability.ts';

/** HTTP APIs that count their answers for CloudWatch. */
export function countedHttpApis(httpApis: HttpApis, observability: Observability): HttpApis {
  return {
    async handle(request) {
      const response = await httpApis.handle(request);
      const dimensions = { ApiId: request.headers['host']?.split('.')[0] ?? '' };
      const count = (name: string, value: number): void =>
        observability.putMetric({ namespace: 'AWS/ApiGateway', name, dimensions, unit: 'Count', timestamp: Date.now(), value });
      count('Count', 1);
      count('4xx', response.status >= 400 && response.status < 500 ? 1 : 0);
      count('5xx', response.status >= 500 ? 1 : 0);
      return response;
    },
  };
}

/** Counts a distribution's answers for CloudWatch: the average of 0 and 100 is the rate in percent. */
export function countViewerAnswer(observability: Observability, distributionId: string, status: number): void {
  observability.putMetric({
    namespace: 'AWS/CloudFront',
    name: '5xxErrorRate',
    dimensions: { DistributionId: distributionId, Region: 'Global' },
    unit: 'Percent',
    timestamp: Date.now(),
    value: status >= 500 ? 100 : 0,
  });
}
