import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client'
import { expect, it } from 'vitest'
import { callFailure, connectFailure, unusableReason } from './mcp-failures.ts'

const row = { display_name: 'Tracker' }
const headers = { Authorization: 'Bearer seeded-secret' }

it.each([
  [
    new ProtocolError(-32_602, 'text is missing'),
    'The MCP server "Tracker" refused the call: text is missing',
  ],
  [
    new ProtocolError(-32_603, 'x'.repeat(5000)),
    `The MCP server "Tracker" refused the call: ${'x'.repeat(2000)}`,
  ],
  // What it was sent comes back with it.
  [
    new ProtocolError(-32_603, 'seeded-secret may not'),
    'The MCP server "Tracker" did not answer the call: ProtocolError.',
  ],
  [
    new SdkError(SdkErrorCode.RequestTimeout, 'Request timed out'),
    'The MCP server "Tracker" did not answer the call in time.',
  ],
  [
    new TypeError('fetch http://127.0.0.1:9/?token=x failed'),
    'The MCP server "Tracker" did not answer the call: TypeError.',
  ],
])('a failed call is told of in a sentence: %s', async (error, expected) => {
  expect((await callFailure(row, headers, error)).message).toBe(expected)
})

const refused = (status: number): SdkHttpError =>
  new SdkHttpError(SdkErrorCode.ClientHttpAuthentication, 'Unknown key seeded-secret', { status })

it.each([
  [refused(401), 'It refused what it was given with HTTP 401. Check your values for it, or your sign-in.'],
  [refused(403), 'It refused what it was given with HTTP 403. Check your values for it, or your sign-in.'],
  [refused(502), 'It answered HTTP 502.'],
  [new TypeError('fetch http://127.0.0.1:9/?token=x failed'), 'TypeError: it could not be connected.'],
])('why a server could not be connected is told in a sentence: %s', async (error, expected) => {
  expect(unusableReason(await connectFailure(error))).toBe(expected)
})
