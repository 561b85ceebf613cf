import { describe, expect, it } from 'vitest'
import { apiKeysRoutes } from '../../contract/api-keys.ts'
import { deploymentAdminRoutes } from '../../contract/deployment-admin.ts'
import type { LocalDeploymentOptions } from '../../server/local-deployment.ts'
import { startTestServer } from '../start-server.ts'

const NANOSECONDS = 1e9
const WEEK_NANOSECONDS = 7 * 24 * 3600 * NANOSECONDS
const CENTURY_NANOSECONDS = 876_600 * 3600 * NANOSECONDS

async function optionsOf(options: Partial<LocalDeploymentOptions>) {
  const server = await startTestServer(options)
  try {
    const owner = await server.ownerClient()
    const { config } = await owner.call(deploymentAdminRoutes.config, {})
    const token = await owner.call(apiKeysRoutes.tokenConfig, { params: { user: 'me' } })
    return { config, longestToken: token.max_token_lifetime, port: new URL(server.url).port }
  } finally {
    await server.close()
  }
}

describe('the options that a deployment tells', () => {
  it('are the ones it was started with', async () => {
    const { config, longestToken } = await optionsOf({
      maxTokenLifetimeSeconds: 3600,
      allowWorkspaceRenames: true,
      chats: { isSharingOn: false, isDebugLoggingForced: true },
    })
    expect(longestToken).toBe(3600 * NANOSECONDS)
    expect(config).toMatchObject({
      allow_workspace_renames: true,
      disable_chat_sharing: true,
      ai: { chat: { debug_logging_enabled: true } },
      rate_limit: { disable_all: true },
      session_lifetime: {
        default_duration: WEEK_NANOSECONDS,
        // A token that asks for nothing lives no longer than any may.
        default_token_lifetime: longestToken,
        max_token_lifetime: longestToken,
      },
    })
  })

  it('are Coder’s own where it was told nothing', async () => {
    const { config, longestToken, port } = await optionsOf({ disableRateLimits: false })
    expect(longestToken).toBe(CENTURY_NANOSECONDS)
    expect(config).toMatchObject({
      http_address: `127.0.0.1:${port}`,
      tls: { enable: false },
      allow_workspace_renames: false,
      disable_chat_sharing: false,
      ai: { chat: { debug_logging_enabled: false } },
      rate_limit: { disable_all: false, api: 512 },
      session_lifetime: {
        default_token_lifetime: WEEK_NANOSECONDS,
        max_token_lifetime: CENTURY_NANOSECONDS,
      },
    })
  })
})
