import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chatStatuses } from '../../../contract/chats.ts'
import { changeChat, type ChatAction, type ChatState } from './chat-state.ts'

const actions: readonly ChatAction[] = [
  { type: 'send', interrupts: false },
  { type: 'send', interrupts: true },
  ...(
    [
      'edit',
      'delete_queued',
      'promote',
      'interrupt',
      'submit_results',
      'archive',
      'unarchive',
      'interrupt_ended',
      'turn_ended',
      'turn_failed',
      'client_tools_called',
      'approval_wanted',
      'approvals_decided',
    ] as const
  ).map((type) => ({ type })),
]
const created: ChatState = { status: 'running', queued: 0, archived: false, awaitsOwner: false }
/** O: like A, but the owner has to allow calls. */
const state = (text: string): ChatState => ({
  status: (
    {
      W: 'waiting',
      R: 'running',
      I: 'interrupting',
      A: 'requires_action',
      O: 'requires_action',
      E: 'error',
    } as const
  )[text.replace('X', '')[0] as 'W'],
  awaitsOwner: text.startsWith('O'),
  queued: Number(text.at(-1)) || 0,
  archived: text.startsWith('X'),
})
const name = ({ status, queued, archived, awaitsOwner }: ChatState): string =>
  `${archived ? 'X' : ''}${{ waiting: 'W', running: 'R', interrupting: 'I', requires_action: awaitsOwner ? 'O' : 'A', error: 'E' }[status]}${queued}`

describe('a chat', () => {
  it.each([
    ['send', 'W0', 'R0', ['insert']],
    ['send', 'E0', 'R0', ['insert']],
    ['send', 'E1', 'R1', ['enqueue', 'promote_head']],
    ['send', 'R0', 'R1', ['enqueue']],
    ['send', 'I1', 'I2', ['enqueue']],
    ['send', 'A0', 'A1', ['enqueue']],
    ['send!', 'R0', 'I1', ['enqueue']],
    ['send!', 'A0', 'R1', ['enqueue', 'cancel_calls']],
    ['edit', 'R2', 'R0', ['clear_queue', 'insert']],
    ['edit', 'E1', 'R0', ['clear_queue', 'insert']],
    ['delete_queued', 'E1', 'E0', ['remove_chosen']],
    ['promote', 'E1', 'R0', ['promote_chosen']],
    ['promote', 'A2', 'R1', ['cancel_calls', 'promote_chosen']],
    ['promote', 'R1', 'I1', ['raise_chosen']],
    ['promote', 'I2', 'I2', ['raise_chosen']],
    ['interrupt', 'R1', 'I1', []],
    ['interrupt', 'A0', 'R0', ['cancel_calls']],
    ['interrupt_ended', 'I0', 'W0', []],
    ['interrupt_ended', 'I2', 'R1', ['promote_head']],
    ['turn_ended', 'R0', 'W0', []],
    ['turn_ended', 'R1', 'R0', ['promote_head']],
    ['turn_failed', 'R2', 'E2', []],
    ['client_tools_called', 'R0', 'A0', []],
    ['submit_results', 'A1', 'R1', []],
    ['approval_wanted', 'R1', 'O1', []],
    ['approvals_decided', 'O1', 'R1', []],
    ['interrupt', 'O1', 'I1', []],
    ['send', 'O0', 'O1', ['enqueue']],
    ['send!', 'O0', 'I1', ['enqueue']],
    ['promote', 'O2', 'R1', ['cancel_calls', 'promote_chosen']],
    ['edit', 'O2', 'R0', ['clear_queue', 'insert']],
    ['delete_queued', 'O1', 'O0', ['remove_chosen']],
    ['archive', 'W0', 'XW0', []],
    ['unarchive', 'XE1', 'E1', []],
  ] as const)('takes %s in %s to %s', (action, from, next, effects) => {
    const type = action.replace('!', '')
    const change = changeChat(state(from), { type, interrupts: action.endsWith('!') } as ChatAction)
    expect(change && [name(change.next), change.effects]).toEqual([next, effects])
  })

  it.each([
    ['interrupt', 'W0 E1 I0'],
    ['archive', 'R0 I0 A0 O0 XW0'],
    ['unarchive', 'W0 R0'],
    ['promote', 'W0 R0 E0'],
    ['delete_queued', 'W0 A0'],
    ['submit_results', 'R0 W0 O0'],
    ['approval_wanted', 'W0 I0 E0 A0 O0 XW0'],
    ['approvals_decided', 'W0 R0 I0 E0 A0'],
    ['turn_ended', 'I0 W0 E0 A0 O0'],
    ['turn_failed', 'I0 W0'],
    ['send', 'XW0 XE1'],
    ['edit', 'XW0'],
  ])('does not allow %s in %s', (type, states) => {
    for (const from of states.split(' '))
      expect(changeChat(state(from), { type, interrupts: false } as ChatAction)).toBeUndefined()
  })

  it('never idles with somebody waiting, and its effects account for every queued message', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...actions), { maxLength: 60 }), (taken) => {
        let now = created
        let queue = 0
        for (const action of taken) {
          const change = changeChat(now, action)
          if (!change) continue
          for (const effect of change.effects) {
            if (effect === 'enqueue') queue += 1
            if (effect === 'clear_queue') queue = 0
            if (['promote_head', 'promote_chosen', 'remove_chosen'].includes(effect)) queue -= 1
          }
          now = change.next
          expect(queue).toBe(now.queued)
          expect(chatStatuses).toContain(now.status)
          if (now.status === 'waiting') expect(now.queued).toBe(0)
          if (now.awaitsOwner) expect(now.status).toBe('requires_action')
          if (now.archived) expect(['waiting', 'error']).toContain(now.status)
        }
      }),
    )
  })

  it('leaves the wait for its owner only by what people do', () => {
    const byPeople = ['approvals_decided', 'interrupt', 'edit', 'promote', 'send']
    fc.assert(
      fc.property(fc.constantFrom(...actions), fc.nat(3), (action, queued) => {
        const before = { ...state('O0'), queued }
        const next = changeChat(before, action)?.next
        if (next === undefined || next.awaitsOwner) return
        expect(byPeople).toContain(action.type)
        // What was to be allowed runs after a decision alone: everything else closes the calls first.
        const { effects = [] } = changeChat(before, action) ?? {}
        const isClosed = next.status === 'interrupting' || effects.includes('cancel_calls')
        expect(isClosed || ['approvals_decided', 'edit'].includes(action.type)).toBe(true)
      }),
    )
  })

  it('always comes to rest when its worker does its part', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...actions), { maxLength: 40 }), (taken) => {
        let now = created
        for (const action of taken) now = changeChat(now, action)?.next ?? now
        if (now.status === 'requires_action') now = changeChat(now, { type: 'interrupt' })?.next ?? now
        for (let turn = 0; turn <= 41; turn += 1) {
          const type = now.status === 'interrupting' ? 'interrupt_ended' : 'turn_ended'
          now = changeChat(now, { type })?.next ?? now
        }
        expect(['waiting', 'error']).toContain(now.status)
      }),
    )
  })
})
