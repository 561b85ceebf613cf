import type { Chat } from '#bridge/contract/chats'
import type { ChatMessage, ChatQueuedMessage } from '#bridge/contract/chats-messages'
import type { ChatModelChoice } from '#ipc/chats'
import {
  sampleChat,
  sampleChatModel,
  sampleMessage,
  sampleModelId,
  sampleQueued,
} from '../testing/chat-samples.ts'
import { sampleId, sampleMcpServer } from '../testing/wire-samples.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString()

const pullRequest = (number: number, change = {}) => ({
  chat_id: sampleId(30),
  url: `https://forge.acme.dev/pull/${number}`,
  pull_request_state: 'open',
  pull_request_title: 'Split the ledger package by what each part does',
  base_branch: 'main',
  head_branch: 'agent/work',
  pull_request_draft: false,
  changes_requested: false,
  additions: 412,
  deletions: 388,
  changed_files: 9,
  pr_number: number,
  ...change,
})

/** One chat in each state that the list must tell apart. */
export function sampleChats(): Chat[] {
  let index = 0
  const chat = (title: string, age: number, change: Partial<Chat>): Chat =>
    sampleChat({
      id: sampleId(30, (index += 1)),
      title,
      updated_at: ago(age),
      workspace_id: sampleId(2, 1),
      ...change,
    })
  return [
    chat('Retry policy for refunds', 20_000, { status: 'requires_action', mcp_server_ids: [sampleId(9, 1)] }),
    chat('Bump the base image', 9 * minute, {
      plan_mode: 'plan',
      last_turn_summary: 'Plan ready to review',
      has_unread: true,
    }),
    chat('Flaky checkout test', minute, {
      status: 'running',
      children: [
        sampleChat({
          id: sampleId(30, 90),
          title: 'Find the slow query',
          status: 'running',
          parent_chat_id: sampleId(30, 3),
        }),
        sampleChat({ id: sampleId(30, 91), title: 'Read the test history', parent_chat_id: sampleId(30, 3) }),
      ],
    }),
    chat('Index the audit log', 2 * minute, { status: 'interrupting' }),
    chat('Split the ledger package', 2 * hour, {
      diff_status: pullRequest(4127),
      last_reasoning_effort: 'high',
      context: { dirty: true, dirty_since: ago(9 * minute) },
      summary: sampleSummary,
    }),
    chat('Cache docs builds', 5 * hour, {
      diff_status: pullRequest(4119, { pull_request_draft: true, additions: 64, deletions: 12 }),
    }),
    chat('Migrate the queue to v3', day, {
      status: 'error',
      last_error: { message: 'Too many requests.', kind: 'rate_limit', retryable: true },
    }),
    chat('Remove the legacy webhook', 2 * day, {
      diff_status: pullRequest(4102, { pull_request_state: 'merged', additions: 3, deletions: 210 }),
    }),
    chat('Try a queue in memory', 2 * day, {
      diff_status: pullRequest(4098, { pull_request_state: 'closed', additions: 90, deletions: 4 }),
    }),
    chat('Explain the settlement job', 3 * day, { last_turn_summary: 'No changes' }),
    chat(
      'Rewrite every integration of the payment provider so that the retries of the settlement job are idempotent across regions',
      40 * day,
      {
        last_turn_summary:
          'A long summary of a turn that went through forty files and three services before it ended',
      },
    ),
    chat('Tidy up the feature flags', minute, { status: 'running', queued_for_capacity: true }),
  ]
}

const sampleSummary = `## Split the ledger package

The user wants the **ledger package split by what each part does**, without a change of its API.

- \`ledger/entries\`, \`ledger/balances\` and \`ledger/close\` are packages of their own.
- The tests of the settlement job run as before; two were slow and [run at night now](https://ci.acme.dev/4127).

\`\`\`go
import "acme.dev/pay/internal/ledger/entries"
\`\`\`

| part | lines | tests |
| --- | ---: | ---: |
| entries | 412 | 31 |
| balances | 280 | 18 |

Left: the runbook, and a review of pull request 4127.
`

