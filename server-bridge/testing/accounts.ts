import type { CoderClient } from '../client/coder-client.ts'
import { apiKeysRoutes } from '../contract/api-keys.ts'
import { userAccountsRoutes } from '../contract/user-accounts.ts'
import { type User, usersRoutes } from '../contract/users.ts'
import type { TestServer } from './test-server.ts'

export const strongPassword = 'correct horse Battery 9 staple'

export const whoAmI = (client: CoderClient): Promise<User> =>
  client.call(usersRoutes.get, { params: { user: 'me' } })

/** Makes an account by the API, signed in: not by its password, whose check is slow on purpose. */
export async function createUser(
  server: TestServer,
  admin: CoderClient,
  username: string,
  roles: readonly string[] = [],
): Promise<{ readonly user: User; readonly client: CoderClient }> {
  const email = `${username}@example.com`
  const { organization_ids } = await whoAmI(admin)
  const user = await admin.call(userAccountsRoutes.create, {
    body: { username, email, password: strongPassword, organization_ids, roles: [...roles] },
  })
  return { user, client: await server.clientOf(user.id) }
}

/** A token of the caller that is narrowed to some scopes, to some resources, or both. */
export async function narrowedClient(
  server: TestServer,
  client: CoderClient,
  limits: { readonly scopes?: string[]; readonly scope?: string; readonly allow_list?: string[] },
): Promise<CoderClient> {
  const { key } = await client.call(apiKeysRoutes.createToken, { params: { user: 'me' }, body: limits })
  return server.client(key)
}
