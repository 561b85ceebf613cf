import type { Chat } from '#bridge/contract/chats'
import type { ChatModelChoice } from '#ipc/chats'
import { plainText } from '../../lib/plain-text.ts'
import type { Status } from '../../ui/status-mark.tsx'
import { chatErrorWords } from './chat-error-words.ts'
import { pullRequestWords } from './pull-request.ts'

/** A chat as a row shows it: a root, with how its sub-agents stand, or a sub-agent. */
export type ChatRow = Omit<Chat, 'children'> & { readonly children?: readonly Pick<Chat, 'status'>[] }

/** What a chat wants from the person, or when it ended. */
export type ChatGroup = 'waiting' | 'working' | 'review' | 'stopped' | 'done'

/** Whether a turn goes on. States of newer servers are taken for work (agents-api 16). */
export function isAtWork({ status }: Pick<ChatRow, 'status'>): boolean {
  return !['waiting', 'error', 'requires_action', 'paused', 'completed'].includes(status)
}

/** Whether its turn has not begun, since the deployment lets only so many agents work at a time. */
export function waitsForCapacity(chat: Pick<ChatRow, 'status' | 'queued_for_capacity'>): boolean {
  return chat.queued_for_capacity === true && chat.status !== 'interrupting' && isAtWork(chat)
}

/** Whether a call waits to be allowed, also where a sub-agent makes it: nobody else is asked. */
export function asksFirst({ status, children = [] }: Pick<ChatRow, 'status' | 'children'>): boolean {
  return status === 'requires_action' || children.some((child) => child.status === 'requires_action')
}

/**
 * Where a chat belongs. In plan mode an agent ends its turn with a question or a plan, so an idle one waits for the
 * answer; every other one waits until its news are read.
 */
export function chatGroup(chat: ChatRow): ChatGroup {
  if (chat.status === 'error') return 'stopped'
  if (asksFirst(chat)) return 'waiting'
  if (isAtWork(chat)) return 'working'
  if (!chat.archived && (chat.has_unread || chat.plan_mode === 'plan')) return 'waiting'
  return hasOpenPullRequest(chat) ? 'review' : 'done'
}

function hasOpenPullRequest({ diff_status: diff }: ChatRow): boolean {
  return diff?.url !== undefined && diff.url !== '' && diff.pull_request_state === 'open'
}

/** Whether it wants nothing of the person and does nothing: it is done, or in review. */
export function isSettled(chat: ChatRow): boolean {
  return ['review', 'done'].includes(chatGroup(chat))
}

const marks: Record<ChatGroup, { readonly status: Status; readonly label: string }> = {
  waiting: { status: 'waiting', label: 'Waiting for you' },
  working: { status: 'starting', label: 'Working' },
  review: { status: 'running', label: 'In review' },
  stopped: { status: 'failed', label: 'Stopped by an error' },
  done: { status: 'stopped', label: 'Done' },
}

/** The shape of a chat's state, and the word for it. */
export function chatMark(chat: ChatRow): { readonly status: Status; readonly label: string } {
  if (chat.status === 'interrupting') return { status: 'stopping', label: 'Stopping' }
  if (!asksFirst(chat) && waitsForCapacity(chat)) return { status: 'pending', label: 'Waits for capacity' }
  return marks[chatGroup(chat)]
}

/** The title as it is shown: it may have been written by a model. */
export function chatTitle({ title }: Pick<ChatRow, 'title'>): string {
  return plainText(title.replaceAll(/\s+/g, ' ').trim(), 200) || 'Untitled'
}

/** The line below the title: why it stopped, what it does, what came of it, or which model it has. */
export function chatSubtitle(chat: ChatRow, models: readonly ChatModelChoice[] | undefined): string {
  const model = models?.find(({ configId }) => configId === chat.last_model_config_id)?.displayName
  if (chat.status === 'error') return chatErrorWords(chat.last_error)
  if (chat.status === 'interrupting') return 'Stopping'
  if (chat.status === 'requires_action') return 'Asks before it goes on'
  if (asksFirst(chat)) return 'A sub-agent asks before it goes on'
  if (waitsForCapacity(chat)) return 'Waits for capacity'
  if (isAtWork(chat)) return model === undefined ? 'Working' : `${plainText(model, 60)} is working`
  return outcomeWords(chat) ?? plainText(model ?? '', 60)
}

/** What came of a turn that is over; `undefined`: nothing that is known. */
function outcomeWords(chat: ChatRow): string | undefined {
  const outcome = pullRequestWords(chat)
  if (outcome !== undefined) return outcome
  const label = plainText((chat.last_turn_summary ?? '').replaceAll(/\s+/g, ' ').trim(), 200)
  if (label !== '') return label
  return chat.plan_mode === 'plan' ? 'Plan or question to look at' : undefined
}

/** Whether only somebody else may write there. */
export function isOfSomebodyElse(chat: ChatRow, userId: string | undefined): boolean {
  return userId !== undefined && chat.owner_id !== userId
}
