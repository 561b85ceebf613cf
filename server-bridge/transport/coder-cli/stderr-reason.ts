/** What the command line wrote before it ended, as a reason. Its words: stable-api, section 17, and Coder's cli/ssh.go. */
import { stripVTControlCharacters } from 'node:util'
import { TransportError, type TransportErrorCode } from '../transport-error.ts'

const reasons: readonly (readonly [RegExp, TransportErrorCode, string])[] = [
  [/workspace must be (started|running)|is in failed state/i, 'stopped', 'The workspace is stopped.'],
  [/workspace .{0,80} (is deleted|is being deleted)/i, 'not_found', 'The workspace is deleted.'],
  [
    /not logged in|signed out|status code 401|session (has )?expired|coder login/i,
    'signed_out',
    'The deployment refused the session. Sign in again.',
  ],
  [
    /status code 404|not found or you do not have|no agents|agent not found/i,
    'not_found',
    'The workspace or its agent is gone, or you may not enter it.',
  ],
  [/status code 403/i, 'refused', 'You may not enter this workspace.'],
  [
    /waiting for .{0,40}agent|agent .{0,40}(connecting|disconnected|timed? ?out|not connected)/i,
    'agent_starting',
    'The agent of the workspace is not connected.',
  ],
  [
    /no such host|connection refused|i\/o timeout|network is unreachable|no route to host|dial tcp|deadline exceeded|EOF|x509|certificate/i,
    'network',
    'The deployment could not be reached.',
  ],
]

/** Characters of its last words that are shown. */
const maxShown = 300

/** @param code exit status, `null` for a signal. */
export function explainCliEnd(stderr: string, code: number | null): TransportError {
  const text = stripVTControlCharacters(stderr).replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
  const found = reasons.find(([pattern]) => pattern.test(text))
  const last = text.replaceAll(/\s+/g, ' ').trim().slice(-maxShown)
  const said = last === '' ? '' : ` The command line said: ${last}`
  if (found !== undefined)
    return new TransportError(found[1], `${found[2]}${found[1] === 'network' ? said : ''}`)
  const ended = code === null ? 'was ended' : `ended with status ${String(code)}`
  return new TransportError('network', `Coder's command line ${ended}.${said}`)
}
