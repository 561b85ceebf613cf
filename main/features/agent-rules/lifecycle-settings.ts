import type { CoderClient } from '#bridge/client/coder-client'
import { chatConfigRoutes } from '#bridge/contract/chats-config'
import type { LifecycleName } from '#ipc/agent-rules'

interface LifecycleSetting {
  readonly read: (client: CoderClient, signal?: AbortSignal) => Promise<number>
  readonly write: (client: CoderClient, value: number) => Promise<unknown>
}

const given = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal })

/** Each has a route of its own, with a field of its own. */
export const lifecycleSettings: Readonly<Record<LifecycleName, LifecycleSetting>> = {
  workspaceTtlMs: {
    read: async (client, signal) =>
      (await client.call(chatConfigRoutes.workspaceTtl, {}, given(signal))).workspace_ttl_ms,
    write: (client, value) =>
      client.call(chatConfigRoutes.updateWorkspaceTtl, { body: { workspace_ttl_ms: value } }),
  },
  retentionDays: {
    read: async (client, signal) =>
      (await client.call(chatConfigRoutes.retentionDays, {}, given(signal))).retention_days,
    write: (client, value) =>
      client.call(chatConfigRoutes.updateRetentionDays, { body: { retention_days: value } }),
  },
  autoArchiveDays: {
    read: async (client, signal) =>
      (await client.call(chatConfigRoutes.autoArchiveDays, {}, given(signal))).auto_archive_days,
    write: (client, value) =>
      client.call(chatConfigRoutes.updateAutoArchiveDays, { body: { auto_archive_days: value } }),
  },
}
