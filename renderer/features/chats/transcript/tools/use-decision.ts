import { useEffect, useRef, useState } from 'react'
import type { ApprovalDecision, ApprovalScope } from '#bridge/contract/chats-approvals'
import { errorWords } from '../../../../api/error-words.ts'
import { useForgetCall, type RememberedCall } from '../row-memory.tsx'
import { useActions } from '../transcript-actions.ts'

/** A press, as far as it says whether it was meant for this card. */
export interface Press {
  /** Which click of a row of them it is; 0 from the keyboard. */
  readonly detail: number
  readonly timeStamp: number
}

/** So long a card is on the page before it takes a decision: nobody reads one faster. */
const settleMs = 500

/** The first of a double click may have taken another card away, and the second was meant for that one. */
export function isRepeated({ detail }: Pick<Press, 'detail'>): boolean {
  return detail > 1
}

export interface Decision {
  /** The scope, or what was decided, while it is on its way. */
  readonly sending: string | undefined
  readonly failure: string | undefined
  readonly isSettled: boolean
  readonly allow: (press: Press, scope: ApprovalScope) => void
  readonly deny: (press: Press, reason: string) => void
}

/** Decides about a call, once, and not by a press that was aimed at what was here before. */
export function useDecision(call: RememberedCall): Decision {
  const callId = call.id
  const { onDecide } = useActions()
  const forget = useForgetCall(call)
  const [sending, setSending] = useState<string>()
  const [failure, setFailure] = useState<string>()
  const settled = useSettled()
  const decide = (press: Press, made: ApprovalDecision): void => {
    if (!onDecide || sending !== undefined || isRepeated(press) || !settled.isAt(press.timeStamp)) return
    setSending(made.scope ?? made.decision)
    setFailure(undefined)
    // The card goes when the server says that the call is decided.
    onDecide([made]).then(forget, (error: unknown) => {
      setSending(undefined)
      setFailure(errorWords(error).message)
    })
  }
  return {
    sending,
    failure,
    isSettled: settled.is,
    allow: (press, scope) => decide(press, { tool_call_id: callId, decision: 'allow', scope }),
    deny: (press, reason) =>
      decide(press, {
        tool_call_id: callId,
        decision: 'deny',
        ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      }),
  }
}

/** Whether it is on the page for long enough: now, and at the time of an event that may have waited for its turn. */
function useSettled(): { readonly is: boolean; readonly isAt: (timeStamp: number) => boolean } {
  const shownAt = useRef(Number.POSITIVE_INFINITY)
  const [is, setIs] = useState(false)
  useEffect(() => {
    shownAt.current = performance.now()
    const timer = setTimeout(() => setIs(true), settleMs)
    return () => clearTimeout(timer)
  }, [])
  return { is, isAt: (timeStamp) => timeStamp - shownAt.current >= settleMs }
}
