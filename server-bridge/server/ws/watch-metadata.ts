import type { WorkspaceAgentMetadata } from '../../contract/workspace-agents.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Topic } from '../services/topics.ts'
import type { StartEvents } from './watch-streams.ts'

/** Between two events, however often values change. */
const MIN_GAP_MS = 1_000
/** The age of a value moves also while the value does not. */
const MAX_GAP_MS = 5_000

export interface MetadataWatch {
  readonly topic: Topic
  readonly agentId: string
  readonly read: () => WorkspaceAgentMetadata[]
  readonly clock: Clock
}

/** All values of an agent at once, then again on change and as they age (stable-api, section 12). */
export function watchMetadata({ topic, agentId, read, clock }: MetadataWatch): StartEvents {
  return (send) => {
    let cancel: () => void = () => undefined
    let sentAt = 0
    let canSend = true
    let isDirty = false

    const push = (): void => {
      cancel()
      isDirty = !canSend
      if (canSend) {
        sentAt = clock.now()
        canSend = send({ type: 'data', data: read() })
      }
      cancel = clock.after(MAX_GAP_MS, push)
    }
    let isPlanned = false
    const unsubscribe = topic.subscribe(agentId, () => {
      if (isPlanned) return
      isPlanned = true
      cancel()
      cancel = clock.after(Math.max(0, sentAt + MIN_GAP_MS - clock.now()), () => {
        isPlanned = false
        push()
      })
    })
    push()
    return {
      end() {
        cancel()
        unsubscribe()
      },
      resume() {
        canSend = true
        if (isDirty) push()
      },
    }
  }
}
