import type { CoderClient } from '#bridge/client/coder-client'
import { CoderApiError } from '#bridge/client/errors'
import { buildInfoRoutes } from '#bridge/contract/build-info'
import { chatsRoutes } from '#bridge/contract/chats'
import { chatSharingRoutes } from '#bridge/contract/chats-sharing'
import { hasFeature } from '#bridge/contract/features'
import { groupsRoutes, type Group } from '#bridge/contract/groups'
import { organizationMembersRoutes } from '#bridge/contract/organization-members'
import type { MinimalUser } from '#bridge/contract/users'
import type { Contract } from '#ipc/contract'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import { chatFailure } from './chat-failures.ts'
import type { ChatFeeds } from './chat-feeds.ts'

/** The procedures around who else reads a chat. */
export function createChatSharingHandlers(
  connection: (deploymentId: string) => DeploymentConnection,
  feeds: Pick<ChatFeeds, 'lookAgain'>,
): FeatureHandlers<Contract['chatSharing']> {
  return {
    async readers({ deploymentId, chatId }, { signal }) {
      const { users, groups } = await connection(deploymentId).call(
        (client) => client.call(chatSharingRoutes.acl, { params: { chat: chatId } }, { signal }),
        chatFailure({ 404: 'unsupported' }),
      )
      return {
        users: users.filter(({ role }) => role !== ''),
        groups: groups.filter(({ role }) => role !== '').map(toGroup),
      }
    },
    people: ({ deploymentId, chatId, text }, { signal }) =>
      connection(deploymentId).call((client) => findPeople(client, { chatId, text }, signal)),
    groups: ({ deploymentId, chatId }, { signal }) =>
      connection(deploymentId).call((client) => readGroups(client, chatId, signal)),
    async change({ deploymentId, chatId, kind, id, reads }) {
      const roles = { [id]: reads ? ('read' as const) : ('' as const) }
      const body = kind === 'user' ? { user_roles: roles } : { group_roles: roles }
      await connection(deploymentId).call(
        (client) => client.call(chatSharingRoutes.update, { params: { chat: chatId }, body }),
        chatFailure({ 400: 'refused', 404: 'unsupported' }),
      )
      feeds.lookAgain(deploymentId)
      return null
    },
  }
}

const toGroup = ({ id, name, display_name: shown, total_member_count: members }: Group) => ({
  ...{ id, members },
  name: shown || name,
})

/** A server without the licence for groups answers 403 (stable-api 5), one without the route 404. */
async function readGroups(client: Pick<CoderClient, 'call'>, chatId: string, signal: AbortSignal) {
  const { organization_id: organization } = await client.call(
    chatsRoutes.get,
    { params: { chat: chatId } },
    { signal },
  )
  try {
    const groups = await client.call(groupsRoutes.list, { params: { organization } }, { signal })
    return groups.map(toGroup)
  } catch (error) {
    if (error instanceof CoderApiError && (error.status === 403 || error.status === 404)) return null
    throw error
  }
}

/** As many as one looks through. */
const PAGE = 50

/** By the chat itself where the deployment can, else among the members of the organization, whom not everybody may list. */
async function findPeople(
  client: Pick<CoderClient, 'call'>,
  { chatId, text }: { readonly chatId: string; readonly text: string },
  signal: AbortSignal,
): Promise<MinimalUser[] | null> {
  const buildInfo = await client.call(buildInfoRoutes.get, {}, { signal })
  try {
    if (hasFeature(buildInfo, 'chat-sharing-people'))
      return await client.call(
        chatSharingRoutes.people,
        { params: { chat: chatId }, query: { q: text } },
        { signal },
      )
    const { organization_id: organization } = await client.call(
      chatsRoutes.get,
      { params: { chat: chatId } },
      { signal },
    )
    // Bare words are what the search looks for; a colon would make a key of one.
    const words = text.replaceAll(/[":]/g, ' ').trim()
    const { members } = await client.call(
      organizationMembersRoutes.page,
      { params: { organization }, query: { limit: PAGE, ...(words === '' ? {} : { q: words }) } },
      { signal },
    )
    return members.map(({ user_id: id, username, name }) => ({ id, username, name }))
  } catch (error) {
    if (error instanceof CoderApiError && (error.status === 403 || error.status === 404)) return null
    throw error
  }
}
