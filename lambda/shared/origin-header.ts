/** Header in which CloudFront shows the API that a request came through it. Lower case, as API Gateway hands headers over. */
export const ORIGIN_HEADER = 'x-pulpit-origin';
