import { expect, it } from 'vitest'
import { explainCliEnd } from './stderr-reason.ts'

it.each([
  ['error: workspace must be started', 'stopped'],
  [
    '\u001b[31merror:\u001b[0m workspace "a" is in failed state, unable to autostart the workspace',
    'stopped',
  ],
  ['workspace "a" is deleted', 'not_found'],
  ["You are not logged in. Try logging in using 'coder login <url>'.", 'signed_out'],
  ['GET https://coder.example.com/api/v2/users/me: unexpected status code 401', 'signed_out'],
  ['unexpected status code 404: Resource not found or you do not have access to this resource', 'not_found'],
  ['⧖ Waiting for the workspace agent to connect', 'agent_starting'],
  ['dial tcp: lookup coder.example.com: no such host', 'network'],
  ['', 'network'],
  ['panic: something', 'network'],
])('reads %j', (text, code) => {
  expect(explainCliEnd(text, 1).code).toBe(code)
})

it('shows its last words without what a terminal would act on', () => {
  const { message } = explainCliEnd('x'.repeat(1000) + '\u001b]0;title\u0007 \u202ea\u0000b', 3)
  expect(message).toMatch(/^Coder's command line ended with status 3\. The command line said: x+ a b$/)
  expect(message.length).toBeLessThan(400)
})
