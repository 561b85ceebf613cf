/** An invented chat with a row of every kind in every state. */
import type { ChatMessage, ChatMessagePart } from '#bridge/contract/chats-messages'
import type { ChatStreamEvent } from '#bridge/contract/chats-stream'
import type { ChatUpdate } from '#ipc/chats'
import { samplePixel } from '../testing/chat-tool-samples.ts'
import { toolScenes } from './tool-scenes.ts'

const chat_id = '6b1b36cb-1d62-4b4e-8fb3-3a4dfc5a1d10'
const start = Date.parse('2026-11-27T09:00:00Z')
const at = (seconds: number): string => new Date(start + seconds * 1000).toISOString()
const escape = '\u001b'

let lastId = 0
const message = (role: string, ...content: ChatMessagePart[]): ChatMessage => ({
  id: ++lastId,
  chat_id,
  created_at: at(lastId),
  role,
  content,
})
const text = (said: string): ChatMessagePart => ({ type: 'text', text: said })

interface Outcome {
  readonly result?: unknown
  readonly isError?: boolean
  readonly isMedia?: boolean
  readonly seconds?: number
}

let lastCall = 0
/** A call, and its result where there is one. */
function tool(
  name: string,
  args: unknown,
  { result, isError, isMedia, seconds = 0.4 }: Outcome = {},
): ChatMessage[] {
  const tool_call_id = `call-${++lastCall}`
  const call: ChatMessagePart = { type: 'tool-call', tool_call_id, tool_name: name, args, created_at: at(0) }
  if (result === undefined) return [message('assistant', call)]
  const answer: ChatMessagePart = {
    type: 'tool-result',
    tool_call_id,
    tool_name: name,
    result,
    created_at: at(seconds),
    ...(isError === undefined ? {} : { is_error: isError }),
    ...(isMedia === undefined ? {} : { is_media: isMedia }),
  }
  return [message('assistant', call), message('tool', answer)]
}

const read = (path: string, lines: number): ChatMessage[] =>
  tool(
    'read_file',
    { path },
    { result: { content: `1\tpackage refund\n2\t\n3\t// ${path}`, lines_read: lines, total_lines: lines } },
  )

const retryDiff = `--- a/internal/refund/retry.go
+++ b/internal/refund/retry.go
@@ -41,1 +41,2 @@
-for attempt := 0; ; attempt++ {
+for attempt := 0; attempt < maxAttempts; attempt++ {
+  lastErr = c.send(ctx, r)
`

/** What the mock of the screen shows, as its own words. */
const mockChat = (): ChatMessage[] => [
  message('user', text('Stop refund retries after five attempts. Plan it first.')),
  message('assistant', {
    type: 'reasoning',
    text: 'The loop in **retry.go** never ends. I should cap it.\n\n- keep the last error\n- jitter',
    created_at: at(0),
    completed_at: at(14),
  }),
  ...tool(
    'propose_plan',
    { path: '/home/coder/.coder/plans/PLAN-1.md' },
    {
      result: {
        ok: true,
        path: '/home/coder/.coder/plans/PLAN-1.md',
        kind: 'plan',
        file_id: 'plan',
        media_type: 'text/markdown',
      },
    },
  ),
  message('user', text('Implement the plan.')),
  ...read('internal/refund/retry.go', 61),
  ...read('internal/refund/client.go', 120),
  ...read('internal/refund/config.go', 40),
  ...tool(
    'docs__search_runbooks',
    { model_intent: 'Docs search', properties: { query: 'refund back-off' } },
    { result: { output: '[{"title":"Refunds","steps":["wait","retry"]}]' } },
  ),
  ...tool(
    'edit_files',
    { files: [] },
    { result: { ok: true, files: [{ path: 'internal/refund/retry.go', diff: retryDiff }] } },
  ),
  ...tool(
    'execute',
    { command: 'go test ./internal/refund/...', model_intent: 'Run the refund tests' },
    {
      result: {
        success: true,
        output: `${escape}[32mok${escape}[0m  acme.dev/payments/internal/refund  ${escape}[90m0.198s${escape}[0m`,
        exit_code: 0,
        wall_duration_ms: 2100,
      },
    },
  ),
]

