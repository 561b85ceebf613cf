import type { ChatStatus } from '../../../contract/chats.ts'

/**
 * What decides which actions a chat allows: its status, how many messages wait, and whether it lies in the archive
 * (agents-api 5). Queue and status go together: an idle chat has nobody waiting, only busy and failed ones do.
 */
export interface ChatState {
  readonly status: ChatStatus
  readonly queued: number
  readonly archived: boolean
  /** Of `requires_action`: for its owner to allow calls, not for its client to run them. */
  readonly awaitsOwner: boolean
}

/** What people do, and what the worker tells of itself. */
export type ChatAction =
  | { readonly type: 'send'; readonly interrupts: boolean }
  | { readonly type: 'edit' }
  | { readonly type: 'delete_queued' }
  | { readonly type: 'promote' }
  | { readonly type: 'interrupt' }
  | { readonly type: 'submit_results' }
  | { readonly type: 'compact' }
  | { readonly type: 'archive' }
  | { readonly type: 'unarchive' }
  | { readonly type: 'interrupt_ended' }
  | { readonly type: 'turn_ended' }
  | { readonly type: 'turn_failed' }
  | { readonly type: 'client_tools_called' }
  | { readonly type: 'approval_wanted' }
  | { readonly type: 'approvals_decided' }

/**
 * What goes with a change, in this order:
 * - `insert`: the message of the action becomes history; `enqueue`: it goes to the end of the queue.
 * - `promote_chosen`, `raise_chosen`: the queued message of the action becomes history, or the head of the queue.
 * - `remove_chosen`, `clear_queue`: taken from the queue, or all of it.
 * - `promote_head`: what has waited longest becomes history.
 * - `cancel_calls`: calls that wait for the client are answered as cancelled, before anything becomes history.
 */
export type ChatEffect =
  | 'insert'
  | 'enqueue'
  | 'promote_chosen'
  | 'raise_chosen'
  | 'remove_chosen'
  | 'clear_queue'
  | 'promote_head'
  | 'cancel_calls'

export interface ChatChange {
  readonly next: ChatState
  readonly effects: readonly ChatEffect[]
}

/** The change an action makes, `undefined` where the state does not allow it (409 on the wire). */
export function changeChat(state: ChatState, action: ChatAction): ChatChange | undefined {
  if (action.type === 'unarchive') return state.archived ? to({ ...state, archived: false }) : undefined
  if (state.archived) return undefined
  switch (action.type) {
    case 'send':
      return send(state, action.interrupts)
    case 'edit':
      return to({ ...state, status: 'running', queued: 0 }, 'clear_queue', 'insert')
    case 'delete_queued':
      return state.queued === 0 ? undefined : to({ ...state, queued: state.queued - 1 }, 'remove_chosen')
    case 'promote':
      return promote(state)
    case 'compact':
      return isIdle(state) && state.queued === 0 ? to({ ...state, status: 'running' }) : undefined
    case 'archive':
      return isIdle(state) ? to({ ...state, archived: true }) : undefined
    case 'interrupt':
      return interrupt(state)
    case 'submit_results':
      return state.status === 'requires_action' && !state.awaitsOwner
        ? to({ ...state, status: 'running' })
        : undefined
    case 'approvals_decided':
      return state.awaitsOwner ? to({ ...state, status: 'running' }) : undefined
    case 'interrupt_ended':
      return state.status === 'interrupting' ? settle(state) : undefined
    default:
      return state.status === 'running' ? leaveRunning(state, action.type) : undefined
  }
}

const to = (next: ChatState, ...effects: ChatEffect[]): ChatChange => ({
  next: { ...next, awaitsOwner: next.awaitsOwner && next.status === 'requires_action' },
  effects,
})

const isIdle = ({ status }: ChatState): boolean => status === 'waiting' || status === 'error'

function send(state: ChatState, interrupts: boolean): ChatChange {
  if (isIdle(state)) {
    if (state.queued === 0) return to({ ...state, status: 'running' }, 'insert')
    // What waited since the failure comes first.
    return to({ ...state, status: 'running' }, 'enqueue', 'promote_head')
  }
  const queued = state.queued + 1
  if (!interrupts || state.status === 'interrupting') return to({ ...state, queued }, 'enqueue')
  // Whoever was to allow calls has stopped the turn instead: nobody tells the model before the message does.
  if (state.status === 'running' || state.awaitsOwner)
    return to({ ...state, status: 'interrupting', queued }, 'enqueue')
  return to({ ...state, status: 'running', queued }, 'enqueue', 'cancel_calls')
}

function promote(state: ChatState): ChatChange | undefined {
  if (state.queued === 0) return undefined
  const now = { ...state, status: 'running', queued: state.queued - 1 } as const
  if (state.status === 'error') return to(now, 'promote_chosen')
  if (state.status === 'requires_action') return to(now, 'cancel_calls', 'promote_chosen')
  return to({ ...state, status: 'interrupting' }, 'raise_chosen')
}

function interrupt(state: ChatState): ChatChange | undefined {
  if (state.status === 'running' || state.awaitsOwner) return to({ ...state, status: 'interrupting' })
  return state.status === 'requires_action' ? to({ ...state, status: 'running' }, 'cancel_calls') : undefined
}

type WorkerAction = 'turn_ended' | 'turn_failed' | 'client_tools_called' | 'approval_wanted'

function leaveRunning(state: ChatState, type: WorkerAction): ChatChange {
  if (type === 'turn_ended') return settle(state)
  if (type === 'turn_failed') return to({ ...state, status: 'error' })
  return to({ ...state, status: 'requires_action', awaitsOwner: type === 'approval_wanted' })
}

/** The end of a turn: whoever waits is next. */
function settle(state: ChatState): ChatChange {
  if (state.queued === 0) return to({ ...state, status: 'waiting' })
  return to({ ...state, status: 'running', queued: state.queued - 1 }, 'promote_head')
}
