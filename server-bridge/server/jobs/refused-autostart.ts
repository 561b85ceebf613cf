import { notificationIds } from '../services/notification-templates.ts'
import type { Notifications } from '../services/notifications.ts'
import type { LifecycleNotice } from './lifecycle.ts'

/** Tells an owner of a start that was refused. Of everything else that schedules do, the database keeps an event. */
export function tellRefusedAutostart(notifications: Notifications, notice: LifecycleNotice): void {
  const { userId, kind, workspace, detail } = notice
  if (kind !== 'workspace-autobuild-failed') return
  notifications.notify(userId, notificationIds.workspaceAutobuildFailed, {
    labels: { name: workspace.name, reason: 'autostart', error: detail },
    targets: [workspace.id],
  })
}
