/** One request to a hub as a program makes it, and what came back. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  /** The answer's `refusal.code`, where there is one. */
  readonly code: string | null;
  /** The whole answer where it is JSON, else null. */
  readonly body: {
    readonly ok?: boolean;
    readonly refusal?: { readonly code: string; readonly message: string };
  } | null;
}

/** @param body sent as JSON; a string is sent as it is */
export async function request(
  url: string,
  method: string,
  path: string,
  options: { readonly token?: string | null; readonly body?: unknown; readonly headers?: Record<string, string> } = {},
): Promise<Reply> {
  const { token = null, body, headers = {} } = options;
  const response = await fetch(`${url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed = response.headers.get('content-type')?.includes('json') ? (JSON.parse(text) as Reply['body']) : null;
  return { status: response.status, text, code: parsed?.refusal?.code ?? null, body: parsed };
}
