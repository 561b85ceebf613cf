import { failure, type FakeBridge } from '../testing/fake-bridge.ts'
import { sampleChat, sampleMessage } from '../testing/chat-samples.ts'
import { sampleDebugLogging, sampleDebugRun } from '../testing/debug-samples.ts'
import { pullRequestState } from '../features/chats/pull-request.ts'
import { sampleId } from '../testing/wire-samples.ts'
import {
  manyChats,
  sampleChats,
  sampleDiff,
  sampleModels,
  sampleServers,
  sampleTranscript,
} from './chat-samples.ts'

/**
 * Chats by scenario: `no-agents`, `forbidden`, `gateway-off`, `chats-loading`, `chats-error`, `first-chat`, `no-model`,
 * `many-chats`, `reconnecting`, `usage-limit`, `unasked`, `no-branch`, `branch-error`; all others: some chats, one of them with a queue.
 */
export function answerChats(fake: FakeBridge, scenario: string): void {
  const chats =
    scenario === 'first-chat' || scenario === 'no-model'
      ? []
      : scenario === 'many-chats'
        ? manyChats(500)
        : sampleChats()
  const support = { 'no-agents': 'none', forbidden: 'forbidden', 'gateway-off': 'gateway_off' } as const
  fake.answer('chats.support', () => ({
    chats: Object.entries(support).find(([name]) => name === scenario)?.[1] ?? 'ready',
    approvals: scenario !== 'unasked',
    desktop: false,
  }))
  fake.feed('chats.watchList', ({ q, text = '', limit }) => {
    if (scenario === 'chats-loading') return undefined
    if (scenario === 'chats-error') throw failure('unreachable', 'coder.acme.dev does not answer.')
    if (q.includes('shared_with_me')) return { chats: [], hasMore: false }
    const title = text.toLowerCase()
    const states = /pr_status:(\S+)/.exec(q)?.[1]?.split(',') ?? []
    const found = chats.filter(
      (chat) =>
        (states.length === 0 || states.includes(pullRequestState(chat) ?? '')) &&
        chat.title.toLowerCase().includes(title) &&
        (!q.includes('has_unread') || chat.has_unread),
    )
    return { chats: q.includes('archived:true') ? [] : found.slice(0, limit), hasMore: found.length > limit }
  })
  fake.feed('chats.watchChat', ({ chatId }) => {
    if (scenario === 'chats-loading') return undefined
    const all = [...chats, ...chats.flatMap(({ children }) => children as typeof chats)]
    const chat = all.find(({ id }) => id === chatId)
    if (!chat) throw failure('not_found', 'There is no such chat.')
    return chat
  })
  fake.feed('chats.watchTranscript', () => {
    const { messages, queue } = sampleTranscript()
    return { kind: 'opened', hasMore: false, messages, queue }
  })
  answerGit(fake, scenario)
  fake.answer('chats.models', () => ({
    models: scenario === 'no-model' ? [] : sampleModels(),
    unsupportedProviders: ['Azure'],
  }))
  fake.answer('chats.organizations', () => [])
  fake.answer('chats.cost', ({ chatId }) => ({
    chat_id: chatId,
    total_cost_micros: 420_000,
    request_count: 12,
    unpriced_request_count: 0,
  }))
  fake.answer('chatDebug.logging', () => sampleDebugLogging())
  fake.answer('chatDebug.runs', ({ chatId }) => [
    sampleDebugRun({ id: sampleId(91), chat_id: chatId, kind: 'title_generation' }),
    sampleDebugRun({ chat_id: chatId }),
  ])
  fake.answer('chatDebug.run', ({ chatId, runId }) => sampleDebugRun({ id: runId, chat_id: chatId }))
  fake.answer('chatDebug.exportRun', () => ({ saved: true }))
  fake.answer('ownAgents.instructions', () => ({ text: '' }))
  fake.answer('ownAgents.preferences', () => ({ agent_chat_send_shortcut: 'enter' }))
  fake.answer('ownAgents.models', () => null)
  fake.answer('ownAgents.thresholds', () => null)
  fake.answer('ownAgents.skills', () => [])
  fake.answer('chatSharing.readers', () => ({
    users: [{ id: sampleId(71), username: 'grace', name: 'Grace Hopper', role: 'read' }],
    groups: [],
  }))
  fake.answer('chatSharing.people', ({ text }) =>
    [{ id: sampleId(72), username: 'linus', name: 'Linus' }].filter(({ username }) =>
      username.includes(text),
    ),
  )
  fake.answer('chatSharing.groups', () => [{ id: sampleId(73), name: 'Payments', members: 12 }])
  fake.answer('chatSharing.change', () => null)
  fake.answer('chats.usage', () => ({
    is_limited: true,
    period: 'week',
    spend_limit_micros: 10_000_000,
    current_spend: 3_100_000,
  }))
  fake.answer('mcpServers.list', () => ({
    capability: 'user_headers',
    vault: 'ready',
    servers: sampleServers,
  }))
  fake.answer('chats.prompts', () => [
    { id: 1, text: 'Stop refund retries after five attempts. Plan it first.' },
  ])
  fake.answer('chats.uploadFile', ({ isLast }) => (isLast ? { fileId: sampleId(40) } : {}))
  fake.answer('chats.send', () => {
    if (scenario !== 'usage-limit') return { queued: true, warnings: [] }
    throw failure<'chats.send'>('usage_limit', 'The limit is reached.', {
      limit_micros: 10_000_000,
      spent_micros: 10_200_000,
      resets_at: new Date(Date.now() + 3 * 24 * 3_600_000).toISOString(),
    })
  })
  fake.answer('chats.create', () => sampleChat({ id: sampleId(30, 1) }))
  fake.answer('chats.update', () => null)
  fake.answer('chats.compact', () => null)
  fake.answer('chats.refreshContext', () => null)
  fake.answer('chats.saveFile', () => ({ saved: true }))
  fake.answer('chats.edit', () => ({ messageId: 1000, warnings: [] }))
  fake.answer('chats.interrupt', () => null)
  fake.answer('chats.deleteQueued', () => null)
  fake.answer('chats.promoteQueued', () => null)
  fake.answer('chats.older', () => ({ messages: [sampleMessage(0, 'Before')], hasMore: false }))
  fake.answer('chats.proposeTitle', () => ({ title: 'Cap the retries of refunds' }))
}

/** `no-branch`: nobody can tell what the branch changed; `branch-error`: it cannot be read. */
function answerGit(fake: FakeBridge, scenario: string): void {
  const place = { remote_origin: 'https://forge.acme.dev/acme/payments.git', branch: 'agent/work' }
  fake.feed('chats.watchGit', () => ({
    repositories: [{ ...place, repo_root: '/home/coder/payments', unified_diff: sampleDiff }],
  }))
  fake.answer('chats.gitAction', () => null)
  fake.answer('chats.diff', ({ chatId }) => {
    if (scenario === 'branch-error') throw failure('unreachable', 'coder.acme.dev does not answer.')
    return { chat_id: chatId, ...place, ...(scenario === 'no-branch' ? {} : { diff: sampleDiff }) }
  })
}
