import type { Status } from '../../ui/status-mark.tsx'
import type { ConnectionTest, TestReport } from './connection-tests.ts'

type Result = TestReport['result']
type FailureKind = Extract<Result, { ok: false }>['kind']

const failures: Record<FailureKind, string> = {
  dns: 'No such name',
  refused: 'Nothing listens there',
  tls_untrusted: 'Certificate not trusted',
  tls_expired: 'Certificate out of date',
  tls_name: 'Certificate of another host',
  tls: 'No secure connection',
  timeout: 'No answer',
  unauthorized: 'Refused the values',
  forbidden: 'Does not let you in',
  status: 'Refused the connection',
  redirected: 'Moved elsewhere',
  too_large: 'Answers too much',
  not_mcp: 'Not an MCP server',
  protocol_version: 'Another version of MCP',
  server_error: 'Answered with an error',
  network: 'Connection lost',
}

/** `1 tool`, `12 tools`, `1,000+ tools`. */
export function toolCount(result: Extract<Result, { ok: true }>): string {
  const { length } = result.tools
  return `${length.toLocaleString('en')}${result.hasMoreTools ? '+' : ''} ${length === 1 ? 'tool' : 'tools'}`
}

/** A test in the list of servers; nothing where there is none to tell of. */
export function testWords(
  test: ConnectionTest | undefined,
): { readonly status: Status; readonly label: string; readonly code?: string } | undefined {
  if (test?.kind === 'running') return { status: 'starting', label: 'Connecting' }
  if (test?.kind !== 'reported') return undefined
  const { result } = test.report
  if (result.ok) return { status: 'running', label: `Connected · ${toolCount(result)}` }
  const code = result.status === null ? {} : { code: String(result.status) }
  return { status: 'failed', label: failures[result.kind], ...code }
}

/** Why a test failed, in the head of its card. */
export function failureTitle(kind: FailureKind): string {
  return failures[kind]
}

/** The result as text, for a message to whoever keeps the server. */
export function reportText(name: string, { address, result, testedAt }: TestReport): string {
  const head = [`${name}: ${address}`, `Tested ${new Date(testedAt).toISOString()}`]
  if (!result.ok) {
    const { kind, status, message, detail } = result
    const more = [
      status === null ? '' : `Status ${status}`,
      detail === '' ? '' : `The server said: ${detail}`,
    ]
    return [...head, `Failed (${kind}): ${message}`, ...more.filter(Boolean)].join('\n')
  }
  const { server, protocolVersion, latencyMs, tools } = result
  return [
    ...head,
    `Answered in ${Math.round(latencyMs)} ms: ${server.title || server.name} ${server.version}, MCP ${protocolVersion}, ${toolCount(result)}`,
    ...tools.map(({ name: tool, description, access }) =>
      [`- ${tool}`, access === 'unsaid' ? '' : `(${access})`, description].filter(Boolean).join(' '),
    ),
  ].join('\n')
}
