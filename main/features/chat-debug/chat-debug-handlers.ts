import { chatDebugConfigRoutes, chatDebugRoutes, type ChatDebugRun } from '#bridge/contract/chats-debug'
import type { Contract } from '#ipc/contract'
import { nullWhereMissing } from '../../lib/null-where-missing.ts'
import { refusedAs } from '../../lib/refused-as.ts'
import { saveChosenFile } from '../../lib/save-chosen-file.ts'
import type { Desktop } from '../../ports/desktop.ts'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'

export interface ChatDebugHandlersDeps {
  readonly connection: (deploymentId: string) => DeploymentConnection
  readonly desktop: Pick<Desktop, 'chooseSavePath'>
}

interface RunTarget {
  readonly deploymentId: string
  readonly chatId: string
  readonly runId: string
}

/** The procedures around debug runs of chats. */
export function createChatDebugHandlers({
  connection,
  desktop,
}: ChatDebugHandlersDeps): FeatureHandlers<Contract['chatDebug']> {
  const readRun = ({ deploymentId, chatId, runId }: RunTarget, signal: AbortSignal): Promise<ChatDebugRun> =>
    connection(deploymentId).call((client) =>
      client.call(chatDebugRoutes.run, { params: { chat: chatId, run: runId } }, { signal }),
    )
  return {
    logging: ({ deploymentId }, { signal }) =>
      nullWhereMissing(
        connection(deploymentId).call((client) =>
          client.call(chatDebugConfigRoutes.ownLogging, {}, { signal }),
        ),
      ),
    async setLogging({ deploymentId, enabled }) {
      await connection(deploymentId).call(
        (client) =>
          client.call(chatDebugConfigRoutes.updateOwnLogging, { body: { debug_logging_enabled: enabled } }),
        refusedAs({ 403: 'not_allowed', 404: 'unsupported', 409: 'forced' }),
      )
      return null
    },
    rules: ({ deploymentId }, { signal }) =>
      nullWhereMissing(
        connection(deploymentId).call(async (client) => {
          const logging = await client.call(chatDebugConfigRoutes.logging, {}, { signal })
          const retention = await client.call(chatDebugConfigRoutes.retentionDays, {}, { signal })
          return {
            allowUsers: logging.allow_users,
            isForced: logging.forced_by_deployment,
            retentionDays: retention.debug_retention_days,
          }
        }),
      ),
    async setRules({ deploymentId, allowUsers, retentionDays }) {
      await connection(deploymentId).call(
        async (client) => {
          if (allowUsers !== undefined)
            await client.call(chatDebugConfigRoutes.updateLogging, { body: { allow_users: allowUsers } })
          if (retentionDays !== undefined)
            await client.call(chatDebugConfigRoutes.updateRetentionDays, {
              body: { debug_retention_days: retentionDays },
            })
        },
        refusedAs({ 404: 'unsupported' }),
      )
      return null
    },
    runs: ({ deploymentId, chatId }, { signal }) =>
      connection(deploymentId).call((client) =>
        client.call(chatDebugRoutes.runs, { params: { chat: chatId } }, { signal }),
      ),
    run: (target, { signal }) => readRun(target, signal),
    async exportRun(target, { signal }) {
      const run = await readRun(target, signal)
      const started = run.started_at.slice(0, 19).replaceAll(/[^\d]/g, '-')
      const file = {
        what: 'The run',
        suggestedName: `debug-run-${started}.json`,
        content: `${JSON.stringify(run, undefined, 2)}\n`,
      }
      return { saved: await saveChosenFile(desktop, file) }
    },
  }
}
