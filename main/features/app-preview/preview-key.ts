import type { AppPreviewTarget } from '#ipc/app-preview'

/** The same text for the same app of the same agent. */
export function previewKey({ deploymentId, workspaceId, agentId, slug }: AppPreviewTarget): string {
  return JSON.stringify([deploymentId, workspaceId, agentId, slug])
}