/** What an agent changed in a repository, as git tells it. */
export const sampleDiff = `diff --git a/internal/refund/retry.go b/internal/refund/retry.go
index 1f2e..9c4d 100644
--- a/internal/refund/retry.go
+++ b/internal/refund/retry.go
@@ -38,7 +38,9 @@ func (c *Client) Refund(ctx context.Context, r Request) error {
 	var lastErr error
-	for attempt := 0; ; attempt++ {
+	for attempt := 0; attempt < maxAttempts; attempt++ {
+		lastErr = c.send(ctx, r)
 		if lastErr == nil {
 			return nil
 		}
diff --git a/internal/refund/limit.go b/internal/refund/limit.go
new file mode 100644
--- /dev/null
+++ b/internal/refund/limit.go
@@ -0,0 +1,3 @@
+package refund
+
+const maxAttempts = 5
diff --git a/docs/runbooks/refunds.md b/docs/runbooks/refunds.md
deleted file mode 100644
--- a/docs/runbooks/refunds.md
+++ /dev/null
@@ -1,2 +0,0 @@
-# Refunds
-Retry by hand.
diff --git a/internal/refund/testdata/answers/too-many-requests.json b/internal/refund/testdata/answers/too-many-requests.json
new file mode 100644
--- /dev/null
+++ b/internal/refund/testdata/answers/too-many-requests.json
@@ -0,0 +1,1 @@
+{"status": 429}
diff --git a/go.mod b/go.mod
--- a/go.mod
+++ b/go.mod
@@ -3,1 +3,1 @@
-go 1.23
+go 1.24
`

/** As many as somebody has after a year. */
export function manyChats(count: number): Chat[] {
  const few = sampleChats()
  return [
    ...few.map((chat, index) => ({ ...chat, pin_order: index < 2 ? index + 1 : 0 })),
    ...Array.from({ length: count }, (_, index) =>
      sampleChat({
        id: sampleId(32, index),
        title: `Task ${index} with a title that is a little long`,
        updated_at: ago((index + 1) * 7 * hour),
        last_turn_summary: index % 3 === 0 ? 'Tests pass, two files changed' : 'Answered',
      }),
    ),
  ]
}

export function sampleModels(): ChatModelChoice[] {
  return [
    sampleChatModel({
      displayName: 'Large',
      efforts: ['none', 'low', 'medium', 'high', 'xhigh'],
      defaultEffort: 'medium',
    }),
    sampleChatModel({ configId: sampleId(31, 2), displayName: 'Small', isDefault: false }),
    sampleChatModel({
      configId: sampleId(31, 3),
      displayName: 'GPT Large',
      provider: 'OpenAI',
      isDefault: false,
      contextLimit: 400_000,
    }),
    sampleChatModel({
      configId: sampleId(31, 4),
      displayName: 'Local coder 32B',
      provider: 'Ollama on this machine',
      isDefault: false,
      contextLimit: 32_000,
      unavailable: 'Ollama does not answer on this machine.',
    }),
  ]
}

export function sampleTranscript(): { messages: ChatMessage[]; queue: ChatQueuedMessage[] } {
  const usage = { input_tokens: 9000, cache_read_tokens: 70_000, output_tokens: 5000, context_limit: 200_000 }
  const said = (id: number, text: string): ChatMessage =>
    sampleMessage(id, text, { role: 'assistant', model_config_id: sampleModelId, usage })
  return {
    messages: [
      sampleMessage(1, 'Stop refund retries after five attempts. Plan it first.'),
      said(
        2,
        'The client retries without a bound. I would cap attempts at five, keep the last error, and choose a back-off.',
      ),
      sampleMessage(3, 'Sounds right. Go on.'),
      said(
        4,
        'internal/refund/retry.go is changed and the tests pass. Which back-off should I use: exponential with jitter, from 1 s to 60 s as the runbook says, or 30 s as today?',
      ),
    ],
    queue: [sampleQueued(9, 'then open a draft PR against main')],
  }
}

export const sampleServers = ['Docs search', 'Issue tracker', 'Weather'].map((name, index) => {
  const config = sampleMcpServer({
    id: sampleId(9, index + 1),
    display_name: name,
    slug: name.toLowerCase().replace(' ', '-'),
    auth_type: index === 1 ? 'oauth2' : 'none',
    availability: index === 0 ? 'force_on' : index === 1 ? 'default_off' : 'default_on',
  })
  return { config, headers: [], leftOver: [] }
})
