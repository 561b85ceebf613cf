import type { ServerResponse } from 'node:http'

export interface Refusal {
  readonly status: number
  /** A sentence. */
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Answers as servers of MCP refuse: an error of JSON-RPC that belongs to no request. */
export function refuse(response: ServerResponse, { status, message, headers }: Refusal): void {
  const body = JSON.stringify({ jsonrpc: '2.0', error: { code: -32000, message }, id: null })
  // What is left of a body nobody reads ends the connection.
  response.writeHead(status, { ...headers, 'content-type': 'application/json', connection: 'close' })
  response.end(body)
}
