/** Chats, and what they stand on, given to each other. */
import { createAgentRulesHandlers } from './features/agent-rules/agent-rules-handlers.ts'
import { createAiModelsHandlers } from './features/ai-models/ai-models-handlers.ts'
import { createChatDebugHandlers } from './features/chat-debug/chat-debug-handlers.ts'
import { createChatGovernanceHandlers } from './features/chat-governance/chat-governance-handlers.ts'
import { createChatFeeds } from './features/chats/chat-feeds.ts'
import { createChatLists } from './features/chats/chat-lists.ts'
import { createChatSharingHandlers } from './features/chats/chat-sharing.ts'
import { createChatsHandlers } from './features/chats/chats-handlers.ts'
import { createOwnAgentsHandlers } from './features/own-agents/own-agents-handlers.ts'
import { startChatAlerts, type ChatAlertsDeps } from './features/chats/chat-alerts.ts'
import { createDesktopWindows } from './features/chats/desktop-windows.ts'
import { createShownChats } from './features/chats/shown-chats.ts'
import type { Deployments } from './features/deployments/deployments.ts'
import type { Settings } from '#ipc/settings'
import { followSession } from './features/workspaces/session-stream.ts'
import type { WorkspaceChanges } from './features/workspaces/workspace-changes.ts'
import type { LiveValue } from './lib/live-value.ts'
import type { AppPorts } from './ports/app-ports.ts'

/** Makes them; nothing is asked before `start`. */
export function createChatParts(
  { clock, desktop, logger, windows }: Pick<AppPorts, 'clock' | 'desktop' | 'logger' | 'windows'>,
  given: {
    readonly deployments: Deployments
    readonly settings: { readonly value: LiveValue<Settings> }
    readonly visible: LiveValue<boolean>
    readonly random: () => number
    readonly openChat: ChatAlertsDeps['openChat']
    readonly changes: Pick<WorkspaceChanges, 'build'>
  },
) {
  const own = { followSession, clock, random: given.random, logger: logger.child({ part: 'chats' }) }
  const { connection } = given.deployments
  const feeds = createChatFeeds(own)
  const shown = createShownChats()
  const lists = createChatLists({ feeds, shown, clock, visible: given.visible })
  const desktopWindows = createDesktopWindows({
    ...given,
    windows,
    startWorkspace: (target) => given.changes.build(target, 'start'),
  })
  return {
    openDesktop: desktopWindows.open,
    handlers: {
      desktopWindows: desktopWindows.handlers,
      agentRules: createAgentRulesHandlers(connection),
      aiModels: createAiModelsHandlers(connection),
      chatDebug: createChatDebugHandlers({ connection, desktop }),
      chatGovernance: createChatGovernanceHandlers(connection),
      chatSharing: createChatSharingHandlers(connection, feeds),
      chats: createChatsHandlers({ ...own, ...{ feeds, lists, shown, desktop, connection } }),
      ownAgents: createOwnAgentsHandlers(connection),
    },
    start() {
      const alerts = startChatAlerts({
        ...{ ...given, lists, shown, desktop },
        wanted: () => given.settings.value.get().agents,
      })
      const stopWindows = desktopWindows.start()
      return {
        busy: alerts.busy,
        close() {
          stopWindows()
          alerts.close()
        },
      }
    },
    close(): void {
      lists.close()
      feeds.close()
    },
  }
}
