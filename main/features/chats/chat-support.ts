/** What a deployment can do about chats, found out by asking (agents-api 1, "feature probe"). */
import type { CoderClient } from '#bridge/client/coder-client'
import { CoderApiError } from '#bridge/client/errors'
import { buildInfoRoutes } from '#bridge/contract/build-info'
import { olderChatDesktopRoutes } from '#bridge/contract/chats-desktop'
import { chatModelsRoutes } from '#bridge/contract/chats-models'
import { chatsRoutes } from '#bridge/contract/chats'
import { deploymentRoutes } from '#bridge/contract/deployment'
import { virtualDesktopExperiment } from '#bridge/contract/experiments'
import { hasFeature } from '#bridge/contract/features'

export interface ChatSupport {
  readonly chats: 'ready' | 'none' | 'forbidden' | 'gateway_off'
  readonly approvals: boolean
  readonly desktop: boolean
}

type Client = Pick<CoderClient, 'call'>

/** Asks. @throws what `CoderClient.call` throws for anything but a plain no. */
export async function readChatSupport(client: Client, signal: AbortSignal): Promise<ChatSupport> {
  const buildInfo = await client.call(buildInfoRoutes.get, {}, { signal })
  const rest = { approvals: hasFeature(buildInfo, 'chat-approvals'), desktop: false }
  try {
    await client.call(chatsRoutes.list, { query: { limit: 1 } }, { signal })
    await client.call(chatModelsRoutes.usable, {}, { signal })
    return { chats: 'ready', ...rest, desktop: await hasDesktop(client, signal) }
  } catch (error) {
    if (!(error instanceof CoderApiError)) throw error
    if (error.status === 404 || error.status === 410) return { chats: 'none', ...rest }
    if (error.status === 403) return { chats: 'forbidden', ...rest }
    if (error.status === 503) return { chats: 'gateway_off', ...rest }
    throw error
  }
}

/** Whether workspaces of chats show a desktop, or may: of a switch that is told to administrators alone the desktop tells. */
async function hasDesktop(client: Client, signal: AbortSignal): Promise<boolean> {
  const experiments = await unlessMissing(client.call(deploymentRoutes.experiments, {}, { signal }))
  if (experiments?.includes(virtualDesktopExperiment) === true) return true
  const older = await unlessMissing(client.call(olderChatDesktopRoutes.desktopEnabled, {}, { signal }))
  return older === undefined ? isOlder(client, signal) : Object.values(older).includes(true)
}

/** Whether the deployment is from before the experiment: a switch that is hidden looks like one that is not there. */
async function isOlder(client: Client, signal: AbortSignal): Promise<boolean> {
  try {
    await client.call(olderChatDesktopRoutes.pullRequestInsights, {}, { signal })
    return true
  } catch (error) {
    if (!(error instanceof CoderApiError) || error.status >= 500) throw error
    // Newer ones may take the address for that of a chat whose id has the wrong shape, which is 400.
    return error.status === 403
  }
}

/** What is not there, or not for this user, is simply not had. */
async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (error instanceof CoderApiError && (error.status === 404 || error.status === 403)) return undefined
    throw error
  }
}
