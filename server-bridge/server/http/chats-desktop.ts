import { agentRoutes } from '../../contract/agent-link.ts'
import { chatDesktopRoutes } from '../../contract/chats-desktop.ts'
import { type Experiment, virtualDesktopExperiment } from '../../contract/experiments.ts'
import type { Clock } from '../../lib/clock.ts'
import type { AgentLinks } from '../agents/agent-links.ts'
import { createActivityMeter } from '../services/activity-meter.ts'
import type { ChatDesktop } from '../services/chats/chat-desktop.ts'
import type { Chats } from '../services/chats/chats.ts'
import { bridgeStream } from '../ws/bridge-stream.ts'
import { closeForPolicy } from '../ws/close-for-policy.ts'
import { bound } from './bind-routes.ts'
import { experimentIsOff } from './experiment-is-off.ts'

export interface ChatDesktopHandlerDeps {
  readonly chats: Pick<Chats, 'findOwn'>
  readonly chatDesktop: ChatDesktop
  readonly links: Pick<AgentLinks, 'request'>
  readonly clock: Clock
  readonly experiments: readonly Experiment[]
  readonly recordActivity: (workspaceId: string) => void
}

/** The screens of chats' workspaces. Whoever only reads a chat may not see them: one can act there. */
export function chatDesktopHandlers(deps: ChatDesktopHandlerDeps) {
  const { chats, chatDesktop, links, clock, experiments, recordActivity } = deps
  return bound(chatDesktopRoutes, {
    async connect({ params, actor }) {
      const chat = chats.findOwn(params.chat, actor)
      if (!experiments.includes(virtualDesktopExperiment)) throw experimentIsOff(virtualDesktopExperiment)
      const agentId = await chatDesktop.start(chat)
      return (socket) => {
        const { method, path } = agentRoutes.desktop
        const onBytes = createActivityMeter(clock, () => {
          if (chat.workspace_id !== null) recordActivity(chat.workspace_id)
        })
        bridgeStream(socket, () => links.request(agentId, method, path), onBytes)
        socket.once(
          'close',
          chatDesktop.onEnd(chat, agentId, (reason) => closeForPolicy(socket, reason)),
        )
      }
    },
  })
}
