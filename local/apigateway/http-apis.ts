/** A request for an HTTP API; `headers.host` tells which one. Names are lower case, values of repeated headers joined with commas. */
export interface HttpApiRequest {
  readonly method: string;
  /** Percent-encoded, beginning with a slash. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly sourceIp: string;
}

export interface HttpApiResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** One `set-cookie` header each. */
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

/** The account's HTTP APIs, for the edge in front of them. */
export interface HttpApis {
  handle(request: HttpApiRequest): Promise<HttpApiResponse>;
}
