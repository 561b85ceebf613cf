import { userSettingsRoutes } from '../../contract/user-settings.ts'
import type { Accounts } from '../services/accounts.ts'
import type { UserSettings } from '../services/user-settings.ts'
import { bound } from './bind-routes.ts'
import { userEntry } from './user-accounts.ts'

export interface UserSettingsHandlerDeps {
  readonly accounts: Accounts
  readonly userSettings: UserSettings
}

/** How people want the interface. */
export function userSettingsHandlers({ accounts, userSettings }: UserSettingsHandlerDeps) {
  return bound(userSettingsRoutes, {
    appearance: ({ params, actor }) => userSettings.appearance(accounts.find(params.user, actor).id),
    updateAppearance({ params, body, actor, audit }) {
      const user = accounts.find(params.user, actor)
      audit(userEntry(user, 'write'))
      return userSettings.setAppearance(user.id, body)
    },
    preferences: ({ params, actor }) => userSettings.preferences(accounts.find(params.user, actor).id),
    updatePreferences({ params, body, actor, audit }) {
      const user = accounts.find(params.user, actor)
      audit(userEntry(user, 'write'))
      return userSettings.changePreferences(user.id, body)
    },
  })
}