const question = (): ChatMessage[] =>
  tool(
    'ask_user_question',
    {
      questions: [
        {
          header: 'Which back-off should I use?',
          question: '',
          options: [
            { label: 'Exponential with jitter', description: '1 s to 60 s, as the runbook says' },
            { label: 'Fixed, 30 s', description: 'as today' },
          ],
        },
      ],
    },
    { result: {} },
  )

const answer = `The retries stop after **five attempts** now, and the last error is kept. What changed:

1. \`retry.go\` counts attempts and waits between them.
2. \`config.go\` has the limit, see [the runbook](https://runbooks.acme.example/refunds).

\`\`\`go
// Refund sends r and retries.
func (c *Client) Refund(ctx context.Context, r Request) error {
	for attempt := 0; attempt < maxAttempts; attempt++ {
		if lastErr = c.send(ctx, r); lastErr == nil {
			return nil
		}
	}
	return lastErr
}
\`\`\`

| Case | Before | Now |
| --- | --- | --- |
| Busy | for ever | 5 attempts |
| Refused | for ever | 1 attempt |

> The test needs 0.2 s.`

const failures = (): ChatMessage[] => [
  message(
    'user',
    text('Run it all, and look around.\n\nHere is what I mean:'),
    {
      type: 'file-reference',
      file_name: 'internal/refund/retry.go',
      start_line: 38,
      end_line: 52,
      content: 'for',
    },
    { type: 'file', media_type: 'image/png', name: 'dashboard.png', file_id: 'picture' },
    { type: 'file', media_type: 'text/markdown', name: 'runbook-refunds.md', file_id: 'other' },
  ),
  message(
    'assistant',
    { type: 'context-file', context_file_path: '/home/coder/payments/AGENTS.md' },
    { type: 'skill', skill_name: 'release' },
  ),
  ...tool(
    'execute',
    { command: 'make lint && make test', workdir: '/home/coder/payments' },
    {
      result: {
        success: false,
        output: `${Array.from({ length: 14 }, (_, line) => `internal/refund/retry.go:${line + 40}: ${escape}[33mwarning${escape}[0m shadowed name`).join('\n')}\n${escape}[31mFAIL${escape}[0m`,
        exit_code: 2,
        wall_duration_ms: 31_800,
        truncated: { omitted_bytes: 48_000 },
      },
      seconds: 32,
    },
  ),
  ...tool(
    'execute',
    { command: 'git push -u origin agent/refund-retry' },
    {
      result: {
        success: false,
        output: "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
        exit_code: 128,
        auth_required: true,
        provider_display_name: 'GitHub',
        authenticate_url: 'https://coder.acme.dev/external-auth/github',
      },
    },
  ),
  ...tool(
    'wait_for_external_auth',
    { provider_id: 'github' },
    { result: { provider_id: 'github', authenticated: false, timed_out: true, status: 'timed_out' } },
  ),
  ...tool(
    'execute',
    { command: 'npm run dev', run_in_background: true },
    { result: { success: true, output: 'ready on :3000', background_process_id: 'p-17' } },
  ),
  ...tool(
    'process_output',
    { process_id: 'p-17' },
    { result: { success: true, output: 'GET / 200', exit_code: 0 } },
  ),
  ...tool(
    'process_signal',
    { process_id: 'p-17', signal: 'kill' },
    { result: { success: true, message: 'Signal sent' } },
  ),
  ...tool(
    'process_list',
    {},
    {
      result: {
        processes: [
          { command: 'npm run dev', running: true },
          { command: 'make', exit_code: 2 },
        ],
      },
    },
  ),
  ...tool('read_file', { path: '/etc/shadow' }, { result: { error: 'permission denied' }, isError: true }),
  ...tool(
    'write_file',
    {
      path: 'internal/refund/retry_test.go',
      content:
        'package refund\n\nfunc TestRetryStopsAfterLimit(\n  t *testing.T,\n) {\n  srv := failing(t, "busy")\n}\n',
    },
    { result: { ok: true } },
  ),
  ...tool(
    'attach_file',
    { path: 'out/report.csv', name: 'report.csv' },
    { result: { ok: true, name: 'report.csv' } },
  ),
  ...tool(
    'list_templates',
    { query: 'go' },
    {
      result: {
        templates: [
          { id: 'a', name: 'go-service', display_name: 'Go service', description: 'Go 1.26 with a database' },
          { id: 'b', name: 'monorepo' },
        ],
        recommended_template_id: 'a',
      },
    },
  ),
  ...tool(
    'read_template',
    { template_id: 'a' },
    { result: { template: { display_name: 'Go service', readme: '# Go service' }, parameters: [{}, {}] } },
  ),
  ...tool(
    'create_workspace',
    { template_id: 'a', name: 'refunds', parameters: { region: 'eu' } },
    { result: { created: true, workspace_name: 'refunds', lifecycle_state: 'ready' }, seconds: 74 },
  ),
  ...tool(
    'start_workspace',
    {},
    {
      result: {
        error: 'The quota of team payments is used up.',
        quota: { credits_consumed: 100, budget: 100 },
      },
      isError: true,
    },
  ),
  ...tool(
    'spawn_agent',
    { type: 'explore', title: 'Find all callers of Refund', prompt: 'Find all callers.' },
    { result: { chat_id: 'child', title: 'Find all callers of Refund', status: 'running', type: 'explore' } },
  ),
  ...tool(
    'wait_agent',
    { chat_id: 'child' },
    {
      result: {
        chat_id: 'child',
        title: 'Find all callers of Refund',
        status: 'waiting',
        report: 'There are **four** callers.',
      },
      seconds: 41,
    },
  ),
  ...tool(
    'list_agents',
    {},
    { result: { agents: [{ chat_id: 'child', title: 'Find all callers of Refund', status: 'waiting' }] } },
  ),
  ...tool('read_skill', { name: 'release' }, { result: { name: 'release', body: '# Release\n\nTag it.' } }),
  ...tool(
    'advisor',
    { question: 'Is a cap of five enough?' },
    {
      result: {
        type: 'advice',
        advice: 'Yes, with **jitter**.',
        advisor_model: 'large-2',
        remaining_uses: 2,
      },
    },
  ),
  ...tool(
    'computer',
    { action: 'take_screenshot' },
    { result: { data: samplePixel, mime_type: 'image/png', attachment_name: 'desktop.png' }, isMedia: true },
  ),
  ...tool(
    'chat_summarized',
    {},
    { result: { summary: 'The user wants a cap on retries.', usage_percent: 81 } },
  ),
  ...tool('web_search', { query: 'exponential back-off jitter' }, { result: {} }),
  message(
    'assistant',
    { type: 'source', url: 'https://aws.example/backoff', title: 'Back-off and jitter' },
    { type: 'source', url: 'https://acme.example/runbook' },
  ),
  ...tool(
    'find_tools',
    { queries: ['calendar'] },
    { result: { matches: [{ name: 'cal__list', description: 'Lists events' }] } },
  ),
  ...tool(
    'tickets__create',
    { title: 'Cap the retries', points: 3 },
    { result: { error: 'HTTP 403: the token has no scope "write"' }, isError: true },
  ),
  message('assistant', { type: 'hologram' }),
  message('system', text('Answers of this deployment are kept for 30 days.')),
  message(
    'assistant',
    text('Careful: \u202egnirts desrever\u202c and a picture ![chart](https://tracker.example/p.png).'),
  ),
]

const event = (type: string, more: Partial<ChatStreamEvent> = {}): ChatStreamEvent => ({
  type,
  chat_id,
  ...more,
})
const part = (said: ChatMessagePart): ChatStreamEvent =>
  event('message_part', { message_part: { part: said } })
const opened = (messages: ChatMessage[]): ChatUpdate => ({
  kind: 'opened',
  messages,
  hasMore: false,
  queue: [],
})
const status = (word: string): ChatStreamEvent => event('status', { status: { status: word } })

function approvals(): ChatUpdate[] {
  const asked = [
    {
      tool_call_id: 'ask-1',
      tool_name: 'execute',
      args: JSON.stringify({
        command: 'git push --force origin main\u202e',
        workdir: '/home/coder/payments',
      }),
    },
    {
      tool_call_id: 'ask-2',
      tool_name: 'edit_files',
      args: JSON.stringify({
        files: [{ path: 'config.go', edits: [{ old_text: 'limit = 3', new_text: 'limit = 5' }] }],
      }),
    },
    { tool_call_id: 'ask-3', tool_name: 'tickets__close', args: JSON.stringify({ id: 17, comment: 'done' }) },
  ]
  return [
    {
      kind: 'events',
      events: [
        status('requires_action'),
        event('action_required', { action_required: { tool_calls: [], approvals: asked } }),
      ],
    },
  ]
}

/** Updates by the name of what they show. */
export const transcriptScenes: Readonly<Record<string, () => ChatUpdate[]>> = {
  mock: () => [opened([...mockChat(), ...question()])],
  all: () => [opened([...mockChat(), message('assistant', text(answer)), ...failures(), ...question()])],
  approvals: () => [opened([...mockChat()]), ...approvals()],
  running: () => [
    opened([...mockChat(), ...tool('execute', { command: 'make e2e', model_intent: 'Run the journeys' })]),
    {
      kind: 'events',
      events: [
        status('running'),
        part({ type: 'reasoning', text: 'Looking at the **test**', created_at: new Date().toISOString() }),
        part(text('I am writing the test now:\n\n```go\nfunc TestRetry(')),
        part({
          type: 'tool-call',
          tool_call_id: 'w',
          tool_name: 'write_file',
          args_delta: '{"path":"internal/refund/retry_test.go","content":"package',
        }),
      ],
    },
    { kind: 'connection', state: 'waiting', reason: 'The network changed.', retryAt: Date.now() + 8000 },
  ],
  error: () => [
    opened(mockChat()),
    {
      kind: 'events',
      events: [
        status('error'),
        event('error', {
          error: {
            kind: 'rate_limit',
            message: 'Too many requests',
            detail: 'retry after 60 s',
            provider: 'anthropic',
            status_code: 429,
            retryable: true,
          },
        }),
      ],
    },
  ],
  retry: () => [
    opened(mockChat()),
    {
      kind: 'events',
      events: [
        status('running'),
        event('retry', {
          retry: {
            attempt: 2,
            delay_ms: 8000,
            error: 'busy',
            kind: 'overloaded',
            provider: 'anthropic',
            status_code: 529,
            retrying_at: new Date(Date.now() + 8000).toISOString(),
          },
        }),
      ],
    },
  ],
  ...toolScenes,
  empty: () => [opened([])],
  loading: () => [],
}

/** A long chat of ordinary steps. */
export function longChat(count: number): ChatMessage[] {
  const messages: ChatMessage[] = []
  while (messages.length < count) {
    messages.push(message('user', text(`Step ${messages.length}: look at the next file.`)))
    messages.push(...read(`internal/file-${messages.length}.go`, 30), message('assistant', text(answer)))
    messages.push(
      ...tool(
        'execute',
        { command: 'make test' },
        { result: { success: true, output: 'ok\nok\nok', exit_code: 0 } },
      ),
    )
  }
  return messages.slice(0, count)
}

export const samplePlan =
  '- [x] Cap attempts at five and keep the last error\n- [x] Add the limit to the configuration\n- [ ] Choose a back-off and apply it\n'
export const samplePicture = samplePixel
